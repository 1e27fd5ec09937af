package extract

import (
	"strings"
	"testing"
)

// holds is what stems promise, plainly.
func holds(s *stems, text string) bool {
	for _, list := range s.all {
		for _, stem := range list {
			if strings.Contains(text, stem) {
				return true
			}
		}
	}
	return false
}

func FuzzStems(f *testing.F) {
	for _, s := range []string{"", "bon", "bonn", "xbonny", "Already a subscriber?", "구독자 전용", "réserv", "réservé aux abonnés", "COOKIE Cookies", "ontin", "continue", "続きを読むには"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, s := range map[string]*stems{"wall": wallStems, "cookies": cookieStems} {
			if got, want := s.in(text), holds(s, text); got != want {
				t.Errorf("%s in %q: %v, want %v", name, text, got, want)
			}
		}
	})
}
