package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"veille"
)

// Notify implements Notifier.
func (m *email) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	msg, err := m.message(d)
	if err != nil {
		return nil, m.target.refuse(veille.VerdictPoison, 0, 0, "the mail cannot be written: "+err.Error())
	}
	ctx, cancel := context.WithTimeout(ctx, 2*attemptTimeout)
	defer cancel()
	// The library leaves a connection open whose session does not come about,
	// and heeds ctx while it dials only.
	var conn net.Conn
	defer func() {
		if conn != nil {
			_ = conn.Close()
		}
	}()
	client, err := m.client(func(dialing context.Context, network, address string) (net.Conn, error) {
		var err error
		if conn, err = m.dial(dialing, network, address); err == nil {
			opened := conn
			context.AfterFunc(ctx, func() { _ = opened.SetDeadline(time.Now()) })
		}
		return conn, err
	})
	if err != nil {
		return nil, m.target.refuse(veille.VerdictRetry, 0, 0, err.Error())
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, m.noSession(err)
	}
	// The server took the mail when it answered the last line of it; what goes
	// wrong in leaving changes nothing.
	defer func() { _ = client.CloseWithSMTPClient(session) }()
	if err := session.UpdateDeadline(2 * attemptTimeout); err != nil || ctx.Err() != nil {
		return nil, m.target.unreachable(cmp.Or(ctx.Err(), err))
	}
	return m.hand(session, msg, d)
}

func (m *email) client(dial mail.DialContextFunc) (*mail.Client, error) {
	options := []mail.Option{
		mail.WithPort(m.config.port()), mail.WithTimeout(attemptTimeout), mail.WithTLSConfig(m.tls.Clone()),
		mail.WithDialContextFunc(dial), mail.WithoutNoop(), mail.WithHELO(m.domain()),
	}
	switch m.config.Security {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.config.Username != "" {
		options = append(options, mail.WithSMTPAuthCustom(&login{m.config, m.config.Security == "none", nil}))
	}
	return mail.NewClient(m.config.Host, options...)
}

// login picks PLAIN, or LOGIN where the server knows nothing else.
type login struct {
	config *EmailOptions
	// open allows a connection without TLS, which is to a private host.
	open   bool
	chosen smtp.Auth
}

// Start implements smtp.Auth.
func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	l.chosen = smtp.PlainAuth("", l.config.Username, l.config.Password.Reveal(), l.config.Host, l.open)
	if !slices.Contains(server.Auth, "PLAIN") && slices.Contains(server.Auth, "LOGIN") {
		l.chosen = smtp.LoginAuth(l.config.Username, l.config.Password.Reveal(), l.config.Host, l.open)
	}
	return l.chosen.Start(server)
}

// Next implements smtp.Auth.
func (l *login) Next(server []byte, more bool) ([]byte, error) { return l.chosen.Next(server, more) }

// noSession words an error from before the mail: the dial, TLS, the login.
func (m *email) noSession(err error) error {
	said, ok := errors.AsType[*textproto.Error](err)
	switch {
	case !ok:
		return m.target.unreachable(err)
	case said.Code == 535 || said.Code == 534 || said.Code == 530 || said.Code == 538:
		return m.target.refuse(veille.VerdictDisable, 0, 0, fmt.Sprintf("refuses the login: %d %s", said.Code, said.Msg))
	}
	return m.target.refuse(veille.VerdictPause, 0, 0, fmt.Sprintf("does not open a session: %d %s", said.Code, said.Msg))
}
