package veille_test

import (
	"testing"

	"veille"
)

func TestPageNumber_TellsTheNumberFromWhatAllPagesShare(t *testing.T) {
	for _, c := range []struct {
		address, base string
		n             int
		marked        bool
	}{
		{"https://x.example/news", "x.example/news?", 1, false},
		{"https://x.example/news/", "x.example/news?", 1, false},
		{"https://x.example/news?page=2", "x.example/news?", 2, true},
		{"https://x.example/news?tag=a&Seite=12", "x.example/news?tag=a", 12, true},
		{"https://x.example/news?page=1&p=7", "x.example/news?p=7", 1, true},
		{"https://x.example/news/page/3/", "x.example/news?", 3, true},
		{"https://x.example/news/seite-3", "x.example/news?", 3, true},
		{"https://x.example/dam-bursts/2", "x.example/dam-bursts?", 2, false},
		{"https://x.example/2026/11", "x.example/2026?", 11, false},
		{"https://x.example/story/1234", "x.example/story/1234?", 1, false},
		{"https://x.example/?page=0", "x.example?page=0", 1, false},
		{"://", "://", 1, false},
	} {
		if base, n, marked := veille.PageNumber(c.address); base != c.base || n != c.n || marked != c.marked {
			t.Errorf("%s: %q, %d, %v; want %q, %d, %v", c.address, base, n, marked, c.base, c.n, c.marked)
		}
	}
}

func FuzzPageNumber(f *testing.F) {
	for _, s := range []string{"https://x.example/news?page=2", "https://x.example/news/page/3/", "https://x.example/a/2", "?p=1&p=2", "//x/page-9", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		base, n, marked := veille.PageNumber(address)
		if n < 1 || n > 999 {
			t.Errorf("PageNumber(%q) = %d", address, n)
		}
		if again, m, mark := veille.PageNumber(address); again != base || m != n || mark != marked {
			t.Errorf("PageNumber(%q) is %q, %d, then %q, %d", address, base, n, again, m)
		}
	})
}
