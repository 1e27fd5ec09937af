package story_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/monitor/story"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// wire is a text of so many made-up words, the same for the same seed.
func wire(seed uint64, words int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for i := range words {
		for range 2 + r.IntN(3) {
			b.WriteByte("bcdfglmnprst"[r.IntN(12)])
			b.WriteByte("aeiou"[r.IntN(5)])
		}
		if i%12 == 11 {
			b.WriteString(". ")
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func article(url, body string, seen time.Time, alerted ...string) veille.Article {
	id := veille.ArticleID(url)
	return veille.Article{ID: id, URL: url, Source: "s", FirstSeen: seen, Alerted: alerted, Snapshot: veille.Snapshot{Body: body},
		Story: veille.Story{ID: veille.StoryID(id), Outlets: 1, First: url, FirstSource: "s", FirstSeen: seen}}
}

func place(a veille.Article, candidates ...veille.Article) story.Grouping {
	return story.Place(a, story.Read(a.Snapshot.Body), candidates)
}

func TestPlace_JoinsCopiesWithinTheWindow(t *testing.T) {
	text := wire(1, 100)
	first := article("https://www.wire.example/1", text, now.Add(-2*time.Hour), "w1")
	second := article("https://b.example/2", text, now.Add(-time.Hour), "w2")
	second.Story = first.Story
	joined := first.Story
	joined.Kind, joined.Of, joined.Score = veille.StoryCopy, first.ID, 1
	own := article("https://c.example/3", text, now)
	short := article("https://c.example/4", wire(1, 39), now)
	for _, c := range []struct {
		name       string
		article    veille.Article
		candidates []veille.Article
		want       story.Grouping
	}{
		{"no copy", own, nil, story.Grouping{Story: own.Story}},
		{"another text", own, []veille.Article{article("https://b.example/5", wire(2, 100), now, "w1")}, story.Grouping{Story: own.Story}},
		{"too short", short, []veille.Article{first}, story.Grouping{Story: short.Story}},
		{"too old", own, []veille.Article{article("https://old.example/", text, now.Add(-73*time.Hour), "w1")}, story.Grouping{Story: own.Story}},
		{"itself", own, []veille.Article{own}, story.Grouping{Story: own.Story}},
		{"third outlet", own, []veille.Article{first, second}, story.Grouping{Story: joined, Alerted: map[string]bool{"w1": true, "w2": true}}},
	} {
		if diff := cmp.Diff(c.want, place(c.article, c.candidates...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestPlace_RemembersWhatACopyOfACopyWasTold follows a chain: the third article
// is only like the second, which alerted nobody because the first one had.
func TestPlace_RemembersWhatACopyOfACopyWasTold(t *testing.T) {
	second := article("https://b.example/2", wire(1, 100), now)
	second.ToldByCopy = []string{"w1"}
	if g := place(article("https://c.example/3", wire(1, 100), now), second); !g.Alerted["w1"] {
		t.Errorf("%+v", g)
	}
}

// damage is what happens to a wire on its way, and what the result is.
type damage struct {
	name string
	do   func(r *rand.Rand, words []string) []string
	kind veille.StoryKind
	// own says that the same outlet publishes it again.
	own bool
}

func damages() []damage {
	edit := func(share float64) func(*rand.Rand, []string) []string {
		return func(r *rand.Rand, words []string) []string {
			for i := range words {
				if r.Float64() < share {
					words[i] = words[r.IntN(len(words))]
				}
			}
			return words
		}
	}
	more := func(n int) func(*rand.Rand, []string) []string {
		return func(r *rand.Rand, words []string) []string {
			return append(words, strings.Fields(wire(r.Uint64(), n*len(words)/100))...)
		}
	}
	return []damage{
		{"the same", func(_ *rand.Rand, w []string) []string { return w }, veille.StoryCopy, false},
		{"in capitals, other quotes", func(_ *rand.Rand, w []string) []string {
			return strings.Fields("« " + strings.ToUpper(strings.Join(w, " ")) + " »")
		}, veille.StoryCopy, false},
		{"a few words around it", func(r *rand.Rand, w []string) []string {
			return append(strings.Fields(wire(r.Uint64(), len(w)/10)), w...)
		}, veille.StoryCopy, false},
		{"5 % of the words edited", edit(0.05), veille.StoryCopy, false},
		{"12 % of the words edited", edit(0.12), "", false},
		{"cut to 70 %", func(_ *rand.Rand, w []string) []string { return w[:len(w)*7/10] }, veille.StoryCopy, false},
		{"cut to 35 %", func(_ *rand.Rand, w []string) []string { return w[:len(w)*35/100] }, veille.StoryExcerpt, false},
		{"30 % more", more(50), veille.StoryUpdate, false},
		{"inside twice as much", more(200), veille.StoryUpdate, false},
		{"again in the same outlet", func(_ *rand.Rand, w []string) []string { return w }, veille.StoryCopy, true},
		{"again in the same outlet with another number", func(_ *rand.Rand, w []string) []string {
			w[len(w)/2] = "4711"
			return w
		}, veille.StoryUpdate, true},
		{"the same form with other figures", func(r *rand.Rand, w []string) []string {
			for i := 5; i < len(w); i += 25 {
				w[i] = fmt.Sprint(1000 + r.IntN(9000))
			}
			return w
		}, veille.StoryUpdate, false},
	}
}

// TestPlace_FindsDamagedCopies makes every damage many times, finds the text by
// its signature and compares, as the monitor does.
func TestPlace_FindsDamagedCopies(t *testing.T) {
	const texts = 150
	for _, d := range damages() {
		r := rand.New(rand.NewPCG(7, uint64(len(d.name))))
		found, right := 0, 0
		for n := range texts {
			source := article("https://a.example/1", wire(uint64(n+100), 90+r.IntN(700)), now)
			copied := article("https://b.example/1", strings.Join(d.do(r, strings.Fields(source.Snapshot.Body)), " "), now)
			if d.own {
				copied = article("https://a.example/2", copied.Snapshot.Body, now)
			}
			if !reachable(story.Read(source.Snapshot.Body), story.Read(copied.Snapshot.Body)) {
				continue
			}
			g := place(copied, source)
			if g.Story.ID != source.Story.ID {
				continue
			}
			found++
			if d.kind == "" || g.Story.Kind == d.kind {
				right++
			}
		}
		if found < texts*97/100 || right < texts*95/100 {
			t.Errorf("%s: %d of %d found, %d of the right kind", d.name, found, texts, right)
		}
	}
}

// reachable reports whether an index of signatures leads from one text to the
// other.
func reachable(indexed, asked *story.Text) bool {
	has := map[uint32]bool{}
	for _, tag := range asked.Shingles() {
		has[tag] = true
	}
	for _, tag := range indexed.Signature() {
		if has[tag] {
			return true
		}
	}
	return false
}

func TestPlace_KeepsReportsOfOneFormApart(t *testing.T) {
	report := func(company string, figures ...any) string {
		return fmt.Sprintf(company+" on Monday reported quarterly profit of $%v million, after reporting a loss in the same period a year earlier. The "+
			"company said it had net income of %v cents per share. Earnings, adjusted for restructuring costs, came to %v cents per share. The maker posted revenue of $%v million in the period.", figures...)
	}
	a := article("https://a.example/1", report("Acme Tools of Springfield", 12.1, 33, 36, 410.7), now, "w")
	b := article("https://b.example/1", report("Zenith Pumps of Dayton", 7.4, 18, 21, 98.2), now)
	if g := place(b, a); g.Alerted["w"] {
		t.Errorf("two companies' reports are one story: %+v", g)
	}
}

func TestRead_ComparesAsReadersDo(t *testing.T) {
	for _, c := range [][2]string{
		{"La Corée du Nord s'inquiète — l'armée", "la COREE du nord s’inquiete, l’Armee!"},
		{"Œuvre, straße, Łódź", "oeuvre strasse lodz"},
		{"Россия и её соседи", "россия и ее соседи"},
		{"北韓과 러시아", "北韓과  러시아"},
		{"金正恩访问俄罗斯", "金正恩 访问 俄罗斯"},
	} {
		if d := cmp.Diff(story.Read(c[0]).Shingles(), story.Read(c[1]).Shingles()); d != "" {
			t.Errorf("%q and %q: %s", c[0], c[1], d)
		}
	}
	if a, b := story.Read("мой дом стоит у реки").Shingles(), story.Read("мои дом стоит у реки").Shingles(); cmp.Equal(a, b) {
		t.Error("й and и are two letters")
	}
	if n := story.Read("金正恩访问俄罗斯").Words; n != 8 {
		t.Errorf("%d words of Chinese", n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("La Corée du Nord", "북한은 러시아")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := story.Read(a), story.Read(b)
		l := story.Compare(x, y)
		if l.Score < 0 || l.Score > 1 || l.NewWords < 0 || l.NewNumbers < 0 {
			t.Fatalf("%+v", l)
		}
		if len(x.Signature()) > story.SignatureSize {
			t.Fatal(len(x.Signature()))
		}
	})
}

// TestPlace_AFormFilledInAnewIsNoRepetition: a flood in another town, in the words
// of the last one. Another outlet's title says nothing of the text.
func TestPlace_AFormFilledInAnewIsNoRepetition(t *testing.T) {
	warning := func(url, town, title string) veille.Article {
		a := article(url, "The office for floods warns of high water in "+town+" for this night. "+wire(1, 90), now, "w")
		a.Snapshot.Title = title
		return a
	}
	first := warning("https://a.example/1", "Rason", "Flood warning for Rason")
	for _, c := range []struct {
		name   string
		later  veille.Article
		silent bool
	}{
		{"another town", warning("https://a.example/2", "Nampo", "Flood warning for Nampo"), false},
		{"the same town", warning("https://a.example/3", "Rason", "Water rises in Rason"), true},
		{"another outlet's title", warning("https://b.example/4", "Rason", "Water rises"), true},
	} {
		if g := place(c.later, first); g.Story.ID != first.Story.ID || g.Alerted["w"] != c.silent {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}
