package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead_TitlesWithoutTheSite(t *testing.T) {
	const p = "<p>The first paragraph of the article is here.</p><p>And a second one follows it.</p>"
	for _, c := range []struct{ name, head, body, want string }{
		{"h1 as the title element", "<title>Dam bursts</title>", "<h1>Dam bursts</h1>", "Dam bursts"},
		{"the site after a bar", "<title>Dam bursts | The Daily</title>", "<h1>Dam bursts</h1>", "Dam bursts"},
		{"the site's name known, no h1", `<title>Dam bursts - The Daily</title><meta property="og:site_name" content="The Daily">`, "", "Dam bursts"},
		{"a dash that is not the site", `<title>Dam bursts - dozens missing</title><meta property="og:site_name" content="The Daily">`, "", "Dam bursts - dozens missing"},
		{"the host's name", "<title>Dam bursts | Example.org</title>", "", "Dam bursts"},
		{"the site before", `<title>The Daily: Dam bursts</title><meta property="og:site_name" content="The Daily"><meta property="og:title" content="The Daily | Dam bursts">`, "", "Dam bursts"},
		{"section and site", `<title>Dam bursts | World | The Daily</title><meta property="og:site_name" content="The Daily">`, "<h1>Dam bursts</h1>", "Dam bursts"},
		{"a logo as h1", `<title>Dam bursts</title>`, `<header><h1><a href="/">The Daily</a></h1></header><h2>Dam bursts</h2>`, "Dam bursts"},
		{"two h1", `<title>Dam bursts | The Daily</title>`, `<h1>The Daily</h1><h1>Dam bursts</h1>`, "Dam bursts"},
		{"only the site in the title element", `<title>The Daily</title><meta property="og:site_name" content="The Daily">`, `<h1>Dam bursts</h1>`, "Dam bursts"},
		{"linked data's entities", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam &amp; bridge"}</script>`, "<h1>Dam &amp; bridge</h1>", "Dam & bridge"},
		{"og only", `<meta property="og:title" content="Dam bursts">`, "", "Dam bursts"},
		{"override characters", "<title>x</title>", "<h1>Dam \u202ebursts\u200b</h1>", "Dam bursts"},
		{"full-width bar", `<title>ダム決壊｜例新聞</title><meta property="og:site_name" content="例新聞">`, "", "ダム決壊"},
		{"linked data that no search title repeats", `<title>Dam: what we know</title><meta property="og:title" content="Dam: what we know"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam bursts in the night"}</script>`, "<h1>Dam: what we know</h1>", "Dam bursts in the night"},
		{"linked data that repeats the search title", `<title>Dam 2024 explained</title><meta property="og:title" content="Dam bursts"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam 2024 explained"}</script>`, "<h1>Dam bursts</h1>", "Dam bursts"},
		{"linked data against all of the head", `<title>Dam bursts</title><meta property="og:title" content="Dam bursts"><script type="application/ld+json">{"@type":"NewsArticle","headline":"The dam has burst"}</script>`, "", "Dam bursts"},
		{"linked data with the site", `<title>Dam bursts - The Daily</title><meta property="og:site_name" content="The Daily"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam bursts - The Daily"}</script>`, "", "Dam bursts"},
		{"linked data cut short", `<title>Dam bursts in the night</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam bursts in…"}</script>`, "<h1>Dam bursts in the night</h1>", "Dam bursts in the night"},
		{"a kicker of the linked data", `<title>Floods: Dam bursts</title><meta property="og:title" content="Floods: Dam bursts"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Floods: Dam bursts"}</script>`, "<h1>Dam bursts</h1>", "Floods: Dam bursts"},
		{"a section and site without spaces", `<title>댐이 무너졌다-정치ㅣ보기일보</title><meta property="og:site_name" content="보기일보">`, "", "댐이 무너졌다"},
		{"a content manager's name as linked data", `<title>Dam bursts | The Daily</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"escenic"}</script>`, "<h1>Dam bursts</h1>", "Dam bursts"},
		{"a section before the site", `<title>Dam bursts | World | The Daily</title><meta property="og:site_name" content="The Daily">`, "", "Dam bursts"},
		{"a hyphen before the site is no section", `<title>Covid-19 | The Daily</title><meta property="og:site_name" content="The Daily">`, "", "Covid-19"},
		{"none", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, "https://www.example.org/world/dam", "<html><head>"+c.head+"</head><body>"+c.body+p+"</body></html>")
			if s.Title != c.want {
				t.Errorf("title = %q, want %q", s.Title, c.want)
			}
		})
	}
}

func TestRead_NamesAuthorsAsPeople(t *testing.T) {
	ld := func(author string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam bursts","author":` + author + `}</script>`
	}
	for _, c := range []struct {
		name, head, before, after string
		want                      []string
	}{
		{"none", "", "", "", []string{}},
		{"a string", ld(`"Ada Byron"`), "", "", []string{"Ada Byron"}},
		{"an object", ld(`{"@type":"Person","name":"Ada Byron"}`), "", "", []string{"Ada Byron"}},
		{"a list", ld(`[{"name":"Ada Byron"},"Bo Li"]`), "", "", []string{"Ada Byron", "Bo Li"}},
		{"names in one", ld(`"By Ada Byron and Bo Li"`), "", "", []string{"Ada Byron", "Bo Li"}},
		{"French", ld(`"Par Ada Byron et Bo Li"`), "", "", []string{"Ada Byron", "Bo Li"}},
		{"German", ld(`"Von Ada Byron und Bo Li"`), "", "", []string{"Ada Byron", "Bo Li"}},
		{"a role", ld(`"Ada Byron, Chief Correspondent"`), "", "", []string{"Ada Byron"}},
		{"the site", `<meta property="og:site_name" content="The Daily">` + ld(`["Ada Byron", "The Daily"]`), "", "", []string{"Ada Byron"}},
		{"a URL", ld(`"https://www.facebook.com/daily"`) + `<meta name="author" content="Ada Byron">`, "", "", []string{"Ada Byron"}},
		{"meta", `<meta name="author" content="Ada Byron; Bo Li">`, "", "", []string{"Ada Byron", "Bo Li"}},
		{"twice", ld(`["Ada Byron","ADA BYRON"]`), "", "", []string{"Ada Byron"}},
		{"the site where nobody else is", `<meta property="og:site_name" content="The Daily">` + ld(`{"@type":"Organization","name":"The Daily"}`), "", "", []string{"The Daily"}},
		{"a person of the page over the site", `<meta property="og:site_name" content="The Daily">` + ld(`{"name":"The Daily"}`), `<div class="byline">By Ada Byron</div>`, "", []string{"Ada Byron"}},
		{"the editors", ld(`"Redaktion"`), "", "", []string{"Redaktion"}},
		{"a person over the editors", ld(`["Redaktion","Ada Byron"]`), "", "", []string{"Ada Byron"}},
		{"an agency after names", ld(`"Ada Byron und Bo Li, dpa"`), "", "", []string{"Ada Byron", "Bo Li", "dpa"}},
		{"a date glued to the name", "", `<div class="byline">Ada Byron Updated December 19, 2023</div>`, "", []string{"Ada Byron"}},
		{"a day glued to the name", "", `<div class="byline">von Ada Byron am Samstag, 19. Oktober 2019 um 11:14 Uhr</div>`, "", []string{"Ada Byron"}},
		{"a date before the name", "", `<div class="byline">Posted on September 21, 2020 by Ada Byron</div>`, "", []string{"Ada Byron"}},
		{"a role below the name", "", `<div class="author"><div>Ada Byron</div><div>Head Winemaker</div></div>`, "", []string{"Ada Byron"}},
		{"a role beside the name", "", `<div class="author">Ada Byron Chefredakteurin</div>`, "", []string{"Ada Byron"}},
		{"a share bar in the author's box", "", `<div class="author">Twitter Facebook</div>`, "", []string{}},
		{"a pen name that is signed", "", `<a rel="author" href="/u/1">karstenr</a>`, "", []string{"karstenr"}},
		{"a text beside the headline", "", `<span>Von Ada Byron</span>`, "", []string{"Ada Byron"}},
		{"a reader who comments", "", "", `<div class="comments"><div class="comment-author">By Cy Young</div></div>`, []string{}},
		{"a byline", "", `<div class="byline">By Ada Byron</div>`, "", []string{"Ada Byron"}},
		{"a paragraph as byline", "", `<p>Par Ada Byron</p>`, "", []string{"Ada Byron"}},
		{"a Korean reporter", "", "", "<p>홍길동 기자 gildong@example.kr</p>", []string{"홍길동"}},
		{"an address as the sole byline", "", "", "<p>fabien@example.kr</p><p>(FIN)</p>", []string{"fabien@example.kr"}},
		{"an address besides a name", ld(`"Ada Byron"`), "", "<p>ada@example.kr</p>", []string{"Ada Byron"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := "<html><head><title>Dam bursts</title>" + c.head + "</head><body><article><h1>Dam bursts</h1>" + c.before +
				"<p>The first paragraph of the article is here.</p><p>And a second one follows it.</p>" + c.after + "</article></body></html>"
			s := read(t, "https://www.example.org/world/dam", page)
			if diff := cmp.Diff(c.want, s.Authors); diff != "" {
				t.Errorf("authors (-want +got):\n%s", diff)
			}
			if want := "The first paragraph of the article is here.\n\nAnd a second one follows it."; s.Body != want {
				t.Errorf("body = %q", s.Body)
			}
		})
	}
}

func TestRead_TakesANameInBoldWhereTheHouseSigns(t *testing.T) {
	prose := "<p>The dam burst at noon, the town said.</p><p>Nobody was hurt in the valley.</p><p>The road is closed.</p>"
	for _, c := range []struct {
		name, author, body string
		want               []string
	}{
		{"at the end", "The Daily", prose + `<p style="text-align:right"><strong>Lê Phương</strong></p>`, []string{"Lê Phương"}},
		{"two at the start", "The Daily", `<p><strong>Ada Byron/Bo van Li</strong></p>` + prose, []string{"Ada Byron", "Bo van Li"}},
		{"a person who signs already", "Cy Young", `<p><strong>Ada Byron</strong></p>` + prose, []string{"Cy Young"}},
		{"nobody signs", "", `<p><strong>Ada Byron</strong></p>` + prose, []string{}},
		{"a line in bold that is no name", "The Daily", `<p><strong>Floods in the valley</strong></p>` + prose, []string{"The Daily"}},
		{"a name among others' words", "The Daily", `<p><strong>Ada Byron</strong> was first to see it.</p>` + prose, []string{"The Daily"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, "https://www.example.org/a", `<html><head><title>Dam bursts</title><meta property="og:site_name" content="The Daily"><meta name="author" content="`+c.author+`"></head><body><h1>Dam bursts</h1><div>`+c.body+`</div></body></html>`)
			if diff := cmp.Diff(c.want, s.Authors); diff != "" {
				t.Errorf("authors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRead_KnowsTheCanonicalAddress(t *testing.T) {
	for _, c := range []struct{ name, url, link, want string }{
		{"none", "https://www.example.org/a/b", "", "https://www.example.org/a/b"},
		{"relative", "https://www.example.org/a/b?x=1", "/a/b", "https://www.example.org/a/b"},
		{"another host of the domain", "https://m.example.co.uk/a/b", "https://www.example.co.uk/a/b", "https://www.example.co.uk/a/b"},
		{"another site", "https://www.example.org/a/b", "https://www.example.net/a/b", "https://www.example.org/a/b"},
		{"another site under one suffix", "https://one.co.uk/a/b", "https://two.co.uk/a/b", "https://one.co.uk/a/b"},
		{"the home page", "https://www.example.org/a/b", "https://www.example.org/", "https://www.example.org/a/b"},
		{"another port of loopback", "http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a", "http://127.0.0.1:8001/a"},
		{"no web address", "https://www.example.org/a/b", "javascript:alert(1)", "https://www.example.org/a/b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := `<html><head><title>T</title><link rel="canonical" href="` + c.link + `"></head><body><h1>T</h1><p>Text of it.</p></body></html>`
			if s := read(t, c.url, page); s.Canonical != c.want {
				t.Errorf("canonical = %q, want %q", s.Canonical, c.want)
			}
		})
	}
}

func TestRead_KnowsTheLanguage(t *testing.T) {
	for markup, want := range map[string]string{
		`<html lang="fr-FR">`:                                            "fr",
		`<html lang="KO">`:                                               "ko",
		`<html xml:lang="de_AT">`:                                        "de",
		`<html><meta property="og:locale" content="es_ES">`:              "es",
		`<html><meta http-equiv="content-language" content="en-US, en">`: "en",
		`<html lang="">`:                                                 "",
		`<html lang="{{x}}">`:                                            "",
		`<html lang="eng">`:                                              "en",
	} {
		if s := read(t, "https://www.example.org/a", markup+"<h1>T</h1><p>Text of it.</p>"); s.Language != want {
			t.Errorf("%s: language = %q, want %q", markup, s.Language, want)
		}
	}
}
