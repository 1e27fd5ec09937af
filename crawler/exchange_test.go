package crawler

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"veille"
)

func TestVisit_KeepsTheExchangeForAnArchive(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/moved": redirect("/article"), "/article": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Set-Cookie", "session=1")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, article)
		_ = z.Close()
	}})
	source := s.source()
	source.Headers = map[string]veille.Secret{"cookie": veille.NewSecret("canary-1"), "X-Api-Key": veille.NewSecret("canary-2")}
	snap, err := labCrawler(t, Options{KeepExchanges: true}).Visit(t.Context(), source, s.URL+"/moved", veille.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	if len(snap.Exchanges) != 1 {
		t.Fatalf("%d exchanges", len(snap.Exchanges))
	}
	x := snap.Exchanges[0]
	if x.URL != s.URL+"/article" || x.Status != 200 || string(x.Body) != article || x.At.IsZero() {
		t.Errorf("%s, %d, %d bytes", x.URL, x.Status, len(x.Body))
	}
	if x.Answer.Get("Content-Type") != "text/html" || x.Answer.Get("X-Archive-Orig-Content-Encoding") != "gzip" || x.Answer.Get("Content-Encoding") != "" || x.Answer.Get("Set-Cookie") != "" {
		t.Errorf("answer %v", x.Answer)
	}
	if x.Request.Get("Cookie") != "withheld" || x.Request.Get("X-Api-Key") != "withheld" || !strings.HasPrefix(x.Request.Get("User-Agent"), "VeilleBot/") {
		t.Errorf("request %v", x.Request)
	}
}

func TestVisit_KeepsNoExchangeUnasked(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/article": articlePage})
	snap, err := labCrawler(t, Options{}).Visit(t.Context(), s.source(), s.URL+"/article", veille.Validators{})
	if err != nil || snap.Exchanges != nil {
		t.Errorf("%d exchanges, %v", len(snap.Exchanges), err)
	}
}
