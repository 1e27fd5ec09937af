package extract

import (
	"fmt"
	"strings"
	"testing"

	"veille"
)

func TestRead_ClaimsAWallOnlyForAWall(t *testing.T) {
	var long string
	for i := range 20 {
		long += fmt.Sprintf("<p>The committee heard witness %d for an hour and asked about the budget of the year before.</p>", i)
	}
	for _, c := range []struct {
		name, url, page string
		want            veille.PageKind
	}{
		{"an article about error 404", "", `<title>404: the story of an error</title><h1>404: the story of an error</h1><p>Every page not found has a story.</p>` + long, veille.KindArticle},
		{"an article about cookies", "", `<title>Cookies: what the law says</title><h1>Cookies: what the law says</h1><p>Sites ask readers to accept all cookies.</p>` + long, veille.KindArticle},
		{"a short article beside a cookie banner", "", `<title>Dam bursts</title><div class="cookie"><p>We and our partners store and/or access information. Accept all.</p></div><h1>Dam bursts</h1><p>The dam burst at noon.</p><p>Nobody was hurt.</p>`, veille.KindArticle},
		{"an article about captchas", "", `<title>Are you a robot? How captchas work</title><meta property="og:type" content="article"><h1>Are you a robot? How captchas work</h1>` + long, veille.KindArticle},
		{"a whole article that sells subscriptions at its end", "", `<title>Dam bursts</title><h1>Dam bursts</h1>` + long + `<p>Subscribe to continue reading our stories.</p>`, veille.KindArticle},
		{"a paywall", "", `<title>Dam bursts</title><h1>Dam bursts</h1><p>The dam burst at noon.</p><div><p>Subscribe now to continue reading.</p><p>Already a subscriber? Log in</p></div>`, veille.KindPaywall},
		{"a soft 404 in French", "", `<title>Page introuvable</title><h1>Page introuvable</h1><p>La page demandée n'existe plus.</p>`, veille.KindNotFound},
		{"a soft 404 in Korean", "", `<title>페이지를 찾을 수 없습니다</title><p>요청하신 페이지를 찾을 수 없습니다.</p>`, veille.KindNotFound},
		{"a challenge", "", `<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>Cloudflare Ray ID: 123</p>`, veille.KindChallenge},
		{"a German consent page", "", `<title>Zustimmung</title><h1>Zustimmung</h1><p>Wir und unsere 200 Partner nutzen Cookies. Mit Werbung und Cookies weiterlesen.</p>`, veille.KindConsent},
		{"a home page of links", "/", `<title>Paper</title>` + strings.Repeat(`<h2><a href="/a">A headline with several words in it</a></h2>`, 12), veille.KindSection},
		{"nothing but a picture", "", `<title>x</title><img src="a.jpg">`, veille.KindOther},
		{"two sentences", "", `<h1>Dam bursts</h1><p>The dam burst.</p><p>Nobody was hurt.</p>`, veille.KindArticle},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := "https://www.example.org/world/story"
			if c.url != "" {
				url = "https://www.example.org" + c.url
			}
			s := read(t, url, "<html>"+c.page+"</html>")
			if s.Kind != c.want {
				t.Errorf("kind = %q, want %q (body %.100q)", s.Kind, c.want, s.Body)
			}
			if strings.Contains(s.Body, "Subscribe") {
				t.Errorf("the wall's text is in the body: %q", s.Body)
			}
			if (s.Body != "") != (s.Kind == veille.KindArticle || s.Kind == veille.KindPaywall) {
				t.Errorf("a %s with the body %.100q", s.Kind, s.Body)
			}
		})
	}
}

func TestRead_SaysWhyAPageIsOfItsKind(t *testing.T) {
	ld := func(body string) string { return `<script type="application/ld+json">` + body + `</script>` }
	story := "<p>The dam burst at noon, the town said.</p><p>Nobody was hurt in the valley below.</p>"
	cards := strings.Repeat(`<li><a href="/p">A thing to buy, in three colours</a> $ 19.99</li>`, 14)
	var summaries strings.Builder
	for i := range 30 {
		fmt.Fprintf(&summaries, `{"description":"The summary of story number %d tells what happened there."},`, i)
	}
	for _, c := range []struct{ name, path, page, kind, reason string }{
		{"an article that says so", "/a", `<meta property="og:type" content="article"><h1>Dam bursts</h1>` + story, "article", "declared an article"},
		{"a text", "/a", `<h1>Dam bursts</h1>` + story, "article", "text"},
		{"a live blog", "/a", ld(`{"@type":"LiveBlogPosting","headline":"Dam bursts"}`) + `<h1>Dam bursts</h1>` + story, "article", "live blog"},
		{"a live blog by its entries", "/a", `<h1>Dam bursts</h1><div class="live-events">` + strings.Repeat(`<div class="live-events__entry"><h3>10:24</h3>`+story+`</div>`, 4) + `</div>`, "article", "live blog"},
		{"a live blog by its microdata", "/a", `<h1>Dam bursts</h1>` + strings.Repeat(`<div itemprop="liveBlogUpdate" itemscope><h3>10:24</h3>`+story+`</div>`, 4), "article", "live blog"},
		{"an article beside a live score", "/a", `<h1>Dam bursts</h1>` + story + `<div class="live-match live-score"></div>`, "article", "text"},
		{"a video", "/a", ld(`{"@type":"VideoObject","name":"Dam bursts","uploadDate":"2024-03-05"}`) + `<h1>Dam bursts</h1><p>Watch</p>`, "other", "video"},
		{"a gallery", "/a", ld(`{"@type":"ImageGallery","name":"The dam"}`) + `<h1>The dam</h1>`, "other", "gallery"},
		{"an article with a video", "/a", ld(`[{"@type":"VideoObject","name":"Dam"},{"@type":"NewsArticle","headline":"Dam bursts"}]`) + `<h1>Dam bursts</h1>` + story, "article", "declared an article"},
		{"a login form", "/a", `<title>Sign in</title><h1>Sign in</h1><form><p>Please enter your name and password to go on.</p><input type="password"></form>`, "other", "login"},
		{"an article about logging in", "/a", `<title>Sign in or stay out: a history</title><meta property="og:type" content="article"><h1>Sign in or stay out: a history</h1>` + story, "article", "declared an article"},
		{"a shop", "/spring", `<title>Spring</title><h1>Spring</h1><p>All for the garden.</p><ul>` + cards + `</ul>`, "section", "list of products"},
		{"an article with prices", "/a", `<h1>Prices</h1><meta property="article:published_time" content="2024-03-05">` + strings.Repeat("<p>Bread cost $ 3.20 and milk $ 1.10 in the town that year.</p>", 9), "article", "text"},
		{"a home page with a declared article in its data", "/", ld(`{"@type":"Article","headline":"Dam bursts"}`) + strings.Repeat(`<h2><a href="/x">A headline with several words in it</a></h2><p>One sentence tells of it.</p>`, 9), "section", "home page"},
		{"an article at an id", "/?p=12", `<h1>Dam bursts</h1>` + strings.Repeat(story, 8) + strings.Repeat(`<h2><a href="/x">A headline with several words in it</a></h2>`, 9), "article", "text"},
		{"a list whose summaries are in a script", "/news", strings.Repeat(`<div><a href="/x"><h2>A headline with several words in it</h2><p>A few words of it</p></a></div>`, 30) + `<script id="__NEXT_DATA__" type="application/json">{"items":[` + summaries.String() + `{}]}</script>`, "section", "list of links"},
		{"a list with a second page", "/topic", `<h1>Floods</h1><p>All about floods.</p>` + strings.Repeat(`<h2><a href="/x">A headline with several words in it</a></h2>`, 9) + `<a href="/topic?page=2">2</a>`, "section", "list of links"},
		{"a share of a paywalled article", "/a", ld(`{"@type":"NewsArticle","headline":"Dam bursts","isAccessibleForFree":false,"wordCount":100}`) + `<h1>Dam bursts</h1>` + story + `<div><p>Subscribe now to continue reading.</p></div>`, "paywall", "paywall: about 12% visible"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, "https://www.example.org"+c.path, "<html>"+c.page+"</html>")
			if string(s.Kind) != c.kind || s.KindReason != c.reason {
				t.Errorf("kind = %q for %q, want %q for %q", s.Kind, s.KindReason, c.kind, c.reason)
			}
			if s.Live != (c.reason == "live blog") {
				t.Errorf("live = %v for a page that is %q", s.Live, s.KindReason)
			}
		})
	}
}
