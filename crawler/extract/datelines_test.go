package extract

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestRead_DatesAPageWithoutStructuredData(t *testing.T) {
	prose := strings.Repeat("The dam burst at noon, the town said, and nobody was hurt in the valley below. ", 4)
	page := func(lang, head, top, end string) string {
		return `<html lang="` + lang + `"><head><title>Dam bursts</title>` + head + `</head><body><div id="content">` + top + `<p>` + prose + `</p><p>` + prose + `</p></div>` + end + `</body></html>`
	}
	h1 := "<h1>Dam bursts</h1>"
	for _, c := range []struct{ name, url, page, want string }{
		{"an element named for the date", "/a", page("de", "", h1+`<span class="meta__date">03.11.2021</span>`, ""), "2021-11-03"},
		{"above the headline", "/a", page("de", "", `<div class="lineinfo">Do 25.04.24 | 14:07 Uhr | Von Ada Byron</div><h3>Dam bursts</h3>`, ""), "2024-04-25"},
		{"a byline that tells the day", "/a", page("de", "", `<h2>Dam bursts</h2><div class="info">Geschrieben von Cooper am 25.08.2015 22:30 (1599 x gelesen)</div>`, ""), "2015-08-25"},
		{"an hCard's abbr", "/a", page("de", "", h1+`<div><span>Veröffentlicht am:</span> <abbr class="published" title="06-08-2009T14:12:32+0200">im August</abbr></div>`, ""), "2009-08-06"},
		{"a permanent link's time", "/a", page("de", "", h1+`<a href="/a" rel="bookmark"><time class="entry-date published" datetime="2019-06-28T11:32:59+02:00">28. Juni 2019</time><time class="updated" datetime="2020-01-14T11:00:00+02:00">14. Januar 2020</time></a>`, ""), "2019-06-28"},
		{"the dateline of the text", "/a", page("de", "", h1+"<p>Karlsruhe, (12.11.2021). "+prose+"</p>", ""), "2021-11-12"},
		{"only the last change", "/a", page("de", "", h1, `<p class="info">Aktualisiert: 30.12.2016</p>`), "2016-12-30"},
		{"the day a content manager gives gives way to the one shown", "/a", page("de", `<meta name="date" content="2021-12-20T11:02:44+01:00">`, h1+`<span class="date">Veröffentlicht am 27.01.2022</span>`, ""), "2022-01-27"},
		{"the day that a content manager gives", "/a", page("de", `<meta name="date" content="2021-12-20T11:02:44+01:00">`, h1, ""), "2021-12-20"},
		{"the day first in the URL", "/newsroom/23-01-2022-dam-bursts", page("de", "", h1, ""), "2022-01-23"},
		{"data in a script", "/a", page("de", "", h1, `<script>var layer = {"first-publication":"2019-07-30 09:35","last-updated":"2019-07-31 09:35"};</script>`), "2019-07-30"},
		{"a video's", "/a", page("de", `<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2020-04-04T20:57:00+02:00"}</script>`, h1, ""), "2020-04-04"},
		{"a day in a description", "/a", page("de", `<meta name="description" content="The dam burst at noon (News of 14 January 2020)">`, h1, ""), "2020-01-14"},
		{"a sentence of a description", "/a", page("de", `<meta name="description" content="The dam burst (on 14 January 2020) at noon">`, h1, ""), ""},
		{"the last line of an old content manager", "/a", page("de", "", h1, `<div class="post-footer">Dieser Artikel wurde am 14. Dezember 2015 um 14:48 von <a href="/ada">Ada</a> geschrieben</div>`), "2015-12-14"},
		{"a content manager's date later than the last change shown", "/a", page("de", `<meta name="date" content="2020-04-29T11:52:23+02:00">`, h1+`<p class="text"><span class="stand">Stand: 28.04.2020 18:00 Uhr</span></p>`, ""), "2020-04-28"},
		{"bars in a date", "/a", page("de", "", h1+`<table><tr><td>26 | 01 | 2022</td><td>Praxis</td></tr></table>`, ""), "2022-01-26"},
		{"teasers of others", "/a", page("de", "", h1, `<div class="related-news">`+strings.Repeat(`<div class="teaser"><span class="date">10.11.2021</span><a href="/b">Another story of the day</a></div>`, 5)+`</div>`), ""},
		{"comments", "/a", page("de", "", h1, `<div class="comments"><div class="comment-meta">Ada, 8. Dezember 2010 um 10:56</div></div>`), ""},
		{"a day in a sentence", "/a", page("de", "", h1+"<p>Am 26. September 2019 traf sich der Rat der Stadt zum ersten Mal seit dem Bruch des Damms im Tal.</p>", ""), ""},
		{"a day to come", "/a", page("de", "", h1+`<span class="date">03.11.2031</span>`, ""), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, "https://www.example.de"+c.url, c.page)
			got := ""
			if !s.Published.IsZero() {
				got = s.Published.Format(time.DateOnly)
			}
			if got != c.want {
				t.Errorf("published = %q, want %q", got, c.want)
			}
		})
	}
}

func TestRead_GivesTheDayOfThePagesZone(t *testing.T) {
	const head = `<meta property="article:published_time" content="2023-11-09T03:28:35Z">`
	for _, c := range []struct{ name, url, lang, head, want string }{
		{"the day of the URL, in America", "https://example.com/2023/11/08/a", "en-US", head, "2023-11-08T22:28:35-05:00"},
		{"the day of the URL agrees with UTC", "https://example.com/2023/11/09/a", "en-US", head, "2023-11-09T03:28:35Z"},
		{"the country's zone", "https://example.it/a", "it", `<meta property="article:published_time" content="2023-11-01T23:01:00Z">`, "2023-11-02T00:01:00+01:00"},
		{"the language's zone", "https://example.com/a", "ja", head, "2023-11-09T12:28:35+09:00"},
		{"another country's region", "https://example.com/a", "de-US", head, "2023-11-09T03:28:35Z"},
		{"a day without a time stays", "https://example.com/2023/11/08/a", "en-US", `<meta property="article:published_time" content="2023-11-09T00:00:00Z">`, "2023-11-09T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, c.url, `<html lang="`+c.lang+`"><head><title>Dam</title>`+c.head+`</head><body><h1>Dam</h1><p>The dam burst.</p><p>Nobody was hurt.</p></body></html>`)
			if got := s.Published.Format(time.RFC3339); got != c.want {
				t.Errorf("published = %s, want %s", got, c.want)
			}
		})
	}
}

func TestLines_AreBoundedOnAHostilePage(t *testing.T) {
	var b strings.Builder
	b.WriteString("<h1>Dam</h1>")
	b.WriteString(strings.Repeat("<div><span>", 200))
	for i := range 20_000 {
		fmt.Fprintf(&b, `<b class="date"></b><i>%d.%d.2021</i> `, i%28+1, i%12+1)
	}
	doc, _, err := parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	f := gather(doc)
	f.url = &url.URL{Host: "example.com"}
	if lines, _ := f.lines(); len(lines) > maxLines {
		t.Errorf("%d lines", len(lines))
	}
	d := dater{lang: "de"}
	d.read(f)
}

func FuzzRead_Metadata(f *testing.F) {
	f.Add(`{"@type":"NewsArticle","headline":"x","author":[{"name":"Ada"}],"datePublished":"2024-03-05"}`, "By Ada Byron, March 5", "Stand: 5.3.2024")
	f.Add(`{"@graph":[{"@id":"#a","name":"Ada"},{"@type":"Article","author":{"@id":"#a"},"wordCount":"-1"}]}`, "von Bo Li\nAm Montag", "12-31-99")
	f.Fuzz(func(t *testing.T, data, byline, text string) {
		page := `<html><title>` + text + `_x|y</title><script type="application/ld+json">` + data + `</script><h1>` + text + `</h1><div class="byline date">` + byline + `</div><p>` + text + `</p></html>`
		s, err := Read(Page{Body: []byte(page), URL: "https://example.com/a", Now: now})
		if err != nil {
			return
		}
		if s.Published.After(now.Add(24*time.Hour)) || len(s.Authors) > maxAuthors || s.KindReason == "" {
			t.Errorf("%v %v %q", s.Published, s.Authors, s.KindReason)
		}
	})
}
