package query

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"veille"
)

// world is a made-up press: a vocabulary with the frequencies of real ones
// (the word of rank r is r times rarer than the first), topics that prefer
// words of their own, and words that like to follow one another. Articles and
// rules are drawn from it. Everything is drawn with a fixed seed.
type world struct {
	*rand.Rand
	words  []string
	topics [][]int32
}

const (
	worldWords  = 500_000
	worldTopics = 400
	topicWords  = 3000
	topicRun    = 4
)

// newWorld mixes the words of a text into the vocabulary, so that rules look
// for what it says.
func newWorld(text string) *world {
	w := &world{Rand: rand.New(rand.NewPCG(7, 11))}
	known := map[string]bool{}
	var own, inOrder []string
	count := map[string]int{}
	for _, x := range wordsOf(text) {
		if count[x.text]++; count[x.text] == 1 {
			own = append(own, x.text)
		}
		if len(x.text) > 4 && len(inOrder) < topicWords {
			inOrder = append(inOrder, x.text)
		}
		known[x.text] = true
	}
	slices.SortStableFunc(own, func(a, b string) int { return count[b] - count[a] })
	// The text's words are spread as a text's words are: the most frequent at
	// the top, the others at ever greater ranks.
	place := map[int]string{}
	for i, x := range own {
		rank := int(math.Exp(float64(i+1) / float64(len(own)) * math.Log(worldWords/10)))
		for place[rank] != "" {
			rank++
		}
		place[rank] = x
	}
	tries := 0
	for len(w.words) < worldWords {
		if x := place[len(w.words)]; x != "" {
			w.words = append(w.words, x)
			continue
		}
		if x := w.invent(len(w.words) + tries); known[x] {
			tries += 10 // so many are taken: make it longer
		} else {
			known[x] = true
			w.words = append(w.words, x)
			tries = 0
		}
	}
	ranks := map[string]int32{}
	for rank, x := range place {
		ranks[x] = int32(rank)
	}
	for t := range worldTopics {
		topic := make([]int32, topicWords)
		for i := range topic {
			topic[i] = int32(w.rank(2000, worldWords))
		}
		if t == 0 {
			// What the text is about, as it says it: runs of its words, between runs
			// of as many that others use when they write about it.
			for i, x := range inOrder[:min(len(inOrder), topicWords/2)] {
				topic[i/topicRun*2*topicRun+i%topicRun] = ranks[x]
			}
		}
		w.topics = append(w.topics, topic)
	}
	return w
}

// rank draws a rank from lo to hi, each as often as its word is used.
func (w *world) rank(lo, hi int) int {
	return int(float64(lo) * math.Exp(w.Float64()*math.Log(float64(hi)/float64(lo))))
}

var syllables = strings.Fields(`a ba bé ca ce co da de di do du é en er es fa fi fo ga gi go i in ion is ja la le li lo ma me mi mo na ne ni no nou o on or ou pa pe pi po pré
	ra re ri ro sa se si so sou su ta te ti to tra tri u un va ve vi vo xa za ment tion eur euse ique able al aux ier ière ard ois aise`)

// invent makes a word of a length that suits its rank.
func (w *world) invent(rank int) string {
	n := 1
	if rank > 60 {
		n = 2
	}
	if rank > 1000 {
		n = 2 + w.IntN(2)
	}
	if rank > 10_000 {
		n = 3 + w.IntN(2)
	}
	var b strings.Builder
	for range n {
		b.WriteString(syllables[w.IntN(len(syllables))])
	}
	return b.String()
}

// article draws an article of n words on a topic.
func (w *world) article(topic, n int) veille.Snapshot {
	var b strings.Builder
	sentence, title := 0, ""
	for i := 0; i < n; {
		var run []string
		if w.IntN(10) < 8 {
			run = []string{w.words[w.rank(1, worldWords)-1]}
		} else {
			at := w.rank(1, topicWords) - 1
			run = []string{w.words[w.topics[topic][at]]}
			for w.IntN(3) == 0 && at+1 < topicWords {
				at++
				run = append(run, w.words[w.topics[topic][at]])
			}
		}
		for _, x := range run {
			switch {
			case i == 12:
				title = b.String()
				b.Reset()
			case sentence > 8+w.IntN(20):
				b.WriteString(". ")
				sentence = 0
				if w.IntN(5) == 0 {
					b.WriteString("\n\n")
				}
			case b.Len() > 0 && w.IntN(14) == 0:
				b.WriteString([]string{", ", " «", "» ", "’", "-", " (", ") "}[w.IntN(7)])
			case b.Len() > 0:
				b.WriteByte(' ')
			}
			if sentence == 0 {
				x = strings.ToUpper(x[:1]) + x[1:]
			}
			b.WriteString(x)
			sentence++
			i++
		}
	}
	return veille.Snapshot{Title: title, Body: b.String(), Language: "fr"}
}

// stream draws n articles.
func (w *world) stream(n int) []veille.Snapshot {
	var out []veille.Snapshot
	for range n {
		out = append(out, w.article(w.IntN(worldTopics), 300+w.IntN(800)))
	}
	return out
}

// term draws a term of a topic, at a place in its words.
func (w *world) term(topic, at int) *Expr {
	word := func(i int) string { return w.words[w.topics[topic][min(i, topicWords-1)]] }
	e := &Expr{Op: OpTerm, Text: word(at)}
	switch w.IntN(10) {
	case 0, 1, 2:
		e.Text += " " + word(at+1)
		if w.IntN(3) == 0 {
			e.Text += " " + word(at+2)
		}
	case 3:
		if r := []rune(e.Text); len(r) > 6 {
			e.Text, e.Prefix = string(r[:len(r)-1-w.IntN(2)]), true
		}
	}
	return e
}

// rule draws a rule of two to six terms, as people write them.
func (w *world) rule() *Expr {
	topic := w.IntN(worldTopics)
	at := func() int { return w.rank(1, topicWords/5) - 1 }
	group := func() *Expr {
		e := w.term(topic, at())
		if w.IntN(3) > 0 {
			return e
		}
		return &Expr{Op: OpOr, Kids: []*Expr{e, w.term(topic, at())}}
	}
	root := &Expr{Op: OpAnd, Kids: []*Expr{group(), group()}}
	if w.IntN(3) == 0 {
		root.Kids = append(root.Kids, group())
	}
	switch w.IntN(10) {
	case 0:
		root.Kids = append(root.Kids, &Expr{Op: OpNot, Kids: []*Expr{w.term(topic, at())}})
	case 1:
		near := &Expr{Op: OpNear, N: 10 + w.IntN(60), Kids: root.Kids[:2:2]}
		if len(root.Kids) == 2 {
			return near
		}
		root.Kids = append([]*Expr{near}, root.Kids[2:]...)
	}
	return root
}

// common draws a rule of words that every article has.
func (w *world) common() *Expr {
	root := &Expr{Op: OpAnd}
	for range 2 + w.IntN(3) {
		root.Kids = append(root.Kids, &Expr{Op: OpTerm, Text: w.words[w.rank(1, 60)-1]})
	}
	return root
}

// long draws a rule of 500 terms: three lists.
func (w *world) long() *Expr {
	root := &Expr{Op: OpAnd}
	topic := w.IntN(worldTopics)
	for _, n := range []int{200, 200, 100} {
		list := &Expr{Op: OpOr}
		for range n {
			list.Kids = append(list.Kids, w.term(topic, w.IntN(topicWords)))
		}
		root.Kids = append(root.Kids, list)
	}
	return root
}

// trees is a source of watches that are trees already.
type trees struct {
	watches []veille.Watch
	exprs   []*Expr
}

func (t *trees) len() int                      { return len(t.exprs) }
func (t *trees) watch(ref int32) *veille.Watch { return &t.watches[ref] }
func (t *trees) tree(ref int32) *Expr          { return t.exprs[ref] }

func (w *world) rules(n int, draw func() *Expr) *trees {
	t := &trees{exprs: make([]*Expr, n), watches: make([]veille.Watch, n)}
	for i := range t.exprs {
		t.exprs[i] = draw()
		t.watches[i].Name = fmt.Sprint("w", i)
	}
	return t
}

// seedArticle is the founding article where it lies beside the repository,
// else our own of the same length.
func seedArticle(t testing.TB) veille.Snapshot {
	text, err := os.ReadFile("../../../shared/seed/yonhap-fr-2023-09-14.txt")
	if err != nil {
		text, err = os.ReadFile("testdata/article.txt")
	}
	if err != nil {
		t.Fatal(err)
	}
	title, body, _ := strings.Cut(string(text), "\n\n")
	return veille.Snapshot{Title: title, Body: body, Language: "fr"}
}
