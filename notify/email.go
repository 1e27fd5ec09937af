package notify

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"veille"
)

// EmailOptions are the options of a receiver by mail.
type EmailOptions struct {
	Host        string        `yaml:"host" required:"true" doc:"The mail server that takes the messages."`
	Port        int           `yaml:"port" doc:"Its port. Default: 587, with security tls 465, with none 25."`
	Security    string        `yaml:"security" default:"starttls" enum:"starttls,tls,none" doc:"starttls must succeed before anything is sent; tls from the first byte; none only for a private host."`
	Username    string        `yaml:"username" doc:"The account, where the server asks for one."`
	Password    veille.Secret `yaml:"password" doc:"Its password."`
	From        string        `yaml:"from" required:"true" doc:"The sender's address, such as Veille <veille@example.org>."`
	To          []string      `yaml:"to" required:"true" unique:"true" doc:"The recipients' addresses, at most 50. Who is refused is named in a warning, and keeps the alert from nobody."`
	Unsubscribe string        `yaml:"unsubscribe" doc:"Where a recipient leaves: an https: or mailto: address. Default: a mail to the sender."`
	Voice
}

// maxRecipients bounds the recipients of one message.
const maxRecipients = 50

// Problems implements veille.ReceiverOptions.
func (o *EmailOptions) Problems() []veille.Problem {
	out := o.problems(mailText(), nil)
	wrong := func(path, what, help string) {
		out = append(out, veille.Problem{Path: path, What: what, Help: help})
	}
	if ip, err := netip.ParseAddr(o.Host); o.Host == "" || strings.ContainsFunc(o.Host, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/@", r) }) {
		wrong("host", "is not the name of a server", "write it as smtp.example.org")
	} else if err == nil && forbidden(ip) {
		wrong("host", "leads to a link-local or metadata address", "give the mail server's own address")
	}
	if o.Port < 0 || o.Port > 65535 {
		wrong("port", "is out of range", "write 1 to 65535")
	}
	switch o.Security {
	case "", "starttls", "tls":
	case "none":
		if !private(o.Host) {
			wrong("security", "would send alerts in clear text over a public network", "write starttls or tls; none is for private hosts")
		}
	default:
		wrong("security", "is neither starttls, tls nor none", "write starttls")
	}
	if (o.Username == "") != o.Password.IsZero() {
		wrong("password", "and username belong together", "give both or neither")
	}
	if _, ok := mailbox(o.From); !ok {
		wrong("from", "is not a mail address", "write it as veille@example.org or Veille <veille@example.org>")
	}
	if len(o.To) == 0 || len(o.To) > maxRecipients {
		wrong("to", "has no recipients, or too many", "list 1 to "+strconv.Itoa(maxRecipients)+" addresses")
	}
	for i, to := range o.To {
		if _, ok := mailbox(to); !ok {
			wrong("to["+strconv.Itoa(i)+"]", "is not a mail address", "write it as desk@example.org")
		}
	}
	if u, err := url.Parse(o.Unsubscribe); o.Unsubscribe != "" && (err != nil || u.Scheme != "https" && u.Scheme != "mailto" || strings.ContainsAny(o.Unsubscribe, "<> \r\n")) {
		wrong("unsubscribe", "is neither https: nor mailto:", "write an address that can be opened")
	}
	return out
}

// mailbox reads an address, which holds nothing that could end a header.
func mailbox(s string) (*mail.Address, bool) {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return nil, false
	}
	a, err := mail.ParseAddress(s)
	return a, err == nil && strings.Contains(a.Address, "@")
}

func emailKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "email",
			Summary: "Mails each alert as text and HTML; a story is one thread.",
			Options: func() veille.ReceiverOptions { return &EmailOptions{Security: "starttls"} },
			Flood:   peopleFlood,
		},
		Build: built(func(name string, options *EmailOptions, env Env) Notifier {
			host := net.JoinHostPort(options.Host, strconv.Itoa(options.port()))
			t := (&target{url: &url.URL{Scheme: "smtp", Host: host}}).conceal(options.Password, options.plainLogin())
			return &email{
				name: name, target: t, config: options, print: fingerprint(options),
				text: options.in(mailText(), env), html: Voice{Language: options.Language}.in(mailHTML(), env),
				tls: &tls.Config{ServerName: options.Host, MinVersion: tls.VersionTLS12, RootCAs: env.Roots},
			}
		}),
	}
}

// plainLogin is account and password as AUTH PLAIN sends them (RFC 4616); empty
// without any.
func (o *EmailOptions) plainLogin() veille.Secret {
	if o.Password.IsZero() {
		return veille.Secret{}
	}
	return veille.NewSecret(base64.StdEncoding.EncodeToString([]byte("\x00" + o.Username + "\x00" + o.Password.Reveal())))
}

func (o *EmailOptions) port() int {
	usual := 587
	switch o.Security {
	case "tls":
		usual = 465
	case "none":
		usual = 25
	}
	return cmp.Or(o.Port, usual)
}

// email mails events, one connection an event.
type email struct {
	name   string
	target *target
	// config stands behind a pointer, where no printing reaches it.
	config     *EmailOptions
	text, html voice
	print      [32]byte
	tls        *tls.Config
}

func (m *email) options() [32]byte { return m.print }
func (m *email) pace() pace        { return pace{steps: webhookSteps} }

// dial connects under the guard of every receiver, and with implicit TLS
// finishes the handshake.
func (m *email) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := guardedDialer().DialContext(ctx, network, address)
	if err != nil || m.config.Security != "tls" {
		return conn, err
	}
	secure := tls.Client(conn, m.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}
