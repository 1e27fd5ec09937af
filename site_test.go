package veille

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestShapeOf_IsSharedByAddressesOfOneKind(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"https://www.example.org/world/2026/11/23/a-long-day-in-town.html", "example.org/world/0/0/0/-.html"},
		{"https://example.org/world/2025/1/2/other-words-of-this-kind.html", "example.org/world/0/0/0/-.html"},
		{"https://example.org/view/AFR20261123000700", "example.org/view/x#"},
		{"https://example.org/news/12345678", "example.org/news/#"},
		{"https://example.org/news/science-and-nature-12345678", "example.org/news/-#"},
		{"https://example.org/sport/tennis", "example.org/sport/w"},
		{"https://example.org/view.php?idxno=123&lang=en", "example.org/w.php?idxno=#?lang"},
		{"https://example.org/기사/북한이 새 무기를 시험했다고", "example.org/기사/-"},
		{"https://example.org/", ""},
		{"/relative", ""},
		{"::", ""},
	} {
		if got := ShapeOf(tt.url); got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.url, got, tt.want)
		}
	}
}

func TestSite_AnEmptyOneChangesNothing(t *testing.T) {
	for _, s := range []*Site{nil, {}} {
		if s.Expects("https://example.org/a/some-long-slug-1") != 0 || s.Suffix("Example") || s.Container() != "" || s.Repeated(HashText("x")) != 0 {
			t.Errorf("%+v claims to know something", s)
		}
	}
}

func TestSite_LearnsAShapeAndForgetsItWhenItFails(t *testing.T) {
	var s Site
	article := func(n int) Observation {
		return Observation{URL: fmt.Sprintf("https://example.org/world/a-story-of-number-%d", 100000+n), Article: true}
	}
	for n := range 4 {
		s.Learn(article(n))
	}
	if v := s.Expects("https://www.example.org/world/yet-another-story-200000"); v < 0.5 {
		t.Errorf("a known shape: %v", v)
	}
	if v := s.Expects("https://example.org/sport/yet-another-story-200000"); v <= 0 || v > 0.7 {
		t.Errorf("the same shape in another section: %v", v)
	}
	if v := s.Expects("https://example.org/about/yet-another-story"); v != 0 {
		t.Errorf("another shape: %v", v)
	}
	for n := range 4 {
		o := article(n)
		o.Article = false
		s.Learn(o)
	}
	if v := s.Expects("https://example.org/world/yet-another-story-200000"); v > -0.5 {
		t.Errorf("after four failures: %v", v)
	}
}

func TestSite_HearsayIsBoundedAndYieldsToReading(t *testing.T) {
	var s Site
	url := "https://example.org/v/a-film-of-number-100000"
	for range 100 {
		s.Learn(Observation{URL: url, Article: true, Listed: true})
	}
	if v := s.Expects(url); v <= 0 || s.Shapes[ShapeOf(url)].Articles != maxHearsay {
		t.Errorf("listed: %v, %+v", v, s.Shapes)
	}
	for range 3 {
		s.Learn(Observation{URL: url})
		s.Learn(Observation{URL: url, Article: true, Listed: true})
	}
	if v := s.Expects(url); v >= 0 {
		t.Errorf("read and found to be none: %v", v)
	}
}

func TestSite_PlainWordsOnlySpeakAgainst(t *testing.T) {
	var s Site
	for _, w := range []string{"alpha", "beta", "gamma", "delta", "epsilon"} {
		s.Learn(Observation{URL: "https://example.org/" + w, Article: true})
	}
	if v := s.Expects("https://example.org/about"); v != 0 {
		t.Errorf("got %v", v)
	}
}

func TestSite_CountsWhatRepeatsAndLetsItFade(t *testing.T) {
	var s Site
	box := HashText("Sign up for our newsletter!")
	for n := range 10 {
		s.Learn(Observation{
			URL: fmt.Sprintf("https://example.org/a/%d", 10000+n), Article: true, Suffix: "Example", Container: "div.story",
			Paragraphs: []uint64{HashText(fmt.Sprint("own", n)), box, box},
		})
	}
	if n := s.Repeated(box); n != 10 {
		t.Errorf("the box: %d", n)
	}
	if n := s.Repeated(HashText("sign up for our  NEWSLETTER")); n != 10 {
		t.Errorf("the box in other clothes: %d", n)
	}
	if n := s.Repeated(HashText("own3")); n != 1 {
		t.Errorf("an article's own: %d", n)
	}
	if !s.Suffix("Example") || s.Suffix("Other") || s.Container() != "div.story" {
		t.Errorf("suffix or container not learned: %+v", s.Suffixes)
	}
	for n := range 4 * halfLife {
		s.Learn(Observation{URL: fmt.Sprintf("https://example.org/a/%d", 20000+n), Article: true, Suffix: "New Name", Container: "main.text"})
	}
	if n := s.Repeated(box); n > 1 {
		t.Errorf("the box long after: %d", n)
	}
	if s.Suffix("Example") || !s.Suffix("New Name") || s.Container() != "main.text" {
		t.Error("a redesign is not learned")
	}
}

func TestSite_StaysWithinItsBounds(t *testing.T) {
	s := Site{Name: "example.org"}
	for n := range 3000 {
		o := Observation{
			URL:     fmt.Sprintf("https://example.org/%s/%c%c%c<&>%s/a-b-c-d-%d", strings.Repeat("é", n%40), 'a'+n%26, 'a'+n/26%26, 'a'+n/676%26, strings.Repeat("y", 90), n),
			Article: n%3 > 0, Suffix: strings.Repeat("<", 60) + fmt.Sprint(n), Container: strings.Repeat("&", 58) + fmt.Sprint(n),
		}
		for p := range 500 {
			o.Paragraphs = append(o.Paragraphs, HashText(fmt.Sprint(n, p)))
		}
		s.Learn(o)
	}
	b, err := json.Marshal(s)
	if err != nil || len(b) > maxSiteSize {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	t.Logf("%d bytes: %d shapes, %d paragraphs", len(b), len(s.Shapes), len(s.Paragraphs))
	var back Site
	if err := json.Unmarshal(b, &back); err != nil || len(back.Paragraphs) != len(s.Paragraphs) || len(back.Shapes) != len(s.Shapes) {
		t.Errorf("does not survive JSON: %v", err)
	}
}

func FuzzShapeOf(f *testing.F) {
	f.Add("https://example.org/world/2026/11/23/a-long-day-in-town.html?x=1&y")
	f.Fuzz(func(t *testing.T, url string) {
		shape := ShapeOf(url)
		if len(shape) > maxShapeLen || shape != ShapeOf(url) {
			t.Errorf("%q: %q", url, shape)
		}
		telling(general(shape))
	})
}

// FuzzHashText holds the hash to its definition: what is stored must be found
// again by any release.
func FuzzHashText(f *testing.F) {
	for _, s := range []string{"", "The dam burst.", "Σίσυφος İstanbul", "댐이 무너졌다 12", "é\u0301 \xff ǅ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h := fnv.New64a()
		for _, r := range strings.ToLower(text) {
			if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
				h.Write([]byte(string(r)))
			}
		}
		if got := HashText(text); got != h.Sum64() {
			t.Errorf("HashText(%q) = %x, want %x", text, got, h.Sum64())
		}
	})
}
