package crawler

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestChildState_TrustsAnIndexForAWhile(t *testing.T) {
	asked := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		lastmod time.Time
		change  func(*childState)
		after   time.Duration
		want    bool
	}{
		{"an old change, soon after", asked.Add(-30 * 24 * time.Hour), nil, 5 * time.Minute, true},
		{"an old change, an hour after", asked.Add(-30 * 24 * time.Hour), nil, time.Hour, false},
		{"a change two hours old, within a tenth of that", asked.Add(-2 * time.Hour), nil, 11 * time.Minute, true},
		{"a change two hours old, beyond", asked.Add(-2 * time.Hour), nil, 13 * time.Minute, false},
		{"a day that may not be over somewhere", asked.Truncate(24 * time.Hour), nil, time.Minute, false},
		{"a day that is over everywhere", asked.Truncate(24 * time.Hour).Add(-48 * time.Hour), nil, time.Minute, true},
		{"a change after it was read", asked.Add(time.Minute), nil, 2 * time.Minute, false},
		{"no date", time.Time{}, nil, time.Minute, false},
		{"another date than when it was read", asked.Add(-30 * 24 * time.Hour), func(s *childState) { s.lastmod = asked.Add(-31 * 24 * time.Hour) }, time.Minute, false},
		{"one that lied", asked.Add(-30 * 24 * time.Hour), func(s *childState) { s.lies = true }, time.Minute, false},
		{"one never read", asked.Add(-30 * 24 * time.Hour), func(s *childState) { s.hash = "" }, time.Minute, false},
		{"a clock that went back", asked.Add(-30 * 24 * time.Hour), nil, -time.Minute, false},
	} {
		s := childState{hash: "x", lastmod: tt.lastmod, asked: asked}
		if tt.change != nil {
			tt.change(&s)
		}
		if got := s.fresh(tt.lastmod, asked.Add(tt.after)); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// library is an index of three sitemaps: last year's, one of no date, and
// today's.
type library struct {
	*site
	c      *Crawler
	memory fakeMemory
	old    string
	today  string
	full   int // how often the index was sent in full
}

func newLibrary(t *testing.T) *library {
	l := &library{memory: fakeMemory{}, old: "/2025/a-story-of-last-year", today: "/2026/the-story-of-the-day"}
	l.site = newSite(t, nil)
	l.mux = map[string]http.HandlerFunc{
		"/": etagged(`"index"`, func(w http.ResponseWriter, r *http.Request) {
			l.full++
			text(index(l.URL+"/2025.xml", "2025-12-31T20:00:00Z", l.URL+"/rest.xml", "", l.URL+"/today.xml", time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)))(w, r)
		}),
		"/2025.xml":  func(w http.ResponseWriter, r *http.Request) { text(urlset(l.URL+l.old))(w, r) },
		"/rest.xml":  etagged(`"rest"`, text(urlset(l.URL+"/2020/a-story-that-has-no-date"))),
		"/today.xml": func(w http.ResponseWriter, r *http.Request) { text(urlset(l.URL+l.today))(w, r) },
	}
	l.c = labCrawler(t, Options{Memory: l.memory})
	return l
}

// poll returns what a poll lists and asks for; keep stores its validators.
func (l *library) poll(t *testing.T, keep bool) (listing veille.Listing, asked []string) {
	t.Helper()
	before := len(l.paths())
	listing, err := l.c.Discover(t.Context(), l.source())
	if err != nil {
		t.Fatal(err)
	}
	if keep {
		for u, v := range listing.Validators {
			l.memory[u] = v
		}
	}
	return listing, l.paths()[before:]
}

func TestDiscover_DoesNotAskForSitemapsThatTheIndexDatesBack(t *testing.T) {
	l := newLibrary(t)
	if got, asked := l.poll(t, true); len(got.Outlinks) != 3 || len(asked) != 4 {
		t.Errorf("first: %v, asked for %v", urls(got.Outlinks), asked)
	}
	got, asked := l.poll(t, true)
	if d := cmp.Diff([]string{"/", "/today.xml", "/rest.xml"}, asked); d != "" || !got.NotModified {
		t.Errorf("unchanged: asked for (-want +got):\n%s%+v", d, got)
	}
	if l.full != 1 {
		t.Errorf("the index was sent in full %d times", l.full)
	}
	l.today = "/2026/the-other-story-of-the-day"
	if got, _ := l.poll(t, true); len(got.Outlinks) != 1 || got.Outlinks[0].URL != l.URL+l.today || got.NotModified {
		t.Errorf("behind an unchanged index: %v", urls(got.Outlinks))
	}
	if v := l.memory[l.URL+"/"]; v != (veille.Validators{}) {
		t.Errorf("the index's validators are stored: %+v", v)
	}
}

func TestDiscover_AsksAgainForWhatWasReadButNotStored(t *testing.T) {
	l := newLibrary(t)
	l.poll(t, false)
	got, asked := l.poll(t, false)
	if len(got.Outlinks) != 3 || len(asked) != 4 || got.NotModified {
		t.Errorf("a listing that was lost: %v, asked for %v", urls(got.Outlinks), asked)
	}
}

func TestDiscover_DoesNotTrustAnIndexThatLied(t *testing.T) {
	l := newLibrary(t)
	l.poll(t, true)
	l.old = "/2025/a-story-that-came-late"
	if got, _ := l.poll(t, true); len(got.Outlinks) != 0 {
		t.Errorf("within the trust: %v", urls(got.Outlinks))
	}
	earlier := func() {
		l.c.indexes.mu.Lock()
		defer l.c.indexes.mu.Unlock()
		for url, s := range l.c.indexes.known[l.URL+"/"].read {
			s.asked = s.asked.Add(-2 * longestTrust)
			l.c.indexes.known[l.URL+"/"].read[url] = s
		}
	}
	earlier()
	if got, _ := l.poll(t, true); len(got.Outlinks) != 1 || got.Outlinks[0].URL != l.URL+l.old {
		t.Errorf("after the trust: %v", urls(got.Outlinks))
	}
	l.old = "/2025/another-story-that-came-late"
	if got, asked := l.poll(t, true); len(got.Outlinks) != 1 || len(asked) != 4 {
		t.Errorf("once it lied: %v, asked for %v", urls(got.Outlinks), asked)
	}
}

func TestDiscover_ReadsAnIndexAnewThatChanged(t *testing.T) {
	l := newLibrary(t)
	l.poll(t, true)
	l.mux["/"] = etagged(`"index2"`, text(index(l.URL+"/2025.xml", "2026-01-02T08:00:00Z", l.URL+"/new.xml", time.Now().UTC().Format(time.RFC3339))))
	l.mux["/new.xml"] = text(urlset(l.URL + "/2026/a-story-of-this-hour"))
	l.old = "/2025/a-story-that-came-late"
	got, asked := l.poll(t, true)
	if d := cmp.Diff([]string{"/", "/new.xml", "/2025.xml"}, asked); d != "" || len(got.Outlinks) != 2 {
		t.Errorf("asked for (-want +got):\n%s%v", d, urls(got.Outlinks))
	}
	// No longer an index: what it said before counts no more.
	l.mux["/"] = etagged(`"index3"`, text(urlset(l.URL+"/2026/the-only-story-there-is")))
	if got, asked := l.poll(t, true); len(got.Outlinks) != 1 || len(asked) != 1 {
		t.Errorf("%v, asked for %v", urls(got.Outlinks), asked)
	}
	if got, asked := l.poll(t, true); !got.NotModified || len(asked) != 1 {
		t.Errorf("%+v, asked for %v", got, asked)
	}
}

func TestIndexMemory_IsBounded(t *testing.T) {
	var m indexMemory
	var children []veille.Outlink
	for i := range 3 * maxChildren {
		children = append(children, veille.Outlink{URL: fmt.Sprintf("https://a.example/%d.xml", i)})
	}
	for i := range 2 * maxIndexes {
		m.save(fmt.Sprintf("https://a.example/index-%d.xml", i), veille.Validators{ETag: "x"}, children)
	}
	if len(m.known) > maxIndexes {
		t.Errorf("%d indexes", len(m.known))
	}
	for url, s := range m.known {
		if len(s.children) > maxChildren {
			t.Fatalf("%s: %d sitemaps", url, len(s.children))
		}
	}
}
