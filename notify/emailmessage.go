package notify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/wneessen/go-mail"

	"veille"
)

// How long the parts of a mail may be, in bytes, and its subject, in characters.
const (
	mailTextRoom = 20_000
	mailHTMLRoom = 60_000
	mailSubject  = 200
)

func mailText() dialect { return plainDialect(byteLen) }

func mailHTML() dialect {
	return htmlDialect(byteLen, "<br>\n", map[style]string{strong: "strong", hit: "mark", come: "ins", gone: "del", moved: "em"})
}

// message writes the mail of a delivery. The same delivery gives the same mail,
// so that a mail program that got it twice shows it once.
func (m *email) message(d veille.Delivery) (*mail.Msg, error) {
	e := d.Event
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary("veille-"+m.hash(e.ID)))
	if err := msg.From(m.config.From); err != nil {
		return nil, err
	}
	if err := msg.To(m.config.To...); err != nil {
		return nil, err
	}
	msg.Subject(m.text.summary(e, mailSubject))
	msg.SetDateWithValue(e.Time)
	id := m.messageID(e.ID)
	msg.SetMessageIDWithValue(id)
	m.thread(msg, d, id)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("List-Id", "<"+m.hash("list")+".veille."+m.domain()+">")
	m.unsubscribe(msg)
	if m.text.template != nil && !d.Degraded {
		msg.SetBodyString(mail.TypeTextPlain, m.text.text(mailText(), d, mailTextRoom))
		return msg, nil
	}
	plain := veille.Delivery{Event: e, Degraded: true}
	if d.Degraded {
		msg.SetBodyString(mail.TypeTextPlain, m.text.text(mailText(), plain, 3000))
		return msg, nil
	}
	msg.SetBodyString(mail.TypeTextPlain, m.text.text(mailText(), plain, mailTextRoom))
	msg.AddAlternativeString(mail.TypeTextHTML, m.page(d))
	return msg, nil
}

// page is the HTML of a mail.
func (m *email) page(d veille.Delivery) string {
	return `<html lang="` + m.html.words.language + `"><body style="font-family: sans-serif; line-height: 1.4">` + "\n" +
		m.html.text(mailHTML(), d, mailHTMLRoom) + "\n</body></html>\n"
}

// thread ties the mail to the first one about its article or story, and to a
// root that nobody was sent: mail programs gather what names the same root,
// also where the first mail was forgotten.
func (m *email) thread(msg *mail.Msg, d veille.Delivery, id string) {
	var references []string
	if key := threadKey(d.Event); key != "" {
		references = append(references, "<"+m.messageID(key)+">")
	}
	if first := d.Thread["message_id"]; first != "" && first != id && !strings.ContainsFunc(first, notInHeader) {
		references = append(references, "<"+first+">")
	}
	if len(references) > 0 {
		msg.SetGenHeader(mail.HeaderReferences, strings.Join(references, " "))
		msg.SetGenHeader(mail.HeaderInReplyTo, references[len(references)-1])
	}
}

// unsubscribe says how a recipient leaves (RFC 2369, RFC 8058).
func (m *email) unsubscribe(msg *mail.Msg) {
	to := m.config.Unsubscribe
	if to == "" {
		from, _ := mailbox(m.config.From)
		to = "mailto:" + from.Address + "?subject=unsubscribe"
	}
	msg.SetGenHeader(mail.HeaderListUnsubscribe, "<"+to+">")
	if strings.HasPrefix(to, "https:") {
		msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
}

// messageID derives an identity from an event or a story and this receiver.
func (m *email) messageID(id string) string {
	return line(id, 80) + "." + m.hash(m.name) + "@" + m.domain()
}

func (m *email) domain() string {
	from, _ := mailbox(m.config.From)
	return from.Address[strings.LastIndexByte(from.Address, '@')+1:]
}

func (m *email) hash(of string) string {
	sum := sha256.Sum256([]byte(m.name + "\x00" + of))
	return hex.EncodeToString(sum[:8])
}

// preview implements previewer.
func (m *email) preview(d veille.Delivery) ([]byte, error) {
	msg, err := m.message(d)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "SMTP %s\nMAIL FROM and RCPT TO: %s; %s\n\n", m.target.url.Host, m.config.From, strings.Join(m.config.To, ", "))
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, err
	}
	return []byte(strings.ReplaceAll(b.String(), "\r\n", "\n")), nil
}
