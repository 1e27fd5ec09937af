package query

import (
	"slices"

	"veille"
)

// Match returns a match for every watch that the snapshot satisfies, in the
// order of the watch-list, and the language that it was read in: the one it
// declares, else the one its words speak, "" if they do not tell. Tags are
// those of the article's sources. Sources and languages of the watches are not
// its business.
func (s *Set) Match(a veille.Snapshot, tags []string) ([]veille.Match, string) {
	r := s.read(&a, tags)
	defer s.release(r)
	s.match(r)
	language := r.language
	if len(r.matched) == 0 {
		return nil, language
	}
	slices.SortFunc(r.matched, func(a, b uint32) int { return int(s.refs[a]) - int(s.refs[b]) })
	matches := make([]veille.Match, 0, len(r.matched))
	r.show(&a)
	x := s.explainer(r)
	for _, rule := range r.matched {
		matches = append(matches, x.report(s.refs[rule]))
	}
	return matches, language
}

// AppendMatching appends the numbers, in the watch-list, of the watches that
// the snapshot satisfies, in no order, and returns the language as Match does.
// It needs no memory but dst's.
func (s *Set) AppendMatching(dst []int32, a *veille.Snapshot, tags []string) ([]int32, string) {
	r := s.read(a, tags)
	s.match(r)
	for _, rule := range r.matched {
		dst = append(dst, s.refs[rule])
	}
	language := r.language
	s.release(r)
	return dst, language
}

// filed is what is filed under a node that was found.
type filed struct {
	from, to uint32
	in       fields
}

// passed is a posting one of whose check nodes may have been found, and where
// the node was found that it is filed under.
type passed struct {
	posting uint32
	in      fields
}

// added is a list of rules under a node that was found: the key of the list, and
// its next entry.
type added struct {
	key uint64
	at  uint32
	in  fields
}

// candidate is a rule that may hold, and where its program is.
type candidate struct{ rule, code uint32 }

// match finds the rules that hold.
//
// Everything is looked up for all nodes, then for all rules, one step after the
// other: so that the memory of many is on its way at once.
func (s *Set) match(r *reading) {
	if need := (len(s.rules) + 63) / 64; len(r.once) < need {
		r.once = make([]uint64, need+need/16)
	}
	s.pass(r)
	r.candidates = r.candidates[:0]
	for i := range r.passed {
		p := &r.passed[i]
		s.consider(r, p.in, &s.postings[p.posting])
	}
	s.considerAdded(r)
	for i := range r.candidates {
		c := &r.candidates[i]
		c.code = s.programs[c.rule]
	}
	touched := uint32(0)
	for i := range r.candidates {
		at := int(r.candidates[i].code)
		touched |= s.code[at] | s.code[min(at+8, len(s.code)-1)]
	}
	r.touched = touched
	for _, c := range r.candidates {
		if s.holds(r, c.code) {
			r.matched = append(r.matched, c.rule)
		}
	}
	for _, rule := range s.anywhere {
		if s.alive(rule) && s.holds(r, s.programs[rule]) {
			r.matched = append(r.matched, rule)
		}
	}
}

// pass finds the postings whose check may pass.
func (s *Set) pass(r *reading) {
	r.filed, r.passed = r.filed[:0], r.passed[:0]
	r.bits[0] |= 1 // so that no check passes
	all := 0
	for i := range r.sights {
		if sight := &r.sights[i]; sight.flags&hasRules != 0 {
			f := filed{s.nodes[sight.node].from, s.nodes[sight.node+1].from, sight.in}
			r.filed = append(r.filed, f)
			all += int(f.to - f.from)
		}
	}
	touched := uint32(0)
	for i := range r.filed {
		f := &r.filed[i]
		touched |= s.postings[f.from].rule | s.postings[min(f.from+4, f.to-1)].rule | s.postings[min(f.from+8, f.to-1)].rule
	}
	r.touched = touched
	r.passed = slices.Grow(r.passed, all)[:all]
	k := 0
	for i := range r.filed {
		f := &r.filed[i]
		in := f.in
		for j := range s.postings[f.from:f.to] {
			p := &s.postings[int(f.from)+j]
			// Without a branch, which no processor would foresee.
			r.passed[k] = passed{f.from + uint32(j), in}
			k += r.mayPass(&p.check)
		}
	}
	r.passed = r.passed[:k]
}

// considerAdded judges the rules that were filed after the index was built.
func (s *Set) considerAdded(r *reading) {
	list, touched := r.added[:0], uint32(0)
	for i := range r.sights {
		if sight := &r.sights[i]; sight.flags&hasMore != 0 {
			key := listKey(sight.node, listRules)
			list = append(list, added{key: key, in: sight.in})
			touched |= s.lists.touch(key)
		}
	}
	for i := range list {
		a := &list[i]
		if a.at = s.lists.find(a.key); a.at != 0 {
			touched |= s.links.at(a.at).rule
		}
	}
	for _, a := range list {
		for a.at != 0 {
			e := s.links.at(a.at)
			a.at = e.next
			if e.rule&ruleMask < uint32(len(s.rules)) && r.mayPass(&e.check) != 0 {
				s.consider(r, a.in, &posting{e.rule, e.check})
			}
		}
	}
	r.added, r.touched = list, touched
}

// mayPass returns 1 if one of the nodes of a check may have been found, or there
// are none, else 0.
func (r *reading) mayPass(check *[3]uint32) int {
	return int((r.bit(check[0]) | r.bit(check[1]) | r.bit(check[2])) & 1)
}

// consider judges a rule that is filed under something found in some fields, and
// one of whose check nodes may have been found, or makes it a candidate.
func (s *Set) consider(r *reading, in fields, p *posting) {
	isWhole := p.rule&whole != 0 && in&inText != 0
	if isWhole && p.check[0] != 0 {
		// The program of others asks for what is checked, too.
		checked := r.in(p.check[0]) | r.in(p.check[1]) | r.in(p.check[2])
		if checked == 0 {
			return
		}
		isWhole = checked&inText != 0
	}
	rule := p.rule & ruleMask
	if s.epoch != 0 && !s.alive(rule) {
		return
	}
	if p.rule&repeats != 0 {
		word, bit := &r.once[rule/64], uint64(1)<<(rule%64)
		if *word&bit != 0 {
			return
		}
		*word |= bit
		r.judged = append(r.judged, rule)
	}
	if isWhole {
		r.matched = append(r.matched, rule)
		return
	}
	r.candidates = append(r.candidates, candidate{rule: rule})
}
