package story

import (
	"slices"

	"veille"
)

// alikeShare is the part of an edit's shingles that another edit must have made
// too for the two to be one: the words around an edit are not quite the same in
// every copy.
const alikeShare = 0.8

// Version is what an article says at one time, without what varies by itself.
type Version struct{ Title, Lead, Body string }

// Edit is what an edit did to a copy, as far as another copy's edit can be held
// against it.
type Edit struct {
	// added and removed are the words of the whole article that there are more or
	// fewer of, as often as that.
	added, removed []uint64
	// headAdded and headRemoved are those of title and lead, which every outlet
	// writes for itself.
	headAdded, headRemoved []uint64
	// newRuns and goneRuns are shingles of the body.
	newRuns, goneRuns []uint64
	// figures are the added words with a digit.
	figures []uint64
}

// ReadEdit takes an edit apart.
func ReadEdit(was, is Version) *Edit {
	e := &Edit{}
	headWas, _ := wordsOf(was.Title, was.Lead)
	headIs, _ := wordsOf(is.Title, is.Lead)
	e.headAdded, e.headRemoved = beyond(headIs, headWas), beyond(headWas, headIs)
	allWas, _ := wordsOf(was.Title, was.Lead, was.Body)
	allIs, figures := wordsOf(is.Title, is.Lead, is.Body)
	e.added, e.removed = beyond(allIs, allWas), beyond(allWas, allIs)
	for _, w := range figures {
		if _, ok := slices.BinarySearch(e.added, w); ok {
			e.figures = append(e.figures, w)
		}
	}
	before, after := Read(was.Body).shingles, Read(is.Body).shingles
	e.newRuns, e.goneRuns = beyond(after, before), beyond(before, after)
	return e
}

// Repeats reports whether an earlier edit, of another copy of the text, did all
// that this one does. An edit without words, such as one of a picture, repeats
// none.
func (e *Edit) Repeats(earlier *Edit) bool {
	body := len(e.newRuns)+len(e.goneRuns) > 0
	if len(e.added)+len(e.removed) == 0 && !body || !within(e.figures, earlier.added, 1) {
		return false
	}
	// One word for another in a sentence that the outlets put differently.
	met := shared(e.newRuns, earlier.newRuns)+shared(e.goneRuns, earlier.goneRuns) > 0
	if len(e.added)+len(e.removed) > 1 && (met || !body) && slices.Equal(e.added, earlier.added) && slices.Equal(e.removed, earlier.removed) {
		return true
	}
	return within(e.headAdded, earlier.added, 1) && within(e.headRemoved, earlier.removed, 1) &&
		within(e.newRuns, earlier.newRuns, alikeShare) && within(e.goneRuns, earlier.goneRuns, alikeShare)
}

// NewFigure reports whether the edit added a number that none of some articles
// has: other figures are other facts, however few words they take.
func (e *Edit) NewFigure(others []veille.Article) bool {
	known := map[uint64]bool{}
	for _, a := range others {
		for _, text := range []string{a.Snapshot.Title, a.Snapshot.Body} {
			for _, number := range Read(text).numbers {
				known[number] = true
			}
		}
	}
	return slices.ContainsFunc(e.figures, func(number uint64) bool { return !known[number] })
}

// within reports whether a set holds a share of another one at least.
func within(part, whole []uint64, share float64) bool {
	part, whole = slices.Compact(slices.Clone(part)), slices.Compact(slices.Clone(whole))
	return float64(shared(part, whole)) >= share*float64(len(part))
}

// wordsOf returns the words of some texts, sorted, each as often as it is there,
// and those with a digit.
func wordsOf(texts ...string) (words, figures []uint64) {
	for _, text := range texts {
		n := 0
		eachWord(text, func(h uint64, number bool) bool {
			words = append(words, h)
			if number {
				figures = append(figures, h)
			}
			n++
			return n < maxWords
		})
	}
	slices.Sort(words)
	return words, set(figures)
}

// beyond returns what of a sorted list another one does not have, counting
// repetitions.
func beyond(a, b []uint64) []uint64 {
	var out []uint64
	j := 0
	for _, h := range a {
		for j < len(b) && b[j] < h {
			j++
		}
		if j < len(b) && b[j] == h {
			j++
			continue
		}
		out = append(out, h)
	}
	return out
}
