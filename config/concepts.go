package config

import (
	"regexp"
	"slices"
	"strings"
)

var conceptName = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)

// conceptsOf gathers the named sets of a file.
func (l *loader) conceptsOf(f fragment) {
	for name, words := range f.Concepts {
		at := f.At.key("concepts").key(name)
		switch {
		case !conceptName.MatchString(name):
			at.wrong("the name of a concept holds letters, digits, - and _ only", "a query writes it as @name")
		case len(words) == 0 && resolved(at.node).Content == nil:
			at.wrong("an empty concept matches nothing", "list its words, or remove it")
		case claim(l.concepts, name, at, "concept"):
			l.config.Concepts[name] = words
		}
	}
}

func (l *loader) checkConcepts() {
	if l.checks.Rules == nil {
		return
	}
	tags := []string{}
	for _, s := range l.config.Sources {
		tags = append(tags, s.Tags...)
	}
	slices.Sort(tags)
	l.rules = l.checks.Rules(l.config.Concepts, slices.Compact(tags))
	for _, p := range l.rules.Concepts() {
		name, rest := p.Path, ""
		if i := strings.IndexByte(p.Path, '['); i >= 0 {
			name, rest = p.Path[:i], p.Path[i:]
		}
		at, ok := l.concepts[name]
		if !ok {
			continue
		}
		l.judged(at.follow(rest), p)
	}
}

// toldFilled gathers what the environment put into what the judge was told
// beside a watch: the concepts, and the tags of the sources.
func (l *loader) toldFilled() expanded {
	if l.told != nil {
		return *l.told
	}
	var all expanded
	keep := func(at place) {
		e := at.filled()
		all.names, all.values = append(all.names, e.names...), append(all.values, e.values...)
	}
	for _, f := range l.fragments {
		keep(f.At.key("concepts"))
		for _, s := range f.Sources {
			if s.At.decoded() {
				keep(s.At.key("tags"))
			}
		}
	}
	l.told = &all
	return all
}
