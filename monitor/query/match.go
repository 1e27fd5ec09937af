package query

import (
	"slices"

	"veille"
)

// reading is what one article says to a Set. It is reused, so that matching
// needs no new memory.
type reading struct {
	scan   scanner
	tokens []token
	seen   []resolved // by token
	parts  []section
	// text is the text of each field that was read.
	text [numFields]string
	tags []string
	lead int // tokens of the body that are in its lead

	cache        []remembered
	cachedFor    uint64
	others       []uint32
	late         []unresolved
	found        []uint32
	language     string
	languageSalt uint64

	sights []sight
	table  []uint32 // by hash of a node, the number of its sight plus 1
	bits   [bitsSize / 64]uint64
	places []place

	filed      []filed
	candidates []candidate
	spans      []span
	matched    []uint32
	// touched keeps what match only brought near.
	touched uint32
	// once has a bit for each rule filed under several nodes that was judged.
	once   []uint64
	judged []uint32
	// milestones count code points, once somebody asks.
	milestones [numFields][]milestone
	hits       []hit
	points     [][2]int
	counted    []int
}

const bitsSize = 1 << 16

// section is a run of tokens between which nothing stands: a field, or one author
// or tag.
type section struct {
	lo, hi int32
	field  uint8
	// at is where the text of the part begins in that of the field.
	at      int32
	text    string
	offsets []int32
}

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

// read cuts an article into words and finds every node in it.
func (s *Set) read(a *veille.Snapshot, tags []string) *reading {
	var r *reading
	select {
	case r = <-s.pool:
	default:
		r = &reading{table: make([]uint32, 1<<10)}
	}
	r.prepare(s)
	r.tags = tags
	s.cutField(r, inTitle, a.Title, 0, nil)
	s.cutField(r, inBody, a.Body, 0, nil)
	r.lead = 0
	if s.reads&inLead != 0 {
		p := r.parts[1]
		body := r.tokens[p.lo:p.hi]
		end := leadEnd(a.Body, body)
		n, _ := slices.BinarySearchFunc(body, int32(end), func(t token, end int32) int { return int(t.start - end) })
		r.lead = int(p.lo) + n
	}
	r.language = a.Language
	if r.language == "" {
		r.language = s.vote(r)
	}
	r.languageSalt = languageSalt(r.language)
	if s.reads&inURL != 0 {
		plain, offsets := unescapeURL(address(a))
		s.cutField(r, inURL, plain, 0, offsets)
	}
	if s.reads&inAuthor != 0 {
		s.cutItems(r, inAuthor, a.Authors)
	}
	if s.reads&inSite != 0 {
		s.cutField(r, inSite, host(address(a)), 0, nil)
	}
	if s.reads&inTag != 0 {
		s.cutItems(r, inTag, tags)
	}
	if s.reads&inLang != 0 {
		s.cutField(r, inLang, r.language, 0, nil)
	}
	for i := range r.parts {
		s.find(r, i)
	}
	for i := 0; i < len(r.sights); i++ {
		if r.sights[i].flags&isMember != 0 {
			s.join(r, r.sights[i].node, r.sights[i].in)
		}
	}
	return r
}

// show prepares the texts that reports quote.
func (r *reading) show(a *veille.Snapshot) {
	for field := range r.text {
		r.text[field] = fieldText(a, r.tags, field)
	}
	r.text[bitOf(inLang)] = r.language
}

func (s *Set) cutField(r *reading, in fields, text string, at int, offsets []int32) {
	lo := int32(len(r.tokens))
	r.tokens = s.cut.cut(r.tokens, text, &r.scan)
	r.parts = append(r.parts, section{
		lo: lo, hi: int32(len(r.tokens)), field: bitOf(in), at: int32(at), text: text, offsets: offsets,
	})
}

func (s *Set) cutItems(r *reading, in fields, items []string) {
	at := 0
	for _, item := range items[:min(len(items), maxItems)] {
		s.cutField(r, in, item, at, nil)
		at += len(item) + len(authorSeparator)
	}
}

// release forgets the article and keeps the memory, unless there is much.
func (s *Set) release(r *reading) {
	if len(r.tokens) > 1<<18 || len(r.places) > 1<<18 || len(r.table) > 1<<18 {
		return
	}
	clear(r.table)
	r.bits = [bitsSize / 64]uint64{}
	for _, rule := range r.judged {
		r.once[rule/64] = 0
	}
	r.text = [numFields]string{}
	for i := range r.milestones {
		r.milestones[i] = r.milestones[i][:0]
	}
	clear(r.parts)
	r.scan.text, r.tags = "", nil
	r.tokens, r.parts, r.sights, r.places, r.matched, r.judged = r.tokens[:0], r.parts[:0], r.sights[:0], r.places[:0], r.matched[:0], r.judged[:0]
	select {
	case s.pool <- r:
	default:
	}
}

// find finds the nodes in a part.
func (s *Set) find(r *reading, n int) {
	p := &r.parts[n]
	s.resolve(r, p)
	for i := p.lo; i < p.hi; i++ {
		v := &r.seen[i]
		if v.node|v.others == 0 || r.tokens[i].kind == classKata && r.kataBefore(p, i) {
			continue
		}
		if v.node != 0 {
			s.visit(r, n, v.node, v.flags, i, i+1)
		}
		for _, o := range r.more(v) {
			s.visit(r, n, o, s.flags(o), i, i+1)
		}
	}
}

// visit records a node found in the tokens from first to next, and follows the
// phrases that go on from it.
func (s *Set) visit(r *reading, n int, node, flags uint32, first, next int32) {
	p := &r.parts[n]
	if flags&isTerm != 0 && (flags&isKata == 0 || !r.kataAfter(p, next)) {
		s.see(r, n, node, flags, first, next)
	}
	if flags&hasNext == 0 || next >= p.hi {
		return
	}
	v := &r.seen[next]
	glued := r.tokens[next].glued
	if v.flags&isNext != 0 {
		s.follow(r, n, node, v.node, glued, first, next)
	}
	for _, o := range r.more(v) {
		if s.flags(o)&isNext != 0 {
			s.follow(r, n, node, o, glued, first, next)
		}
	}
}

func (s *Set) follow(r *reading, n int, node, unit uint32, glued bool, first, next int32) {
	if key := edgeKey(node, unit, false); s.pairs.has(key) {
		if child := s.edges.find(key); child != 0 && int(child) < len(s.info) {
			s.visit(r, n, child, s.flags(child), first, next+1)
		}
	}
	if !glued {
		return
	}
	if child := s.edges.find(edgeKey(node, unit, true)); child != 0 && int(child) < len(s.info) {
		s.visit(r, n, child, s.flags(child), first, next+1)
	}
}

// filed is what is filed under a node that was found.
type filed struct {
	from, to uint32
	sight    int32
	first    posting
}

// candidate is a rule that may hold: where its program is, and the rule with
// the high bits of its posting.
type candidate struct{ rule, code uint32 }

// match finds the rules that hold.
//
// Everything is looked up for all nodes, then for all rules, one step after the
// other: so that the memory of many is on its way at once.
func (s *Set) match(r *reading) {
	if need := (len(s.rules) + 63) / 64; len(r.once) < need {
		r.once = make([]uint64, need)
	}
	r.filed, r.candidates = r.filed[:0], r.candidates[:0]
	for i := range r.sights {
		if sight := &r.sights[i]; sight.flags&hasRules != 0 {
			r.filed = append(r.filed, filed{from: s.start[sight.node], to: s.start[sight.node+1], sight: int32(i)})
		}
	}
	for i := range r.filed {
		f := &r.filed[i]
		f.first = s.postings[f.from]
	}
	for i := range r.filed {
		f := &r.filed[i]
		in := r.sights[f.sight].in
		s.consider(r, in, &f.first)
		list := s.postings[f.from+1 : f.to]
		for i := range list {
			s.consider(r, in, &list[i])
		}
	}
	for i := range r.sights {
		if sight := &r.sights[i]; sight.flags&hasMore != 0 {
			for at := s.list(sight.node, listRules); at != 0; {
				e := s.links.at(at)
				at = e.next
				if e.rule&ruleMask < uint32(len(s.rules)) {
					s.consider(r, sight.in, &posting{e.rule, e.check})
				}
			}
		}
	}
	for i := range r.candidates {
		c := &r.candidates[i]
		c.code = s.rules[c.rule].code
	}
	touched := uint32(0)
	for i := range r.candidates {
		touched |= s.code[r.candidates[i].code]
	}
	r.touched = touched
	for _, c := range r.candidates {
		if s.holds(r, c.code) {
			r.matched = append(r.matched, c.rule)
		}
	}
	for _, rule := range s.anywhere {
		if s.alive(rule) && s.holds(r, s.rules[rule].code) {
			r.matched = append(r.matched, rule)
		}
	}
}

// consider judges a rule that is filed under something found in some fields, or
// makes it a candidate.
func (s *Set) consider(r *reading, in fields, p *posting) {
	if p.check[0] != 0 {
		if !r.mayBe(p.check[0]) && !r.mayBe(p.check[1]) && !r.mayBe(p.check[2]) {
			return
		}
		checked := r.in(p.check[0]) | r.in(p.check[1]) | r.in(p.check[2])
		if checked == 0 {
			return
		}
		if checked&inText == 0 {
			in = 0
		}
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
	if p.rule&whole != 0 && in&inText != 0 {
		r.matched = append(r.matched, rule)
		return
	}
	r.candidates = append(r.candidates, candidate{rule: rule})
}
