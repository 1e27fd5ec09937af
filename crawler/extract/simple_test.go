package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"veille"
)

// story is a short text, as a test or a small site would hold it.
type story struct {
	lang, title string
	paragraphs  []string
}

var stories = []story{
	{"fr", "Le port rouvre", []string{"Le port a rouvert mardi.", "Trois navires attendaient au large.", "La grève est finie."}},
	{"fr", "Kim Jong-un et Poutine se rencontrent", []string{"La Corée du Nord et la Russie ont annoncé jeudi un sommet à Vladivostok, selon l'agence officielle, qui ne donne pas de date précise.", "Séoul suit la situation."}},
	{"en", "Harbour reopens", []string{"The harbour reopened on Tuesday.", "“At last,” a captain said.", "Three ships had waited at sea, and a fourth had turned back on Sunday when its crew ran short of water."}},
	{"ko", "항구 운영 재개", []string{"항구가 화요일에 다시 문을 열었다.", "배 세 척이 기다리고 있었다."}},
	{"ja", "港が再開", []string{"港は火曜日に再開した。", "三隻の船が沖で待っていた。", "ストライキは終わった。"}},
	{"ru", "Порт снова открыт", []string{"Порт открылся во вторник.", "Три корабля ждали в море.", "Забастовка окончена."}},
	{"en", "One line", []string{"North Korea and Russia met."}},
}

// layouts place a headline (%[1]s) and paragraphs (%[2]s), and furniture before
// (%[3]s) and after (%[4]s) them.
var layouts = map[string]string{
	"bare body":        `<body>%[3]s<h1>%[1]s</h1>%[2]s%[4]s</body>`,
	"article":          `<body>%[3]s<article><h1>%[1]s</h1>%[2]s</article>%[4]s</body>`,
	"main":             `<body>%[3]s<main><h1>%[1]s</h1>%[2]s</main>%[4]s</body>`,
	"main and article": `<body>%[3]s<main><article><header><h1>%[1]s</h1></header><div class="body">%[2]s</div></article></main>%[4]s</body>`,
	"divs":             `<body>%[3]s<div id="wrap"><div class="content"><h1>%[1]s</h1><div class="text">%[2]s</div></div></div>%[4]s</body>`,
	"furniture inside": `<body><div id="page">%[3]s<div class="post"><h1>%[1]s</h1>%[2]s%[4]s</div></div></body>`,
	"a table":          `<body><table><tr><td>%[3]s</td></tr><tr><td><h1>%[1]s</h1>%[2]s</td></tr><tr><td>%[4]s</td></tr></table></body>`,
	"sections":         `<body>%[3]s<section><h1>%[1]s</h1></section><section>%[2]s</section>%[4]s</body>`,
	"a form around":    `<body><form action="/">%[3]s<h1>%[1]s</h1><div>%[2]s</div>%[4]s</form></body>`,
}

// boxes are furniture that holds the word KEYWORD; those whose name begins with
// "lead" stand before the headline, the others after the text.
var boxes = map[string]string{
	"lead nav list":      `<nav><ul><li><a href="/a">KEYWORD</a></li><li><a href="/b">Sport</a></li></ul></nav>`,
	"lead nav text":      `<nav><p>KEYWORD is a menu entry with many words, so that it might look like prose.</p></nav>`,
	"lead header":        `<header><div><a href="/">KEYWORD Times</a></div><nav><a href="/k">KEYWORD</a></nav></header>`,
	"lead menu class":    `<ul class="main-menu"><li>KEYWORD</li><li>Sport</li></ul>`,
	"lead role":          `<div role="navigation"><span>KEYWORD</span> <span>Sport</span></div>`,
	"lead breadcrumb":    `<div class="breadcrumb"><a href="/">Home</a> / <a href="/k">KEYWORD</a></div>`,
	"lead cookie banner": `<div class="cookie-banner"><p>We at KEYWORD use cookies to offer you a better service. Continue to accept them.</p></div>`,
	"footer":             `<footer><p>KEYWORD publishing house, all the news that is fit to print.</p><p>Contact</p></footer>`,
	"footer id":          `<div id="footer"><p>KEYWORD publishing house, all the news that is fit to print.</p></div>`,
	"aside":              `<aside><h2>Also</h2><p>KEYWORD was in the news on Monday, when nothing else happened.</p></aside>`,
	"related list":       `<div class="related"><h3>More</h3><ul><li><a href="/r1">KEYWORD launches a missile</a></li><li><a href="/r2">Other</a></li></ul></div>`,
	"related text":       `<div class="related-articles"><p>KEYWORD was in the news on Monday.</p><p>KEYWORD again.</p></div>`,
	"related heading fr": `<section><h2>À lire aussi</h2><p>KEYWORD fait parler de lui.</p></section>`,
	"related heading en": `<div><h2>Related articles</h2><ul><li>KEYWORD is in the news</li><li>Other</li></ul></div>`,
	"related heading ko": `<div><strong>관련기사</strong><ul><li><a href="/r">KEYWORD 소식</a></li></ul></div>`,
	"related heading ja": `<div><h3>関連記事</h3><p><a href="/r">KEYWORD の記事</a></p></div>`,
	"related heading ru": `<div><h3>Читайте также</h3><p>KEYWORD снова в новостях.</p></div>`,
	"link list":          `<ul><li><a href="/r1">KEYWORD launches a missile</a></li><li><a href="/r2">Another story of the day</a></li></ul>`,
	"teaser cards":       `<div><div><h3><a href="/r1">KEYWORD launches a missile</a></h3><p>It flew far.</p></div><div><h3><a href="/r2">Other story</a></h3><p>KEYWORD too.</p></div></div>`,
	"sidebar":            `<div class="sidebar"><h4>Most read</h4><ol><li><a href="/1">KEYWORD</a></li></ol></div>`,
	"hidden":             `<div hidden><p>KEYWORD is hidden.</p></div><p style="display:none">KEYWORD</p><p aria-hidden="true">KEYWORD</p>`,
	"comments":           `<div id="comments"><p>KEYWORD! says a reader, at some length, and with feeling.</p></div>`,
	"newsletter":         `<div class="newsletter"><p>Get KEYWORD in your inbox every morning.</p><input type="email"><button>KEYWORD</button></div>`,
	"scripts":            `<script>var k = "KEYWORD";</script><style>.KEYWORD{}</style><noscript><p>KEYWORD</p></noscript><template><p>KEYWORD</p></template>`,
	"caption":            `<figure><img alt="KEYWORD"><figcaption>KEYWORD in a picture.</figcaption></figure>`,
	"read more line":     `<p>Read more: <a href="/k">KEYWORD launches a missile</a></p>`,
	"copyright":          `<p>© KEYWORD 2026</p>`,
}

func TestRead_ReadsShortPagesWhole(t *testing.T) {
	for layout, format := range layouts {
		for _, s := range stories {
			page := fmt.Sprintf(`<html lang="%s"><head><title>%s</title></head>`, s.lang, s.title) +
				fmt.Sprintf(format, s.title, "<p>"+strings.Join(s.paragraphs, "</p>\n<p>")+"</p>", "", "") + "</html>"
			check(t, layout, s, page)
		}
	}
}

func TestRead_NeverReadsFurniture(t *testing.T) {
	for layout, format := range layouts {
		for box, markup := range boxes {
			for _, s := range stories {
				lead, tail := "", markup
				if strings.HasPrefix(box, "lead") {
					lead, tail = markup, ""
				}
				page := fmt.Sprintf(`<html lang="%s"><head><title>%s</title></head>`, s.lang, s.title) +
					fmt.Sprintf(format, s.title, "<p>"+strings.Join(s.paragraphs, "</p>\n<p>")+"</p>", lead, tail) + "</html>"
				check(t, layout+"/"+box, s, page)
			}
		}
	}
}

func TestRead_NeverReadsAllFurnitureTogether(t *testing.T) {
	var lead, tail strings.Builder
	for _, box := range slices.Sorted(func(yield func(string) bool) {
		for k := range boxes {
			if !yield(k) {
				return
			}
		}
	}) {
		if strings.HasPrefix(box, "lead") {
			lead.WriteString(boxes[box])
		} else {
			tail.WriteString(boxes[box])
		}
	}
	for layout, format := range layouts {
		for _, s := range stories {
			page := fmt.Sprintf(`<html lang="%s"><head><title>%s - KEYWORD Times</title><meta property="og:site_name" content="KEYWORD Times"></head>`, s.lang, s.title) +
				fmt.Sprintf(format, s.title, "<p>"+strings.Join(s.paragraphs, "</p>\n<p>")+"</p>", lead.String(), tail.String()) + "</html>"
			check(t, layout+"/all", s, page)
		}
	}
}

func check(t *testing.T, name string, s story, page string) {
	t.Helper()
	got, err := Read(Page{Body: []byte(page), URL: "https://www.example.org/2026/a-story", Now: now})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if want := strings.Join(s.paragraphs, "\n\n"); got.Body != want {
		t.Errorf("%s/%s: body = %q, want %q", name, s.title, got.Body, want)
	}
	if got.Title != s.title {
		t.Errorf("%s: title = %q, want %q", name, got.Title, s.title)
	}
	if got.Kind != veille.KindArticle {
		t.Errorf("%s/%s: kind = %q", name, s.title, got.Kind)
	}
	if got.Language != s.lang {
		t.Errorf("%s: language = %q", name, got.Language)
	}
}

func TestRead_ReadsAWireStoryWithoutMarkup(t *testing.T) {
	page := `<html lang="fr"><head><title>Un sommet se prépare | AGENCE EXEMPLE</title></head><body>
<p>Go to Contents Go to Navigation</p>
<p>Notre site utilise des cookies et d'autres techniques pour offrir une meilleure qualité de service. Voir en détail</p>
<h1>Un sommet se prépare</h1><p>Corée du Nord 14.09.2023 à 10h24</p>
<p>SEOUL, 14 sept. -- Les deux dirigeants se verront dans une ville de l'Est.</p>
<p>Le palais vu du fleuve, le 13 septembre 2023. (Photo Exemple)</p><p>Le palais vu du fleuve, le 13 septembre 2023. (Photo Exemple)</p>
<p>Rien n'est dit de l'ordre du jour.</p>
<p>fabien@example.kr</p><p>(FIN)</p><p>Accueil Haut de page</p></body></html>`
	s := read(t, "https://fr.example.kr/view/AFR20230914000700884", page)
	want := "SEOUL, 14 sept. -- Les deux dirigeants se verront dans une ville de l'Est.\n\nRien n'est dit de l'ordre du jour."
	if s.Body != want || s.Title != "Un sommet se prépare" || s.Kind != veille.KindArticle {
		t.Errorf("%s %q: %q", s.Kind, s.Title, s.Body)
	}
	if !slices.Equal(s.Authors, []string{"fabien@example.kr"}) || s.Published.Format("2006-01-02T15:04:05Z07:00") != "2023-09-14T10:24:00+09:00" {
		t.Errorf("%v %v", s.Authors, s.Published)
	}
}
