package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"sync"
	"time"
)

const (
	// sessionAge ends a session however busy, sessionIdle one left alone.
	sessionAge  = 30 * 24 * time.Hour
	sessionIdle = 7 * 24 * time.Hour
	// mostSessions bounds the memory that logins take; the one idle longest
	// makes way.
	mostSessions = 1000
)

// sessions are kept in memory, by the hash of what the cookie holds: a restart
// ends them, and a look into memory opens none.
type sessions struct {
	mu   sync.Mutex
	live map[[sha256.Size]byte]*session
}

type session struct {
	began, used time.Time
	// ended is closed when the session is forgotten.
	ended chan struct{}
}

// start opens a session and returns what the cookie must hold.
func (s *sessions) start(now time.Time) string {
	token := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		s.live = map[[sha256.Size]byte]*session{}
	}
	var idlest [sha256.Size]byte
	var oldest time.Time
	for k, v := range s.live {
		if v.over(now) {
			s.forget(k)
		} else if oldest.IsZero() || v.used.Before(oldest) {
			idlest, oldest = k, v.used
		}
	}
	if len(s.live) >= mostSessions {
		s.forget(idlest)
	}
	s.live[sha256.Sum256([]byte(token))] = &session{began: now, used: now, ended: make(chan struct{})}
	return token
}

// valid reports whether a session lives, and keeps it from idling.
func (s *sessions) valid(token string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.alive(token, now)
	if v == nil {
		return false
	}
	v.used = now
	return true
}

// end returns what is closed when a session ends, at once if it has; looking
// does not keep it from idling.
func (s *sessions) end(token string, now time.Time) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.alive(token, now); v != nil {
		return v.ended
	}
	over := make(chan struct{})
	close(over)
	return over
}

func (s *sessions) stop(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(sha256.Sum256([]byte(token)))
}

// alive returns a session, and forgets one that is over. The lock is held.
func (s *sessions) alive(token string, now time.Time) *session {
	key := sha256.Sum256([]byte(token))
	v := s.live[key]
	if v != nil && v.over(now) {
		s.forget(key)
		return nil
	}
	return v
}

// forget ends a session. The lock is held.
func (s *sessions) forget(key [sha256.Size]byte) {
	if v := s.live[key]; v != nil {
		delete(s.live, key)
		close(v.ended)
	}
}

func (s *session) over(now time.Time) bool {
	return now.Sub(s.began) > sessionAge || now.Sub(s.used) > sessionIdle
}

// formKey signs the tokens of forms; it lives as long as the process.
type formKey [32]byte

func newFormKey() formKey {
	var k formKey
	_, _ = rand.Read(k[:]) // never fails: crypto/rand ends the process instead
	return k
}

// token proves that a form came from a page of this server, for this identity.
func (k formKey) token(i Identity) string {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(i.Name + "\x00" + i.session))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (k formKey) holds(i Identity, token string) bool {
	return hmac.Equal([]byte(k.token(i)), []byte(token))
}

// fingerprint shows in a log which of many wrong clients is the same one.
func fingerprint(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:4])
}
