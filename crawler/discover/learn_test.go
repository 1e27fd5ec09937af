package discover_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/crawler/discover"
)

const outlet = "https://outlet.example"

// crowded is a section page with more links than a plain list has.
func crowded(main string) string {
	var b strings.Builder
	b.WriteString("<nav>")
	for i := range 100 {
		fmt.Fprintf(&b, `<a href="/section-%c%c">Part</a> `, 'a'+i/26, 'a'+i%26)
	}
	return b.String() + "</nav><main>" + main + "</main><footer><a href='/view/contact-us-all-day-long'>Contact</a></footer>"
}

func TestRead_LearnsFromFeedsWhatTheArticlesOfASectionLookLike(t *testing.T) {
	page := discover.Page{Body: []byte(crowded(`<div><a href="/k/ships31x">Ships</a> <a href="/k/boats77y">Boats</a></div><p><a href="/the-sea">Sea</a> <a href="/a-b">Land</a> <a href="/air">Air</a></p>`)), URL: outlet + "/sea"}
	if got := urls(t, page); len(got) != 0 {
		t.Fatalf("without having learned: %v", got)
	}
	var feed strings.Builder
	feed.WriteString("<rss>")
	for i := range 30 {
		fmt.Fprintf(&feed, "<item><link>%s/k/thing%dz</link></item>", outlet, i)
	}
	listing, err := discover.Read(discover.Page{Body: []byte(feed.String()), URL: "https://feeds.outlet.example/rss"})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Learned) == 0 || len(listing.Learned) > 24 {
		t.Fatalf("%d observations", len(listing.Learned))
	}
	var site veille.Site
	for _, o := range listing.Learned {
		if o.Site != "outlet.example" {
			t.Errorf("site = %q", o.Site)
		}
		site.Learn(o)
	}
	page.Site = &site
	want := []string{outlet + "/k/ships31x", outlet + "/k/boats77y"}
	if diff := cmp.Diff(want, urls(t, page)); diff != "" {
		t.Errorf("having learned (-want +got):\n%s", diff)
	}
}

func TestRead_DropsTheShapeThatWasNoArticleSeveralTimes(t *testing.T) {
	page := discover.Page{URL: outlet + "/", Body: []byte(crowded(`<p><a href="/match/ships-boats-12345">Ships and boats play</a> </p><h2><a href="/sea/the-ships-sail-again-tomorrow-12345">The ships sail again tomorrow</a></h2>`))}
	if got := urls(t, page); len(got) != 2 {
		t.Fatalf("without having learned: %v", got)
	}
	site := &veille.Site{}
	for i := range 5 {
		site.Learn(veille.Observation{URL: fmt.Sprintf("%s/match/this-that-%d", outlet, 20000+i)})
		site.Learn(veille.Observation{URL: fmt.Sprintf("%s/sea/a-team-against-another-%d", outlet, 20000+i)})
	}
	page.Site = site
	if diff := cmp.Diff([]string{outlet + "/sea/the-ships-sail-again-tomorrow-12345"}, urls(t, page)); diff != "" {
		t.Errorf("having learned, what looks like nothing but an article stays (-want +got):\n%s", diff)
	}
}

func TestRead_TakesTheUserAtHisWordOutsideTheMenus(t *testing.T) {
	page := discover.Page{
		URL: outlet + "/sea", Explicit: true, Keep: veille.LinkFilter{Include: []*regexp.Regexp{regexp.MustCompile(`/(x|section-..|view)(/|$)`)}}.Keeps,
		Body: []byte(crowded(`<p><a href="/x/ships">Ships</a> <a href="/y/a-long-story-about-the-boats-12345">A long story about the boats</a> <a href="https://jobs.outlet.example/x/cook">Cook</a></p>`)),
	}
	want := []string{outlet + "/x/ships", "https://jobs.outlet.example/x/cook"}
	if diff := cmp.Diff(want, urls(t, page)); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
	page.Keep, page.Explicit = nil, false
	if diff := cmp.Diff([]string{outlet + "/y/a-long-story-about-the-boats-12345"}, urls(t, page)); diff != "" {
		t.Errorf("without a filter (-want +got):\n%s", diff)
	}
}

func TestRead_TheFilterComesBeforeTheBound(t *testing.T) {
	var links strings.Builder
	for i := range 2500 {
		fmt.Fprintf(&links, `<h2><a href="/a/%d">x</a></h2>`, i)
	}
	links.WriteString(`<h2><a href="/kept/12345">The one that is wanted</a></h2>`)
	page := discover.Page{URL: outlet + "/", Body: []byte(links.String()), Keep: func(url string) bool { return strings.Contains(url, "/kept/") }}
	if diff := cmp.Diff([]string{outlet + "/kept/12345"}, urls(t, page)); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
}

func TestRead_SaysWhy(t *testing.T) {
	page := discover.Page{URL: outlet + "/", Why: true, Body: []byte(crowded(`<h2><a href="/sea/the-ships-sail-again-tomorrow-12345">The ships sail again tomorrow</a></h2><a href="/photo.jpg">x</a>`))}
	listing, err := discover.Read(page)
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Outlinks) != 1 || len(listing.Outlinks[0].Why) < 4 {
		t.Fatalf("outlinks = %+v", listing.Outlinks)
	}
	why := strings.Join(listing.Outlinks[0].Why, "; ")
	for _, want := range []string{"-2.0 any link", "words or more in the address", "a heading"} {
		if !strings.Contains(why, want) {
			t.Errorf("why = %s, without %q", why, want)
		}
	}
	reasons := map[string]string{}
	for _, o := range listing.Dropped {
		reasons[strings.TrimPrefix(o.URL, outlet)] = strings.Join(o.Why, "; ")
	}
	if reasons["/photo.jpg"] != "a file" || !strings.Contains(reasons["/section-aa"], "in a menu or footer") {
		t.Errorf("dropped = %v", reasons)
	}
	page.Why = false
	if listing, err = discover.Read(page); err != nil || listing.Outlinks[0].Why != nil || listing.Dropped != nil {
		t.Errorf("unasked: %+v, %v", listing, err)
	}
}

func TestRead_FindsTheNextPage(t *testing.T) {
	for _, tt := range []struct{ name, url, body, want string }{
		{"declared", "/sea", `<head><link rel="next" href="/sea/more"></head><a href="/sea?page=2">2</a>`, "/sea/more"},
		{"a link that says so", "/sea", `<a rel="nofollow next" href="?p=x">on</a><a href="/sea/2">2</a>`, "/sea?p=x"},
		{"a number in the query", "/sea?a=1", `<a href="/sea?a=1&amp;page=3">3</a><a href="/sea?page=2&amp;a=1">2</a>`, "/sea?a=1&page=2"},
		{"a number in the path", "/sea/", `<a href="/sea/page/2/">2</a>`, "/sea/page/2/"},
		{"a page of pages", "/sea/page-2", `<a href="/sea/page-1">1</a><a href="/sea/page-3">3</a><a href="/sea/page-4">4</a>`, "/sea/page-3"},
		{"Korean lists", "/nk/all/1", `<a href="/nk/all/2">2</a>`, "/nk/all/2"},
		{"another list's", "/sea", `<a href="/land?page=2">2</a>`, ""},
		{"another site's", "/sea", `<a rel="next" href="https://elsewhere.example/sea?page=2">2</a>`, ""},
		{"itself", "/sea?page=2", `<a rel="next" href="/sea?page=2">2</a>`, ""},
		{"none", "/sea", `<a href="/sea/12345">x</a>`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listing, err := discover.Read(discover.Page{URL: outlet + tt.url, Body: []byte("<html>" + tt.body + `<p><a href="/a/1">One</a>`)})
			want := tt.want
			if want != "" {
				want = outlet + want
			}
			if err != nil || listing.Next != want {
				t.Errorf("next = %q, %v; want %q", listing.Next, err, want)
			}
		})
	}
}

func TestRead_ReadsLinksThatStandInForScripts(t *testing.T) {
	page := discover.Page{URL: outlet + "/", Body: []byte(`<body><div id="app"></div><noscript><ul><li><a href="/a/1">Ships</a></li><li><a href="/a/2">Boats</noscript><p>end</p>`)}
	if diff := cmp.Diff([]string{outlet + "/a/1", outlet + "/a/2"}, urls(t, page)); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
}

func TestRead_ReadsTheDataOfAPageThatAScriptDraws(t *testing.T) {
	data := `<script id="__NEXT_DATA__" type="application/json">{"props":{"menu":[{"title":"Sea","url":"/sea"}],"items":[
		{"title":"The ships sail again tomorrow","url":"/sea/the-ships-sail-again-12345","publishedAt":"2026-11-23T08:00:00Z"},
		{"headline":"Storm closes the harbour for days","path":"/sea/storm-closes-the-harbour-12346"},
		{"title":"Watch the storm from above","url":"/video/watch-the-storm-from-above-12347"}]}}</script>`
	page := discover.Page{URL: outlet + "/", Now: now, Body: []byte("<body><div id=root></div>" + data)}
	want := []string{outlet + "/sea/the-ships-sail-again-12345", outlet + "/sea/storm-closes-the-harbour-12346"}
	if diff := cmp.Diff(want, urls(t, page)); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
	page.Body = []byte(smallSection(`<a href="/a/1">A</a>`, `<a href="/a/2">B</a>`, `<a href="/a/3">C</a>`, `<a href="/a/4">D</a>`) + data)
	if got := urls(t, page); len(got) != 4 {
		t.Errorf("a page with links of its own: %v", got)
	}
}
