package query

import (
	"cmp"
	"slices"
)

// span is a place as positions: those of different parts are far apart. to is
// the position after its last word.
type span struct{ from, to int64 }

// partGap lies between the positions of two parts.
const partGap = 1 << 32

// maxSpans bounds the places of a part of a NEAR that is itself made of several
// parts: there may be as many as pairs of words.
const maxSpans = 1 << 13

// maxParts is how many parts a NEAR may have: the ways to put them in order
// double with each.
const maxParts = 8

// run is a list of spans: those of a reading from lo to hi.
type run struct{ lo, hi int }

// holds evaluates a program.
func (s *Set) holds(r *reading, pc uint32) bool {
	word := s.code[pc]
	switch word & opMask {
	case opTerm:
		return r.in(word)&inText != 0
	case opTermIn:
		return r.in(word&^opMask)&fields(s.code[pc+1]) != 0
	case opLang:
		return r.language == "" || r.in(word&^opMask)&inLang != 0
	case opNot:
		return !s.holds(r, pc+1)
	case opNear:
		return s.near(r, pc)
	}
	end := pc + s.code[pc+1]
	switch word & opMask {
	case opAnd:
		for kid := pc + 2; kid < end; kid = s.after(kid) {
			if !s.holds(r, kid) {
				return false
			}
		}
		return true
	case opOr:
		for kid := pc + 2; kid < end; kid = s.after(kid) {
			if s.holds(r, kid) {
				return true
			}
		}
		return false
	}
	missing := int(s.code[pc+2])
	for kid := pc + 3; kid < end && missing > 0; kid = s.after(kid) {
		if s.holds(r, kid) {
			missing--
		}
	}
	return missing == 0
}

// after returns where a program ends.
func (s *Set) after(pc uint32) uint32 {
	switch s.code[pc] & opMask {
	case opTerm, opLang:
		return pc + 1
	case opTermIn:
		return pc + 2
	case opNot:
		return s.after(pc + 1)
	}
	return pc + s.code[pc+1]
}

// near evaluates an opNear.
func (s *Set) near(r *reading, pc uint32) bool {
	end := pc + s.code[pc+1]
	for kid := pc + 3; kid < end; kid = s.after(kid) {
		// Most often a part is nowhere.
		if s.code[kid]&opMask != opNear && !s.holds(r, kid) {
			return false
		}
	}
	if s.code[pc]&^opMask == 2 {
		holds, ok := s.nearPair(r, pc)
		r.spans = r.spans[:0]
		if ok {
			return holds
		}
	}
	found := s.nearSpans(r, pc, true)
	r.spans = r.spans[:0]
	return found.hi > found.lo
}

// mostPairs is how many pairs of places are tried one by one.
const mostPairs = 1 << 8

// nearPair evaluates an opNear of two parts that have few places. Only then ok.
func (s *Set) nearPair(r *reading, pc uint32) (holds, ok bool) {
	s.gather(r, pc+3)
	middle := len(r.spans)
	s.gather(r, s.after(pc+3))
	a, b := r.spans[:middle], r.spans[middle:]
	if len(a)*len(b) > mostPairs {
		return false, false
	}
	n, isOrdered := s.code[pc+2]&^ordered, s.code[pc+2]&ordered != 0
	for i := range a {
		for j := range b {
			// What overlaps lies more than any distance apart.
			if uint64(b[j].from-a[i].to) <= uint64(n) || !isOrdered && uint64(a[i].from-b[j].to) <= uint64(n) {
				return true, true
			}
		}
	}
	return false, true
}

// spansOf returns the places of an expression, sorted, each once.
func (s *Set) spansOf(r *reading, pc uint32) run {
	word := s.code[pc]
	switch word & opMask {
	case opNear:
		return s.nearSpans(r, pc, false)
	case opAtLeast:
		return s.atLeastSpans(r, pc)
	}
	lo := len(r.spans)
	s.gather(r, pc)
	return r.tidy(lo)
}

// gather appends the places of a term or of alternatives.
func (s *Set) gather(r *reading, pc uint32) {
	word := s.code[pc]
	switch word & opMask {
	case opTerm:
		s.collect(r, word&^opMask, inText)
	case opTermIn:
		s.collect(r, word&^opMask, fields(s.code[pc+1]))
	case opOr:
		end := pc + s.code[pc+1]
		for kid := pc + 2; kid < end; kid = s.after(kid) {
			s.gather(r, kid)
		}
	default:
		// What is found on the way stays below, and does no harm there but to
		// be a place too: move the result down over it.
		lo := len(r.spans)
		found := s.spansOf(r, pc)
		n := copy(r.spans[lo:], r.spans[found.lo:found.hi])
		r.spans = r.spans[:lo+n]
	}
}

// tidy sorts the last spans by their beginning, then their end, and drops
// doubles.
func (r *reading) tidy(lo int) run {
	spans := r.spans[lo:]
	if len(spans) > 1 {
		if !slices.IsSortedFunc(spans, byStart) {
			slices.SortFunc(spans, byStart)
		}
		r.spans = r.spans[:lo+len(slices.Compact(spans))]
	}
	return run{lo, len(r.spans)}
}

func byStart(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) }
func byEnd(a, b span) int   { return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.from, b.from)) }

// collect appends the places of a node in some fields.
func (s *Set) collect(r *reading, node uint32, in fields) {
	sight := r.sighted(node)
	if sight == nil || sight.in&in == 0 {
		return
	}
	for at := sight.first; at >= 0; at = r.places[at].next {
		if p := &r.places[at]; p.in&in != 0 {
			from := int64(p.part)*partGap + int64(p.token)
			r.spans = append(r.spans, span{from, from + int64(p.n)})
		}
	}
	if s.flags(node)&isConcept != 0 {
		for at := s.list(node, listMembers); at != 0; {
			e := s.links.at(at)
			at = e.next
			if int(e.rule) < len(s.nodes) {
				s.collect(r, e.rule, in)
			}
		}
	}
}

// nearSpans returns the spans of an opNear, from the first word of its places
// to the last, each once. With ends, one for each last place will do.
func (s *Set) nearSpans(r *reading, pc uint32, ends bool) run {
	var kids [maxParts]run
	k := 0
	n := int64(s.code[pc+2] &^ ordered)
	isOrdered := s.code[pc+2]&ordered != 0
	var reached run
	end := pc + s.code[pc+1]
	for kid := pc + 3; kid < end && k < maxParts; kid = s.after(kid) {
		found := s.spansOf(r, kid)
		switch {
		case found.lo == found.hi:
			return run{}
		case !isOrdered:
			kids[k] = found
			k++
		case kid == pc+3:
			reached = found
		default:
			lo := len(r.spans)
			r.chain(reached, found, n, ends)
			reached = r.tidy(lo)
		}
	}
	if isOrdered {
		return reached
	}
	// Ways that pass the same kids and end alike go on alike: build them by
	// sets of kids.
	var few [1 << 4]run
	sets := few[:]
	if k > 4 {
		sets = make([]run, 1<<k)
	}
	for set := 1; set < 1<<k; set++ {
		lo := len(r.spans)
		for i := range k {
			switch bit := 1 << i; {
			case set == bit:
				sets[set] = kids[i]
			case set&bit != 0:
				r.chain(sets[set&^bit], kids[i], n, ends)
			}
		}
		if set&(set-1) != 0 {
			sets[set] = r.tidy(lo)
		}
	}
	return sets[1<<k-1]
}

// chain appends what spans of a become where a span of b follows within n
// positions. With ends, they are told apart by the span of b alone.
func (r *reading) chain(a, b run, n int64, ends bool) {
	if a.lo == a.hi {
		return
	}
	out := len(r.spans)
	// A copy of a, sorted by end, is at out for the time.
	r.spans = append(r.spans, r.spans[a.lo:a.hi]...)
	byEnds := r.spans[out:]
	if !slices.IsSortedFunc(byEnds, byEnd) {
		slices.SortFunc(byEnds, byEnd)
	}
	m := len(byEnds)
	lo := 0
	for at := b.lo; at < b.hi; at++ {
		y := r.spans[at]
		for lo < m && y.from-r.spans[out+lo].to > n {
			lo++
		}
		for i := lo; i < m && r.spans[out+i].to <= y.from; i++ {
			if ends {
				r.spans = append(r.spans, y)
				break
			}
			if len(r.spans)-out-m == maxSpans {
				break
			}
			r.spans = append(r.spans, span{r.spans[out+i].from, y.to})
		}
	}
	r.spans = r.spans[:out+copy(r.spans[out:], r.spans[out+m:])]
}

// atLeastSpans returns the spans from the first to the last word of N kids'
// places in one part, each once.
func (s *Set) atLeastSpans(r *reading, pc uint32) run {
	n := int(s.code[pc+2])
	ways := make([][]span, n+1)
	end := pc + s.code[pc+1]
	mark := len(r.spans)
	for kid := pc + 3; kid < end; kid = s.after(kid) {
		found := s.spansOf(r, kid)
		for c := n; c > 0; c-- {
			for _, f := range r.spans[found.lo:found.hi] {
				if c == 1 {
					ways[1] = append(ways[1], f)
				}
				for _, w := range ways[c-1] {
					if w.from/partGap == f.from/partGap {
						ways[c] = append(ways[c], span{min(w.from, f.from), max(w.to, f.to)})
					}
				}
			}
			slices.SortFunc(ways[c], byStart)
			ways[c] = slices.Compact(ways[c])
			ways[c] = ways[c][:min(len(ways[c]), maxSpans)]
		}
		r.spans = r.spans[:mark]
	}
	r.spans = append(r.spans, ways[n]...)
	return run{mark, len(r.spans)}
}
