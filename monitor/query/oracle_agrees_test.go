package query

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"veille"
)

// pairs is how many pairs of a query and a text are compared with the oracle:
// make oracle compares a million.
var pairs = flag.Int("pairs", 60_000, "pairs to compare with the oracle")

func TestSet_AgreesWithTheOracle(t *testing.T) {
	rng := dice{Rand: rand.New(rand.NewPCG(4, 2))}
	hits := map[Op]int{}
	done, matched := 0, 0
	stems := map[string]string{}
	for done < *pairs {
		rng.pieces = nil
		for range 15 {
			// Neighbours in the list are easily confused, so they come together.
			at := rng.IntN(len(pieces) - 3)
			rng.pieces = append(rng.pieces, pieces[at:at+3]...)
		}
		var watches []veille.Watch
		var exprs []*Expr
		for len(exprs) < 50 {
			e, err := Parse(randomExpr(rng, rng.IntN(4), false).String())
			if err != nil {
				continue // the language refuses it
			}
			watches = append(watches, veille.Watch{Name: fmt.Sprint(len(exprs)), Query: e.String()})
			exprs = append(exprs, e)
		}
		set, err := Compile(watches, nil)
		if err != nil {
			t.Fatal(err)
		}
		truth := oracle{terms: map[*Expr][]oracleWord{}, stems: stems}
		for range 22 {
			body := randomText(rng, rng.IntN(14))
			if rng.IntN(3) == 0 {
				body += "\n\n" + randomText(rng, 30) + "\n\n" + randomText(rng, 5)
			}
			a := veille.Snapshot{
				Title: randomText(rng, rng.IntN(4)), Body: body, Language: []string{"", "fr", "en", "ru", "ar", "ko", "fr-CA"}[rng.IntN(7)],
				URL:     []string{"https://news.example.org/", "https://x-example.org/", "http://example.org/", ""}[rng.IntN(4)] + randomText(rng, 2),
				Authors: []string{randomText(rng, 2), randomText(rng, 1)},
			}
			if strings.ContainsAny(a.URL, "%?#@") {
				continue
			}
			tags := [][]string{nil, {"korea"}, {"north-korea", "asia"}}[rng.IntN(3)]
			found := map[string]veille.Match{}
			matches, language := set.Match(a, tags)
			for _, m := range matches {
				found[m.Watch] = m
			}
			missed := map[string]bool{}
			for _, m := range set.Misses(a, tags) {
				missed[m.Watch] = true
			}
			truth.read(a, tags, language)
			for i, e := range exprs {
				done++
				name := watches[i].Name
				m, got := found[name]
				want := truth.holds(e, []string{"title", "body"}, true)
				if got != want || missed[name] == want {
					t.Fatalf("%s\nover %s, language %q, tags %q\nmatch %t, miss %t, the oracle says %t", e, showText(a), language, tags, got, missed[name], want)
				}
				if got {
					matched++
					hits[e.Op]++
					checkMatch(t, a, tags, language, e, m)
				}
			}
		}
	}
	for _, op := range []Op{OpTerm, OpAnd, OpOr, OpField, OpNear, OpAtLeast} {
		if hits[op] < done/2000 {
			t.Errorf("%d matches of kind %d in %d pairs: too few to prove anything", hits[op], op, done)
		}
	}
	t.Logf("%d pairs, %d matches: %v", done, matched, hits)
}

// checkMatch holds a match to its promises: places lie in their field, in
// order, and what is there satisfies the term.
func checkMatch(t *testing.T, a veille.Snapshot, tags []string, language string, e *Expr, m veille.Match) {
	t.Helper()
	byName := map[string]*Expr{}
	var name func(e *Expr)
	name = func(e *Expr) {
		if e.Op == OpTerm {
			byName[e.Written()] = e
		}
		for _, k := range e.Kids {
			name(k)
		}
	}
	name(e)
	at, start := uint8(0), 0
	for _, term := range m.Terms {
		field := bitOf(fieldMask(term.Field))
		if field < at || field == at && term.Start < start {
			t.Fatalf("%s: terms out of order: %+v", showText(a), m.Terms)
		}
		at, start = field, term.Start
		text := fieldText(&a, tags, int(field))
		if field == bitOf(inLang) {
			text = language
		}
		// Converting to runes and back replaces invalid bytes, on both sides.
		runes := []rune(text)
		if term.Start < 0 || term.End > len(runes) || string(runes[term.Start:term.End]) != string([]rune(term.Text)) {
			t.Fatalf("%s: %+v is not at its place", showText(a), term)
		}
		here := oracle{terms: map[*Expr][]oracleWord{}, stems: map[string]string{}}
		here.read(veille.Snapshot{Body: term.Text}, nil, language)
		if want := byName[term.Term]; want == nil || !here.holds(want, []string{"body"}, true) {
			t.Fatalf("%s: %+v does not hold its term", showText(a), term)
		}
	}
}

func showText(a veille.Snapshot) string {
	return fmt.Sprintf("title %+q, body %+q, url %+q, authors %+q", a.Title, a.Body, a.URL, a.Authors)
}
