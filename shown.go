package veille

import "slices"

// ShownBy returns the sources that have shown an article, the first one first.
// One that is no longer configured is a bare name.
func (a Article) ShownBy(sources []Source) []Source {
	by := make([]Source, 0, 1+len(a.Sources))
	for _, name := range append([]string{a.Source}, a.Sources...) {
		i := slices.IndexFunc(sources, func(s Source) bool { return s.Name == name })
		if i < 0 {
			by = append(by, Source{Name: name})
		} else {
			by = append(by, sources[i])
		}
	}
	return by
}

// ShownBy returns a snapshot as watches read it where some sources show it: in
// the language that the first of them to name one says its pages are in, and
// with the tags of all.
func (s Snapshot) ShownBy(sources []Source) (as Snapshot, tags []string) {
	declared := false
	for _, source := range sources {
		tags = append(tags, source.Tags...)
		if source.Language != "" && !declared {
			s.Language, declared = source.Language, true
		}
	}
	return s, tags
}
