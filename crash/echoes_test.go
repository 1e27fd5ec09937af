package crash

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// kept is what a service was sent.
type kept struct {
	mu   sync.Mutex
	sent bytes.Buffer
}

func (k *kept) add(b []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sent.Write(b)
}

func (k *kept) all() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return bytes.Clone(k.sent.Bytes())
}

// mailEcho is a mail server that refuses every login, and repeats it.
func mailEcho(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { refuseLogin(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); conns.Wait() })
	return l.Addr().String()
}

func refuseLogin(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	say := func(text string) { _, _ = io.WriteString(conn, text+"\r\n") }
	say("220 mail.test ESMTP")
	for r := bufio.NewReader(conn); ; {
		row, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch row = strings.TrimSpace(row); strings.ToUpper(strings.Fields(row + " x")[0]) {
		case "EHLO":
			say("250-mail.test")
			say("250 AUTH PLAIN")
		case "AUTH":
			say("535 5.7.8 you sent " + row)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("530 5.7.0 you sent " + row)
		}
	}
}

// unzipped are the members of a gzip file.
func unzipped(t *testing.T, packed []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	// The daemon was killed: its last member may be torn.
	out, _ := io.ReadAll(z)
	return out
}

// records are the records of a store, unpacked where they are packed: after a
// byte for the format and the length, as a stream of DEFLATE.
func records(t *testing.T, path string) []byte {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "veille.db")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(copied, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out bytes.Buffer
	packed := 0
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				out.Write(k)
				out.Write(v)
				if len(v) < 3 {
					return nil
				}
				_, n := binary.Uvarint(v[1:])
				if n <= 0 {
					return nil
				}
				if unpacked, _ := io.ReadAll(flate.NewReader(bytes.NewReader(v[1+n:]))); bytes.HasPrefix(unpacked, []byte("{")) {
					packed++
					out.Write(unpacked)
				}
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if packed == 0 {
		t.Errorf("%s holds no packed record that could be read", path)
	}
	return out.Bytes()
}
