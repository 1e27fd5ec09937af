package query

import "veille"

// hashOfWatch hashes what a watch looks for, and its name.
func (c *compiler) hashOfWatch(w *veille.Watch) uint64 {
	h := hashOf(c.seed, w.Name)
	add := func(text string) { h = mix(h^hashOf(c.seed, text), mixA) }
	add(w.Query)
	var clause func(c *veille.Clause)
	list := func(kind uint64, items []veille.Clause) {
		h = mix(h^kind, uint64(len(items))^mixB)
		for i := range items {
			clause(&items[i])
		}
	}
	clause = func(c *veille.Clause) {
		add(c.Item)
		list(1, c.All)
		list(2, c.Any)
		list(3, c.None)
		if c.AtLeast != nil {
			list(4+uint64(c.AtLeast.N), c.AtLeast.Of)
		}
		h = mix(h^uint64(c.Near), mixB)
		for _, names := range [...][]string{c.In, c.Languages} {
			h = mix(h^uint64(len(names)), mixA)
			for _, n := range names {
				add(n)
			}
		}
	}
	clause(&w.List)
	return h
}

func (s *Set) size() int {
	return 12*(len(s.dict.keys)+len(s.edges.keys)+len(s.stems.keys)+len(s.lists.keys)) + 4*len(s.info) + 4*len(s.start) + 16*len(s.postings) +
		4*len(s.code) + 24*len(s.rules) + 4*len(s.refs) + 20*int(s.links.used)
}
