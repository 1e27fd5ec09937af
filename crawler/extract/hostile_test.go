package extract

import (
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"veille"
)

// maxAllocated bounds what reading a page of 8 MiB may allocate in all, most of
// which is garbage soon.
const maxAllocated = 250 << 20

// allocated is how many bytes f allocates, while nothing else runs.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestRead_SurvivesHostilePages(t *testing.T) {
	const text = "<h1>A quiet title</h1><p>The first paragraph of an honest article.</p><p>The second paragraph of it.</p>"
	var attrs strings.Builder
	for i := range 500_000 {
		fmt.Fprintf(&attrs, " a%d=%d", i, i)
	}
	for name, page := range map[string]string{
		"nested divs":         text + strings.Repeat("<div>", 100_000),
		"nested spans":        strings.Repeat("<span>", 100_000) + text,
		"nested tables":       text + strings.Repeat("<table><tr><td>", 30_000),
		"attributes":          "<div" + attrs.String() + ">" + text,
		"body attributes":     "<body" + attrs.String() + ">" + text,
		"long attribute":      `<div data-x="` + strings.Repeat("x", 8<<20) + `">` + text,
		"long comment":        "<!--" + strings.Repeat("-x", 4<<20) + "-->" + text,
		"long script":         "<script>" + strings.Repeat("x<", 4<<20) + "</script>" + text,
		"unclosed script":     text + "<script>" + strings.Repeat("<p>", 100_000),
		"NULs":                strings.ReplaceAll(text, " ", " \x00"),
		"invalid UTF-8":       text + "\xff\xfe\xc3(",
		"plaintext":           text + "<plaintext>",
		"svg and math":        text + strings.Repeat("<svg><math><desc><p>", 200) + "</p></svg>",
		"templates":           strings.Repeat("<template>", 400) + strings.Repeat("</template>", 400) + text,
		"many metas":          strings.Repeat(`<meta property="og:title" content="x">`, 20_000) + text,
		"deep linked data":    `<script type="application/ld+json">` + strings.Repeat("[", 1_000_000) + "</script>" + text,
		"wide linked data":    `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"NewsArticle","author":[{"@id":"#a"}]},`, 20_000) + `{}]</script>` + text,
		"cyclic linked data":  `<script type="application/ld+json">[{"@id":"#a","@type":"NewsArticle","author":{"@id":"#a"},"image":{"@id":"#a"},"mainEntity":{"@id":"#a"}}]</script>` + text,
		"odd linked data":     `<script type="application/ld+json">{"@type":[1,null,{"a":[]}],"headline":{"x":1},"author":[[["x"]],7,null],"datePublished":12,"image":[[]]}</script>` + text,
		"escapes":             `<script type="application/ld+json">{"@type":"NewsArticle","headline":"` + strings.Repeat(`\x`, 500_000) + `"}</script>` + text,
		"combining marks":     text + "<p>" + strings.Repeat("a\u0301\u0302", 300_000) + "</p>",
		"many h1":             text + strings.Repeat("<h1>x y z</h1>", 20_000),
		"many times":          text + strings.Repeat("<time>1 May 2020</time>", 20_000),
		"many links":          text + strings.Repeat("<a href=/x>link</a> ", 50_000),
		"wide within deep":    text + strings.Repeat("<div class=author itemprop=author>", 450) + strings.Repeat("<p>Jane Doe</p>", 30_000),
		"long base64":         `<img src="data:image/png;base64,` + strings.Repeat("QUJD", 2<<20-1000) + `">` + text,
		"long class":          `<div class="` + strings.Repeat("author related ", 500_000) + `"></div>` + text,
		"attributes of all":   text + strings.Repeat("<i a b c d e f g h i j k l m n o p q r s t u v w x y z></i>", 130_000),
		"lone surrogates":     text + "<p>&#xD800; &#xDFFF; &#x110000; &#0;</p>" + `<script type="application/ld+json">{"@type":"NewsArticle","description":"\ud800 x \udfff"}</script>`,
		"svg within math":     strings.Repeat("<math><mi><svg><foreignObject>", 60) + strings.Repeat("</foreignObject></svg></mi></math>", 60) + text,
		"mglyph":              "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;'></table></mtext></math>" + text,
		"svg style":           "<svg><style><img src=x></style></svg>" + text,
		"templates in tables": "<table><template><tr><td><table></template></table>" + text,
		"framesets":           text + strings.Repeat("<frameset>", 10_000),
		"selects":             "<select>" + strings.Repeat("<option>x", 10_000) + "</select>" + text,
		"unclosed formatting": strings.Repeat("<b><i><u>", 100) + text,
		"zalgo title":         `<meta property="og:title" content="A quiet ti` + strings.Repeat("\u0301\u0302", 500_000) + `tle">` + text,
		"joined emoji":        text + "<p>" + strings.Repeat("👩\u200d", 100_000) + "</p>",
		"a title of 1 MB":     "<title>" + strings.Repeat("A quiet title | ", 65_000) + "</title>" + text,
		"right to left":       text + "<p>exe.\u202egnp</p>",
		"deep objects":        `<script type="application/ld+json">` + strings.Repeat(`{"a":`, 1_000_000) + "</script>" + text,
		"wrong types":         `<script type="application/ld+json">{"@type":"NewsArticle","headline":[[[{}]]],"articleBody":{"@value":7},"datePublished":["x",{}],"author":"` + strings.Repeat("x, ", 100_000) + `","@graph":7}</script>` + text,
		"open comment":        text + "<!--" + strings.Repeat("--!", 500_000),
		"open script":         text + "<script><!--" + strings.Repeat("<script>", 500_000),
		"open CDATA":          text + "<svg>" + strings.Repeat("<![CDATA[", 500_000),
	} {
		t.Run(name, func(t *testing.T) {
			body := []byte("<html lang=en><title>A quiet title</title>" + page)
			var s veille.Snapshot
			var err error
			spent := allocated(func() { s, err = Read(Page{Body: body, URL: "https://example.com/a", Now: now}) })
			if err != nil {
				t.Fatal(err)
			}
			if spent > maxAllocated && !raceDetector {
				t.Errorf("%d MiB are allocated", spent>>20)
			}
			if !utf8.ValidString(s.Body) || !utf8.ValidString(s.Title) {
				t.Error("not UTF-8")
			}
			if strings.ContainsRune(s.Body, 0) {
				t.Error("a NUL in the body")
			}
			if !strings.Contains(s.Body, "first paragraph") || !strings.Contains(s.Body, "second paragraph") {
				t.Errorf("the article is lost: %.200q", s.Body)
			}
			if len(s.Title) > 4*maxTitle {
				t.Errorf("a title of %d bytes", len(s.Title))
			}
		})
	}
}

func TestRead_KeepsTwentyThousandParagraphs(t *testing.T) {
	var page strings.Builder
	page.WriteString("<html><title>Long</title><h1>Long</h1>")
	for i := range 20_000 {
		fmt.Fprintf(&page, "<p>Paragraph number %d of a very long text.</p>", i)
	}
	s := read(t, "https://example.com/a", page.String())
	if n := strings.Count(s.Body, "\n\n") + 1; n != 20_000 {
		t.Errorf("%d paragraphs", n)
	}
}

func TestRead_ReadsForeignEncodingsOfHostilePages(t *testing.T) {
	const text = "<html lang=en><title>A quiet title</title><h1>A quiet title</h1><p>The first paragraph of an honest article.</p><p>The second paragraph of it.</p>"
	wide := func(s string, big bool) []byte {
		var out []byte
		for _, u := range utf16.Encode([]rune(s)) {
			if big {
				out = append(out, byte(u>>8), byte(u))
			} else {
				out = append(out, byte(u), byte(u>>8))
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		body    []byte
		charset string
	}{
		"UTF-16LE without a mark":   {wide(text, false), "utf-16le"},
		"UTF-16BE without a mark":   {wide(text, true), "utf-16be"},
		"UTF-16 with a surrogate":   {append(wide(text+"<p>", false), 0x00, 0xd8, 'x', 0), "utf-16le"},
		"UTF-16 of an odd length":   {append(wide(text, false), 'x'), "utf-16le"},
		"UTF-7 declared":            {[]byte("<meta charset=utf-7>" + text + "<p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-"), "utf-8"},
		"surrogates in UTF-8":       {[]byte(text + "<p>\xed\xa0\x80 é \xed\xbf\xbf"), "windows-1252"},
		"a NUL in every word":       {[]byte(strings.ReplaceAll(text, "a", "a\x00")), "utf-8"},
		"Shift_JIS declared thrice": {append([]byte("<meta charset=windows-1252>"+text+"<p>"), strings.Repeat("\x90\xad\x95\x7b\x82\xcd\x8d\xa1\x93\xfa\x81\x41\x90\x56\x82\xb5\x82\xa2\x91\xce\x8d\xf4\x82\xf0\x94\xad\x95\x5c\x82\xb5\x82\xbd\x81\x42", 20)...), "shift_jis"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(Page{Body: c.body, URL: "https://example.com/a", ContentType: "text/html; charset=utf-8", Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if s.Charset != c.charset {
				t.Errorf("charset = %q, want %q", s.Charset, c.charset)
			}
			if !utf8.ValidString(s.Body) || strings.ContainsRune(s.Body, 0) || strings.Contains(s.Body, "<script>") {
				t.Errorf("body = %q", s.Body)
			}
			if !strings.Contains(s.Body, "second paragraph") {
				t.Errorf("the article is lost: %q", s.Body)
			}
		})
	}
}

func TestRead_RefusesHostileBytes(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		kind veille.FetchErrorKind
	}{
		"a PDF":            {[]byte("%PDF-1.7\n1 0 obj <</Type /Catalog>> <p>text</p>"), veille.FetchNotHTML},
		"a ZIP":            {[]byte("PK\x03\x04<html><p>text"), veille.FetchNotHTML},
		"an MP4":           {[]byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00<p>text"), veille.FetchNotHTML},
		"random bytes":     {[]byte(strings.Repeat("\x00\x01\x02\x8e\xff\x17", 1000)), veille.FetchNotHTML},
		"nothing":          {nil, veille.FetchEmpty},
		"8 MiB of spaces":  {[]byte(strings.Repeat(" \n", 4<<20)), veille.FetchEmpty},
		"too many tags":    {[]byte(strings.Repeat("<p>x", 3*maxTags)), veille.FetchBroken},
		"too long a text":  {[]byte("<p>" + strings.Repeat("x", maxText)), veille.FetchBroken},
		"a bomb of UTF-16": {append([]byte("\xff\xfe<\x00p\x00>\x00"), strings.Repeat("\x00\x4e", maxText/2)...), veille.FetchBroken},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(Page{Body: c.body, URL: "https://example.com/a", ContentType: "text/html", Now: now})
			var fe *veille.FetchError
			if !errors.As(err, &fe) || fe.Kind != c.kind {
				t.Errorf("error = %v, want %s", err, c.kind)
			}
		})
	}
}

func TestRead_NeverBelievesAnImpossibleDate(t *testing.T) {
	for _, date := range []string{"2099-01-01T00:00:00Z", "9999-99-99", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "٢٠٢٣-٠٩-١٤", "yesterday", "-1", "1e309", "{{date}}", strings.Repeat("2020-", 100_000)} {
		page := `<html lang=en><title>A quiet title</title><meta property="article:published_time" content="` + date + `">` +
			`<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"` + date + `"}</script>` +
			`<h1>A quiet title</h1><p>The first paragraph of an honest article.</p><p>The second paragraph of it.</p>`
		s := read(t, "https://example.com/a", page)
		if !s.Published.IsZero() && (s.Published.Year() < 1990 || s.Published.After(now.AddDate(0, 0, 1))) {
			t.Errorf("%.20q is read as %v", date, s.Published)
		}
	}
}

// What a page changes at each load, around the article, changes nothing of it.
func TestRead_ReadsAPageAlikeFiftyTimes(t *testing.T) {
	article := "<h1>The ferry line reopens</h1>" + strings.Repeat("<p>The ferry made another crossing on Monday, said the harbour office, and most of those who queued got aboard before noon.</p>", 12)
	var first veille.Snapshot
	for i := range 50 {
		page := fmt.Sprintf(`<html lang=en><head><title>The ferry line reopens</title><meta name=csrf-token content="%x"></head><body>
<nav><a href=/a>Home</a> <a href=/b>%d° today</a></nav><article>%s</article>
<aside class="related"><h2>Read also</h2><a href="/s/%d">Another story of number %d</a></aside>
<div class="ad-slot" id="ad-%d"><p>Buy %d of them now</p></div><footer>Rendered in %d ms</footer><script>var t=%d</script></body></html>`, i*7919, i, article, i, i, i, i, i, i)
		s := read(t, "https://example.com/a", page)
		if i == 0 {
			first = s
		}
		if s.Body != first.Body || s.Title != first.Title || s.Charset != first.Charset {
			t.Fatalf("load %d: title %q, body %q", i, s.Title, s.Body)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("<html><title>T</title><h1>T</h1><p>One.</p>"), "text/html; charset=utf-8")
	f.Add([]byte("<article><table><tr><td>x<br><br>y<p></article>"), "")
	f.Add([]byte(`<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"x"}]}</script><p>x`), "")
	f.Add([]byte("<svg><style><p><math><mi><table>"), "")
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"), "text/html")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		s, err := Read(Page{Body: body, URL: "https://example.com/a", ContentType: contentType, Now: now})
		var fe *veille.FetchError
		switch {
		case err != nil && !errors.As(err, &fe):
			t.Errorf("error of type %T", err)
		case err != nil && errors.Is(err, errUnread):
			t.Error("the reader panicked")
		case err == nil && (!utf8.ValidString(s.Body) || !utf8.ValidString(s.Title) || s.Kind == "" || s.Charset == ""):
			t.Errorf("snapshot %+v", s)
		}
	})
}

func FuzzLinkedData(f *testing.F) {
	base, _ := url.Parse("https://example.com/a")
	f.Add(`{"@type":"NewsArticle","headline":"a` + "\n" + `b","author":[{"name":"x"},"y"]}`)
	f.Add(`<!-- {"@graph":[{"@type":["Article"],"mainEntityOfPage":{"@id":"/a"}},]} -->`)
	f.Add(`[{"@id":"#a","@type":"Person","name":"N"},{"@type":"Article","author":{"@id":"#a"}}];`)
	f.Fuzz(func(t *testing.T, script string) {
		ld := readLinkedData([]string{script}, base)
		if len(ld.authors) > 100*maxAuthors {
			t.Errorf("%d authors", len(ld.authors))
		}
	})
}
