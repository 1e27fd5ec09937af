package extract

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// filler is the text of a story, long enough that furniture rules apply in full.
var filler = []string{
	"The harbour reopened on Tuesday after a strike of eleven days, and the first three ships came in before noon with the tide behind them.",
	"Dockers had asked for longer breaks and a new crane, and the port authority agreed to both in a meeting that went on until the morning.",
	"Fishermen who had sold their catch in the next town said that the price of cod had fallen by a third while they were away from home.",
	"The ferry to the islands will run twice a day until the end of the month, when the summer timetable begins again as it does each year.",
	"Nobody in the town could remember a longer stoppage, though the oldest pilot spoke of a winter when the harbour froze for five weeks.",
	"The mayor said that she would visit the new crane on Friday, if the weather allowed it to be put together by then as it was planned.",
}

// page puts parts around the filler's paragraphs, the format's only verb.
func page(format string) string {
	return `<html lang="en"><head><title>Harbour reopens</title></head><body>` +
		strings.Replace(format, "%s", "<p>"+strings.Join(filler, "</p><p>")+"</p>", 1) + `</body></html>`
}

func bodyOf(t *testing.T, html string) string {
	t.Helper()
	return read(t, "https://www.example.org/2026/a-story", html).Body
}

func TestRead_KeepsTheLeadBetweenHeadlineAndText(t *testing.T) {
	const lead = "After eleven days without a ship the harbour is open, and the town breathes again."
	text := strings.Join(filler, "\n\n")
	for name, c := range map[string]struct{ format, want string }{
		"a paragraph in the header":  {`<article><header><h1>Harbour reopens</h1><p>` + lead + `</p></header><div>%s</div></article>`, lead},
		"a second heading":           {`<article><header><h1>Harbour reopens</h1><h2>` + lead + `</h2></header><div>%s</div></article>`, lead},
		"named a teaser":             {`<main><h1>Harbour reopens</h1><div class="article-teaser-text">` + lead + `</div><div>%s</div></main>`, lead},
		"named without a sentence":   {`<main><h1>Harbour reopens</h1><p class="standfirst">Ships are back in a town of fishermen and pilots</p><div>%s</div></main>`, "Ships are back in a town of fishermen and pilots"},
		"a first paragraph set free": {`<main><div><h1>Harbour reopens</h1></div><div><p>` + lead + `</p><div class="rest">%s</div></div></main>`, lead},
		"a call to register":         {`<main><h1>Harbour reopens</h1><div class="intro-register"><p>Create an account or sign in to continue with your reading experience.</p></div><div>%s</div></main>`, ""},
	} {
		want := text
		if c.want != "" {
			want = c.want + "\n\n" + text
		}
		if diff := cmp.Diff(want, bodyOf(t, page(c.format))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRead_EndsWithTheStory(t *testing.T) {
	for _, line := range []string{
		`<p>Reporting by A. Person in Oslo; Editing by B. Person</p>`,
		`<p>C. Person contributed reporting from Bergen.</p>`,
		`<p>Follow A. Person on Twitter <a href="https://t.example/a">@aperson</a>.</p>`,
		`<p><em>A. Person is the author of a book about harbours, which came out last year.</em></p>`,
		`<p>Email A. Person at a.person@example.org or write to the editor.</p>`,
		`<p>Sign up for our newsletter and never miss a ship.</p>`,
		`<p>This article was first published on our sister site and is used with permission.</p>`,
		`<p>Mit Material von dpa und AFP</p>`,
		`<p>Suivez toute l'actualité du port sur Facebook et sur WhatsApp.</p>`,
		`<p>(dpa/lno)</p>`,
		`<h3>More great stories</h3><ul><li>A ship, <a href="/1">and how it sank one day</a></li><li>A crane, <a href="/2">and what it lifted up</a></li><li>The cod, <a href="/3">and where it has gone</a></li></ul>`,
		`<p>This slideshow requires JavaScript.</p>`,
		`<p>[button link="/x" type="big"] Send us your catch[/button]</p>`,
		`<p>Photo: A. Person</p>`,
		`<form action="/s"><p>Tell us where you live and we will write to you.</p><input type="email"></form>`,
	} {
		if diff := cmp.Diff(strings.Join(filler, "\n\n"), bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s`+line+`</article>`))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

func TestRead_KeepsWhatOnlyLooksLikeAnEnd(t *testing.T) {
	for _, line := range []string{
		"Follow the river for a mile and you come to the mill, which was sold to a family from the city.",
		"This winter, Facebook and Twitter were full of pictures of the frozen harbour.",
		"“I shall go to sea,” he said.",
		"By noon the last of them was gone.",
	} {
		if got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s<p>`+line+`</p></article>`)); !strings.HasSuffix(got, line) {
			t.Errorf("%s is lost", line)
		}
	}
}

func TestRead_DropsRowsOfTeasers(t *testing.T) {
	var row strings.Builder
	for i := range 12 {
		fmt.Fprintf(&row, `<div class="col"><div class="h"><span>%d hours ago</span><a href="/n/%d">Another story of the day, number %d</a></div><div class="x"><p>What happened there is told in this line, which is as long as a paragraph of prose may be, and ends.</p></div></div>`, i, i, i)
	}
	if diff := cmp.Diff(strings.Join(filler, "\n\n"), bodyOf(t, page(`<main><h1>Harbour reopens</h1><div>%s</div><div class="grid">`+row.String()+`</div></main>`))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRead_KeepsAListThatBelongsToTheText(t *testing.T) {
	list := `<ul>`
	for i := range 5 {
		list += fmt.Sprintf(`<li><a href="/c/%d">The company of the crane number %d</a> has said that it will pay for all of the repairs itself.</li>`, i, i)
	}
	if got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s`+list+`</ul></article>`)); strings.Count(got, "will pay for all of the repairs") != 5 {
		t.Errorf("body = %q", got)
	}
}

func TestRead_KeepsQuotedPosts(t *testing.T) {
	post := `<div class="social-media-embed"><blockquote class="twitter-tweet"><p>The harbour is open, says the mayor, and so is the fish market.</p>— Port (@port) <a href="https://t.example/1">May 1, 2026</a></blockquote></div>`
	if got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s`+post+`<p>`+filler[0]+` So it was.</p></article>`)); !strings.Contains(got, "so is the fish market") {
		t.Errorf("body = %q", got)
	}
}

func TestRead_DropsTheCaptionOfAPictureBox(t *testing.T) {
	box := `<div class="story-image"><img src="x"><p>Ships wait at sea in this picture of last Sunday, taken from the old tower.</p></div>`
	if diff := cmp.Diff(strings.Join(filler, "\n\n"), bodyOf(t, page(`<article><h1>Harbour reopens</h1>`+box+`%s`+box+`</article>`))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRead_KeepsTheRowsOfATable(t *testing.T) {
	table := `<table>`
	for i := range 9 {
		table += fmt.Sprintf(`<tr class="odd player-%d"><td>%d</td><td>Rower number %d</td><td>%d points</td></tr>`, i, i, i, 90-i)
	}
	if got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s`+table+`</table></article>`)); strings.Count(got, "Rower number") != 9 {
		t.Errorf("body = %q", got)
	}
}

func TestRead_KeepsEveryEntryOfALiveBlog(t *testing.T) {
	var entries strings.Builder
	for i := range 20 {
		fmt.Fprintf(&entries, `<article class="entry" id="e%d"><h3><a href="#e%d">Ship number %d</a></h3><p>The ship number %d has passed the light, and the pilot went aboard at once.</p></article>`, i, i, i, i)
	}
	got := bodyOf(t, `<html lang="en"><head><title>Harbour, live</title></head><body><main><article><h1>Harbour, live</h1><p>All about the reopening of the harbour, as it happens today.</p>`+entries.String()+`</article></main></body></html>`)
	if strings.Count(got, "has passed the light") != 20 || strings.Index(got, "number 0 ") > strings.Index(got, "number 19 ") {
		t.Errorf("body = %q", got)
	}
}

func TestRead_KeepsTheEntriesThatOpenWithALongLink(t *testing.T) {
	var entries strings.Builder
	for i := range 8 {
		fmt.Fprintf(&entries, `<div class="live-events__entry"><div><time>11:%02d</time> <a href="/people/ada">Ada Byron</a></div><h3>Ship number %d</h3><div><p>The pilot's <a href="/ship/%d">ship has passed the light at the end of the mole and is on its way to the quay</a> since ten o'clock.</p><p>It is number %d of the day.</p></div></div>`, i, i, i, i)
	}
	got := bodyOf(t, `<html lang="en"><head><title>Harbour, live</title></head><body><main><h1>Harbour, live</h1><p>All about the reopening of the harbour, as it happens today.</p><div class="live-events">`+entries.String()+`</div></main></body></html>`)
	if strings.Count(got, "has passed the light") != 8 || strings.Count(got, "of the day") != 8 {
		t.Errorf("body = %q", got)
	}
}

func TestRead_DropsLinesOfOneLeadInAnyLanguage(t *testing.T) {
	lines := "<p>FUNDA OLUNYE UDABA | The rain has ended in the valley of the river</p><p>FUNDA OLUNYE UDABA | The dam above the town has burst at last</p>"
	if got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s`+lines+`</article>`)); got != strings.Join(filler, "\n\n") {
		t.Errorf("body = %q", got)
	}
	once := "<p>LINE 7 | The ferry to the island leaves at noon again</p>"
	if got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s`+once+`</article>`)); !strings.HasSuffix(got, "noon again") {
		t.Errorf("body = %q", got)
	}
}

func TestRead_DropsTheBoxesOfASidebar(t *testing.T) {
	boxes := `<div class="side"><div class="widget-1 first panel"><h3>Polls</h3><p>Has the new wall been worth its cost? Tell us what you think of it.</p></div><div class="widget widget_text"><h3>A book</h3><div class="textwidget"><p>It is a lovely book, light and easy to dip into on the quay.</p></div></div></div>`
	if got := bodyOf(t, page(`<div class="cols"><div class="main">%s</div>`+boxes+`</div>`)); got != strings.Join(filler, "\n\n") {
		t.Errorf("body = %q", got)
	}
	// A builder of pages calls every part a widget.
	built := `<div class="elementor"><div class="elementor-widget widget-1"><p>` + strings.Join(filler, `</p></div><div class="elementor-widget widget-2"><p>`) + `</p></div></div>`
	if got := bodyOf(t, `<html><head><title>Harbour reopens</title></head><body><h1>Harbour reopens</h1>`+built+`</body></html>`); got != strings.Join(filler, "\n\n") {
		t.Errorf("body = %q", got)
	}
}

func TestRead_RescuesTheTextFromScripts(t *testing.T) {
	want := strings.Join(filler, "\n\n")
	quoted := func(s string) string {
		return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "<", `\u003c`, "\n", `\n`).Replace(s)
	}
	var children strings.Builder
	for _, p := range filler {
		children.WriteString(`{"type":"text","content":"` + p + `"},`)
	}
	markup := "<div class=\"caption\"><p>Ships in a picture of the harbour, seen from above.</p></div><p>" + strings.Join(filler, "</p><p>") + "</p>"
	for name, scripts := range map[string]string{
		"Next.js data":   `<script id="__NEXT_DATA__" type="application/json">{"props":{"title":"x","related":[{"description":"Another story that is told in one sentence alone."}],"body":"` + quoted(markup) + `"}}</script>`,
		"Next.js stream": fmt.Sprintf(`<script>self.__next_f.push([1,"1:I[7,[],\"x\"]\n2:T%x,"])</script><script>self.__next_f.push([1,"%s3:[\"$\",\"div\"]"])</script>`, len(markup), quoted(markup)),
		"Fusion":         `<script>window.Fusion={};Fusion.globalContent={"content_elements":[` + children.String() + `{"type":"x"}]};</script>`,
	} {
		if diff := cmp.Diff(want, bodyOf(t, `<html lang="en"><head><title>Harbour reopens</title></head><body><div id="root"></div><h1>Harbour reopens</h1>`+scripts+`</body></html>`)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	got := bodyOf(t, page(`<article><h1>Harbour reopens</h1>%s</article><script id="__NEXT_DATA__" type="application/json">{"body":"`+strings.Repeat("Something else that is told at length. ", 90)+`"}</script>`))
	if got != want {
		t.Errorf("a page with text reads its scripts: %q", got)
	}
}

func TestRead_EndsWhereTheLinkedDataEnds(t *testing.T) {
	tail := "<p>The port was built two centuries ago and has been famous for its cranes and its cod ever since that time.</p>"
	ld := func(body string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour reopens","articleBody":"` + body + `"}</script>`
	}
	whole := strings.Join(filler, "\n\n")
	if got := bodyOf(t, page(ld(strings.Join(filler, " "))+`<article><h1>Harbour reopens</h1>%s`+tail+`</article>`)); got != whole {
		t.Errorf("body = %q", got)
	}
	for name, body := range map[string]string{"cut within a sentence": strings.Join(filler, " ")[:700], "another text": strings.Repeat("Something else that is told here. ", 30)} {
		if got := bodyOf(t, page(ld(body)+`<article><h1>Harbour reopens</h1>%s`+tail+`</article>`)); !strings.HasSuffix(got, "since that time.") {
			t.Errorf("%s: body = %q", name, got)
		}
	}
}

func TestRead_DropsWhatTheSiteRepeats(t *testing.T) {
	const about = "The Harbour Gazette has told the news of the coast since the year of the great storm."
	site := func(paragraphs []string) *veille.Site {
		s := &veille.Site{Name: "example.org"}
		for i := range leastRead {
			s.Learn(veille.Observation{URL: fmt.Sprintf("https://example.org/2026/story-%d", i), Article: true, Paragraphs: hashes(paragraphs)})
		}
		return s
	}
	html := page(`<article><h1>Harbour reopens</h1>%s<p>` + about + `</p></article>`)
	text := strings.Join(filler, "\n\n")
	for _, c := range []struct {
		name string
		site *veille.Site
		want string
	}{
		{"nothing known", nil, text + "\n\n" + about},
		{"the line is known", site([]string{about}), text},
		{"all is known", site(append([]string{about}, filler...)), text + "\n\n" + about},
	} {
		s, err := Read(Page{Body: []byte(html), URL: "https://example.org/2026/a-story", Now: now, Site: c.site})
		if err != nil || s.Body != c.want {
			t.Errorf("%s: %v, body = %q", c.name, err, s.Body)
		}
		if len(s.Learned.Paragraphs) != len(filler)+1 {
			t.Errorf("%s: %d paragraphs to learn", c.name, len(s.Learned.Paragraphs))
		}
	}
}

func TestRead_ReadsHostileRowsInTime(t *testing.T) {
	const prose = "word and more word and more word and more word and more."
	for name, html := range map[string]string{
		"lists":    strings.Repeat(`<ul><li><a href=/x>A headline of some length here</a></li></ul>`, 20_000),
		"articles": "<article>" + strings.Repeat(`<article><h2><a href=/x>A headline of some length</a></h2><p>`+prose+`</p></article>`, 20_000),
		"figures":  strings.Repeat(`<figure><div class=image><img><span>x</span></div></figure>`, 20_000),
		"nested":   strings.Repeat(`<div class="image hidden teaser">`, 450) + strings.Repeat("<b></b>", 100_000) + prose,
		"strings":  `<script id=__NEXT_DATA__ type=application/json>{` + strings.Repeat(`"k":"`+prose+`</p>",`, 20_000) + `}</script>`,
		"chunks":   strings.Repeat(`<script>self.__next_f.push([1,"12:Tffffff,abc"])</script>`, 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			read(t, "https://example.com/a", "<html><title>Long</title><h1>Long</h1>"+html+"<p>"+prose)
		})
	}
}

func FuzzRescue(f *testing.F) {
	f.Add(`self.__next_f.push([1,"1:T5,abcde2:[\"x\"]"])`)
	f.Add(`{"body":"\u003cp>One sentence that is long enough to be one.\u003c/p>","x":"\`)
	f.Fuzz(func(t *testing.T, script string) {
		for _, p := range rescue([]string{script}) {
			if !utf8.ValidString(p) && utf8.ValidString(script) {
				t.Errorf("%q is not UTF-8", p)
			}
		}
	})
}

func TestRead_DistrustsANameThatHoldsTheWholeText(t *testing.T) {
	text := strings.Join(filler, "</p><p>")
	got := bodyOf(t, `<html lang="en"><head><title>Harbour reopens</title></head><body><h1>Harbour reopens</h1><div class="hero"><p>Ships are back in the harbour of the town, and so are the pilots.</p></div><div class="sidebar-content"><p>`+
		text+`</p><p>`+strings.ReplaceAll(text, "harbour", "port")+`</p><p>`+strings.ReplaceAll(text, "harbour", "bay")+`</p></div><div id="comments"><p>`+strings.Repeat("A reader has much to say about this. ", 60)+`</p></div></body></html>`)
	if !strings.Contains(got, filler[0]) || strings.Contains(got, "A reader has") {
		t.Errorf("body = %q", got)
	}
}

func TestRead_TakesBackWhatTheLinkedDataHolds(t *testing.T) {
	card := `<div><h3><a href="/other">What the strike has cost the town until today</a></h3><p>` + filler[2] + `</p></div>`
	html := `<html lang="en"><head><title>Harbour reopens</title>%s</head><body><article><h1>Harbour reopens</h1><p>` + filler[0] + `</p><p>` + filler[1] + `</p>` + card + `<p>` + filler[3] + `</p><p>` + filler[4] + `</p></article></body></html>`
	ld := `<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"` + strings.Join(filler, " ") + `"}</script>`
	if got := bodyOf(t, strings.Replace(html, "%s", "", 1)); strings.Contains(got, filler[2]) {
		t.Errorf("a teaser is in the body: %q", got)
	}
	if got := bodyOf(t, strings.Replace(html, "%s", ld, 1)); !strings.Contains(got, filler[2]) {
		t.Errorf("a paragraph is lost: %q", got)
	}
}

func TestRead_KnowsFurnitureByTheNameOfACustomElement(t *testing.T) {
	menu := `<site-navigation-menu><p>All about the work of the port, and what its offices can do for you and yours.</p></site-navigation-menu>`
	if diff := cmp.Diff(strings.Join(filler, "\n\n"), bodyOf(t, page(menu+`<h1>Harbour reopens</h1>%s`+menu))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
