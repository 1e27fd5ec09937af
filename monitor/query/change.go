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
