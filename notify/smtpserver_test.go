package notify

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// smtpServer is a mail server on loopback that checks what a real one checks.
type smtpServer struct {
	address string
	// tls is what STARTTLS, or the first byte with implicit, begins; nil: none.
	tls      *tls.Config
	implicit bool
	// login is the user and password that AUTH PLAIN asks for; empty: none.
	login string
	// says answers a command, by its first word, instead; "RCPT desk@example.org"
	// is that of one recipient, "DATA END" the end of a mail. "close" cuts the
	// connection.
	says map[string]string

	mu sync.Mutex
	// mails are the mails that were accepted, with their dots undone, envelopes
	// who they were for.
	mails     [][]byte
	envelopes []string
	commands  []string
}

func serveSMTP(t *testing.T, s *smtpServer) *smtpServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); conns.Wait() })
	return s
}

// certificate is one for 127.0.0.1, and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &tls.Config{Certificates: server.TLS.Certificates}, roots
}

func (s *smtpServer) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	secure := s.implicit
	if s.implicit {
		conn = tls.Server(conn, s.tls)
	}
	r := bufio.NewReader(conn)
	say := func(text string) { _, _ = conn.Write([]byte(text + "\r\n")) }
	say("220 mail.test ESMTP")
	user := s.login == ""
	var from bool
	var to []string
	for {
		row, err := r.ReadString('\n')
		if err != nil {
			return
		}
		row = strings.TrimRight(row, "\r\n")
		word := strings.ToUpper(strings.Fields(row + " x")[0])
		s.note(row)
		answer := s.saysTo(word)
		_, address, _ := strings.Cut(strings.TrimSuffix(row, ">"), "<")
		if only := s.saysTo(word + " " + address); word == "RCPT" && only != "" {
			answer = only
		}
		if answer != "" {
			if answer == "close" {
				return
			}
			say(answer)
			continue
		}
		switch word {
		case "EHLO":
			lines := []string{"mail.test", "8BITMIME", "SIZE 100000", "ENHANCEDSTATUSCODES"}
			if s.tls != nil && !secure {
				lines = append(lines, "STARTTLS")
			}
			if s.login != "" && secure {
				lines = append(lines, "AUTH PLAIN")
			}
			for i, l := range lines {
				if i == len(lines)-1 {
					say("250 " + l)
				} else {
					say("250-" + l)
				}
			}
		case "STARTTLS":
			say("220 go ahead")
			conn, secure = tls.Server(conn, s.tls), true
			r = bufio.NewReader(conn)
		case "AUTH":
			given, _ := base64.StdEncoding.DecodeString(row[strings.LastIndexByte(row, ' ')+1:])
			if user = string(given) == s.login; user {
				say("235 2.7.0 ok")
			} else {
				say("535 5.7.8 bad credentials")
			}
		case "MAIL":
			to = nil
			if from = user; from {
				say("250 2.1.0 ok")
			} else {
				say("530 5.7.0 log in first")
			}
		case "RCPT":
			if from {
				to = append(to, address)
			}
			say("250 2.1.5 ok")
		case "DATA":
			if len(to) == 0 {
				say("503 5.5.1 no recipients")
				continue
			}
			say("354 go ahead")
			body, ok := readMail(r)
			if !ok {
				return
			}
			switch answer := s.saysTo("DATA END"); {
			case answer == "close":
				return
			case answer != "":
				say(answer)
			case len(body) > 100000 || tooLongLine(body):
				say("552 5.3.4 too large")
			default:
				s.mu.Lock()
				s.mails = append(s.mails, body)
				s.envelopes = append(s.envelopes, strings.Join(to, " "))
				s.mu.Unlock()
				say("250 2.0.0 queued")
			}
		case "RSET", "NOOP":
			say("250 2.0.0 ok")
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say("500 5.5.2 what?")
		}
	}
}

func (s *smtpServer) note(command string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, command)
}

// taken returns what was accepted since the last call.
func (s *smtpServer) taken() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := bytes.Join(s.mails, nil)
	s.mails = nil
	return out
}

func readMail(r *bufio.Reader) ([]byte, bool) {
	var body bytes.Buffer
	for {
		row, err := r.ReadBytes('\n')
		if err != nil {
			return nil, false
		}
		if string(row) == ".\r\n" {
			return body.Bytes(), true
		}
		body.Write(bytes.TrimPrefix(row, []byte(".")))
	}
}

// tooLongLine reports a line beyond the 998 characters of RFC 5322, or with a
// bare CR or LF.
func tooLongLine(mail []byte) bool {
	for row := range bytes.SplitSeq(mail, []byte("\r\n")) {
		if len(row) > 998 || bytes.ContainsAny(row, "\r\n") {
			return true
		}
	}
	return false
}

// answer changes what the server says from now on.
func (s *smtpServer) answer(says map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says = says
}

// saysTo is what the server says to a command.
func (s *smtpServer) saysTo(command string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.says[command]
}
