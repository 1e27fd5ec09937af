package query

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"veille"
)

// maxReported bounds the places that a match names for one term and field.
const maxReported = 3

// hit is one place of one term of a watch.
type hit struct {
	spot
	term int // index of the leaf in report
	// nth counts the places of this term in this field.
	nth int
}

// report says why a rule that holds does so: the places of every term that
// helped, title before body.
func (s *Set) report(r *reading, rule *rule) veille.Match {
	leaves := r.leaves[:0]
	s.reasons(r, rule.root, &leaves)
	hits := r.hits[:0]
	for i, n := range leaves {
		nth, field := 0, uint8(numFields)
		for at := r.sights[n.pattern].first; at >= 0; at = r.spots[at].next {
			sp := r.spots[at]
			if n.in&(1<<sp.field) == 0 {
				continue
			}
			if sp.field != field {
				nth, field = 0, sp.field
			}
			hits = append(hits, hit{spot: sp, term: i, nth: nth})
			nth++
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.term, b.term))
	})
	r.leaves, r.hits = leaves, hits
	reported := 0
	for _, h := range hits {
		if h.nth < maxReported {
			reported++
		}
	}
	m := veille.Match{Watch: rule.watch, Terms: make([]veille.Term, 0, reported)}
	for _, h := range hits {
		if h.nth >= maxReported {
			continue
		}
		start := r.point(h.field, h.start)
		text := r.text[h.field][h.start:h.end]
		m.Terms = append(m.Terms, veille.Term{
			Term: leaves[h.term].written, Field: fieldName(h.field), Text: text,
			Start: start, End: start + utf8.RuneCountInString(text),
		})
	}
	m.Excerpt = excerpt(r, hits)
	return m
}

// reasons collects the leaves that make a node hold, each once.
func (s *Set) reasons(r *reading, id int32, leaves *[]*node) {
	n := &s.nodes[id]
	switch n.op {
	case OpTerm:
		same := func(o *node) bool {
			return o == n || o.pattern == n.pattern && o.in&n.in != 0 && o.written == n.written
		}
		if !slices.ContainsFunc(*leaves, same) {
			*leaves = append(*leaves, n)
		}
	case OpAnd:
		for _, k := range n.kids {
			if s.nodes[k].op != OpNot {
				s.reasons(r, k, leaves)
			}
		}
	case OpOr:
		for _, k := range n.kids {
			if s.holds(r, k) {
				s.reasons(r, k, leaves)
			}
		}
	}
}

// milestone is a place of a text where the code points before it are counted.
type milestone struct{ offset, points int32 }

// milestoneStep is how many bytes apart milestones are, about.
const milestoneStep = 64

// point turns a byte offset in a field into code points. The milestones make
// an article that satisfies many watches count once.
func (r *reading) point(field uint8, offset int32) int {
	text, stones := r.text[field], r.milestones[field]
	if len(stones) == 0 {
		stones = append(stones, milestone{})
		last := milestone{}
		for int(last.offset)+milestoneStep < len(text) {
			end := int(last.offset) + milestoneStep
			for end < len(text) && !utf8.RuneStart(text[end]) {
				end++
			}
			last.points += int32(utf8.RuneCountInString(text[last.offset:end]))
			last.offset = int32(end)
			stones = append(stones, last)
		}
		r.milestones[field] = stones
	}
	// Milestones drift a few bytes away from multiples of the step.
	n := min(int(offset)/milestoneStep, len(stones)-1)
	for stones[n].offset > offset {
		n--
	}
	return int(stones[n].points) + utf8.RuneCountInString(text[stones[n].offset:offset])
}
