package notify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"testing"

	"veille"
)

func mailOptions(address string) *EmailOptions {
	host, port := "127.0.0.1", 1 // nobody listens there
	if h, p, err := net.SplitHostPort(address); err == nil {
		host = h
		port, _ = strconv.Atoi(p)
	}
	return &EmailOptions{
		Host: host, Port: port, Security: "none", From: "Veille <veille@example.org>", To: []string{"desk@example.org", "Éditeur <e@example.org>"},
	}
}

func emailSample() sample {
	with := func(f func(*EmailOptions)) veille.ReceiverOptions {
		o := mailOptions("")
		f(o)
		return o
	}
	return sample{
		kind: "email",
		options: func(address string) veille.ReceiverOptions {
			o := mailOptions(address)
			if strings.HasPrefix(address, "http") {
				o.Username, o.Password = "veille", veille.NewSecret(canary)
			}
			return o
		},
		bad: []veille.ReceiverOptions{
			with(func(o *EmailOptions) { o.Host = "" }), with(func(o *EmailOptions) { o.Host = "169.254.169.254" }),
			with(func(o *EmailOptions) { o.Host = "smtp.example.org" }), // security none over a public network
			with(func(o *EmailOptions) { o.Security = "ssl" }), with(func(o *EmailOptions) { o.Port = 99999 }),
			with(func(o *EmailOptions) { o.From = "a\r\nBcc: x@y" }), with(func(o *EmailOptions) { o.From = "nobody" }),
			with(func(o *EmailOptions) { o.To = nil }), with(func(o *EmailOptions) { o.To = []string{"a@b.example", "c\n@d"} }),
			with(func(o *EmailOptions) { o.Password = veille.NewSecret(canary) }),
			with(func(o *EmailOptions) { o.Unsubscribe = "https://x/>\r\nBcc: a@b" }),
			with(func(o *EmailOptions) { o.Unsubscribe = "http://x/" }),
			with(func(o *EmailOptions) { o.Template = "{{.X}}" }),
		},
		open: func(t *testing.T) (string, func() []byte) {
			s := serveSMTP(t, &smtpServer{})
			return s.address, s.taken
		},
		check: checkMail,
	}
}

// checkMail reads a mail as a mail program does.
func checkMail(t *testing.T, e veille.Event, payload []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range m.Header {
		switch name {
		case "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "Date", "From", "In-Reply-To", "List-Id", "List-Unsubscribe",
			"Message-Id", "Mime-Version", "References", "Subject", "To":
		default:
			t.Errorf("header %s: %q", name, values)
		}
		if len(values) != 1 {
			t.Errorf("header %s is there %d times", name, len(values))
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject == "" || length(subject) > 220 {
		t.Errorf("subject %q: %v", subject, err)
	}
	checkPlain(t, subject)
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 2 {
		t.Errorf("recipients %v, %v", to, err)
	}
	if id := m.Header.Get("Message-Id"); !strings.HasPrefix(id, "<"+e.ID+".") || !strings.HasSuffix(id, "@example.org>") {
		t.Errorf("Message-ID %q of %s", id, e.ID)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind == "text/plain" {
		text, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
		checkInert(t, withoutURLs(e, strings.ReplaceAll(string(text), "\r\n", "\n")))
		return
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for i := range 2 {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		seen := strings.ReplaceAll(string(text), "\r\n", "\n")
		if i == 0 {
			seen = withoutURLs(e, seen)
		} else {
			seen = readHTML(t, seen, "html", "body", "a", "strong", "mark", "ins", "del", "em")
		}
		if len(text) > 64_000 {
			t.Errorf("part %d has %d bytes", i, len(text))
		}
		checkInert(t, seen)
	}
}

func mailer(t *testing.T, s *smtpServer, env Env, change func(*EmailOptions)) Notifier {
	t.Helper()
	serveSMTP(t, s)
	o := mailOptions(s.address)
	if change != nil {
		change(o)
	}
	n, err := emailKind().Build("desk", o, env)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEmail_SendsNothingBeforeTLS(t *testing.T) {
	config, roots := certificate(t)
	event := veille.Delivery{Event: Example(veille.ArticlePublished)}
	secure := func(security string) func(*EmailOptions) {
		return func(o *EmailOptions) {
			o.Security, o.Username, o.Password = security, "veille", veille.NewSecret(canary)
		}
	}
	login := "\x00veille\x00" + canary
	for _, tc := range []struct {
		name     string
		server   *smtpServer
		env      Env
		security string
		want     veille.Verdict
	}{
		{"starttls", &smtpServer{tls: config, login: login}, Env{Roots: roots}, "starttls", ""},
		{"implicit TLS", &smtpServer{tls: config, implicit: true, login: login}, Env{Roots: roots}, "tls", ""},
		{"no STARTTLS", &smtpServer{login: login}, Env{Roots: roots}, "starttls", veille.VerdictPause},
		{"STARTTLS refused", &smtpServer{tls: config, login: login, says: map[string]string{"STARTTLS": "454 4.7.0 not now"}}, Env{Roots: roots}, "starttls", veille.VerdictPause},
		{"an unknown authority", &smtpServer{tls: config, login: login}, Env{}, "starttls", veille.VerdictPause},
		{"a wrong password", &smtpServer{tls: config, login: "other"}, Env{Roots: roots}, "starttls", veille.VerdictDisable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := mailer(t, tc.server, tc.env, secure(tc.security))
			_, err := n.Notify(t.Context(), event)
			checkVerdict(t, err, tc.want, 0, 0)
			if sent := len(tc.server.taken()) > 0; sent != (tc.want == "") {
				t.Errorf("sent: %t", sent)
			}
			if err != nil {
				noCanary(t, err.Error())
			}
			if tc.name == "starttls" || tc.name == "implicit TLS" {
				return
			}
			for _, c := range tc.server.commands {
				if strings.HasPrefix(c, "MAIL") || strings.HasPrefix(c, "AUTH") && tc.name != "a wrong password" {
					t.Errorf("command %q", c)
				}
			}
		})
	}
}

func TestEmail_ReadsAnswers(t *testing.T) {
	for _, tc := range []struct {
		command, answer string
		want            veille.Verdict
	}{
		{"EHLO", "421 4.3.2 shutting down", veille.VerdictPause},
		{"EHLO", "554 5.7.1 not you", veille.VerdictPause},
		{"MAIL", "451 4.3.0 try again", veille.VerdictPause},
		{"MAIL", "550 5.7.1 sender rejected", veille.VerdictDisable},
		{"RCPT", "450 4.2.0 greylisted", veille.VerdictPause},
		{"RCPT", "452 4.2.2 mailbox full", veille.VerdictPause},
		{"RCPT", "552 5.2.2 mailbox full", veille.VerdictPause},
		{"RCPT", "550 5.1.1 no such user", veille.VerdictDisable},
		{"DATA", "451 4.3.0 not now", veille.VerdictPause},
		{"DATA END", "452 4.3.1 no space", veille.VerdictPause},
		{"DATA END", "552 5.3.4 too large", veille.VerdictPoison},
		{"DATA END", "554 5.7.1 looks like spam", veille.VerdictPoison},
		{"DATA END", "close", veille.VerdictPause},
		{"RSET", "421 4.4.2 bye", ""},
		{"RSET", "close", ""},
		{"QUIT", "close", ""},
	} {
		t.Run(tc.command+" "+tc.answer, func(t *testing.T) {
			s := &smtpServer{says: map[string]string{tc.command: tc.answer}}
			_, err := mailer(t, s, Env{}, nil).Notify(t.Context(), veille.Delivery{Event: Example(veille.ArticlePublished)})
			checkVerdict(t, err, tc.want, 0, 0)
			if v, ok := errors.AsType[*veille.DeliveryError](err); ok && len(v.Err.Error()) > 512 {
				t.Errorf("%d bytes of error", len(v.Err.Error()))
			}
		})
	}
}

func TestEmail_ThreadsByStory(t *testing.T) {
	s := &smtpServer{}
	n := mailer(t, s, Env{}, func(o *EmailOptions) { o.Unsubscribe = "https://example.org/leave?id=1" })
	header := func(e veille.Event, thread veille.Receipt) mail.Header {
		t.Helper()
		notify(t, n, e, thread)
		m, err := mail.ReadMessage(bytes.NewReader(s.taken()))
		if err != nil {
			t.Fatal(err)
		}
		return m.Header
	}
	published := Example(veille.ArticlePublished)
	first := header(published, nil)
	root := first.Get("References")
	if !strings.HasPrefix(root, "<"+published.Story.ID+".") || first.Get("In-Reply-To") != root {
		t.Errorf("the first mail refers to %q", root)
	}
	id := strings.Trim(first.Get("Message-Id"), "<>")
	edit := header(Example(veille.ArticleEdited), veille.Receipt{"message_id": id})
	if got := strings.Join(strings.Fields(edit.Get("References")), " "); got != root+" <"+id+">" || edit.Get("In-Reply-To") != "<"+id+">" {
		t.Errorf("the edit refers to %q, answers %q", got, edit.Get("In-Reply-To"))
	}
	if again := header(published, nil).Get("Message-Id"); again != "<"+id+">" {
		t.Errorf("the same event has the Message-IDs %s and %s", id, again)
	}
	if first.Get("List-Unsubscribe") != "<https://example.org/leave?id=1>" || first.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("unsubscribe: %q", first)
	}
	if first.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("auto-submitted: %q", first.Get("Auto-Submitted"))
	}
}

// F86 of the bad inputs.
func TestEmail_HostileHeadersAreInert(t *testing.T) {
	s := &smtpServer{}
	n := mailer(t, s, Env{}, nil)
	e := Example(veille.ArticlePublished)
	e.Article.Title = "title\r\nBcc: x@y\r\n\r\nbody \u202eevil"
	e.ID = "evt_1>\r\nBcc: x@y"
	notify(t, n, e, veille.Receipt{"message_id": "a@b>\r\nBcc: x@y"})
	head, _, _ := strings.Cut(string(s.taken()), "\r\n\r\n")
	for row := range strings.SplitSeq(head, "\r\n") {
		if strings.HasPrefix(strings.ToLower(row), "bcc:") {
			t.Errorf("injected %q in\n%s", row, head)
		}
	}
	if got := fmt.Sprint(s.commands); strings.Contains(got, "x@y") {
		t.Errorf("commands %s", got)
	}
}
