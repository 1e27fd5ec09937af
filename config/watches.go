package config

import (
	"path"
	"slices"
	"strings"

	"veille"
)

// watch turns one item of watches into a veille.Watch.
func (l *loader) watch(raw watch) {
	out := veille.Watch{
		Name: raw.Name, Query: raw.Query, List: raw.list(), Broad: raw.Broad,
		Sources: raw.Sources, Languages: raw.Languages,
		Severity: raw.Severity, Labels: raw.Labels,
		OnlyTitle: raw.Only == "title", Added: slices.Contains(raw.In, "added"), MinChange: raw.MinChange, EachCopy: raw.Story == "each",
	}
	if raw.MinChange < 0 {
		raw.At.key("min_change").wrong("a size is not negative", "write how many words an edit must change")
	}
	if !out.Added {
		out.List.In = raw.In
	} else if len(raw.In) > 1 {
		raw.At.key("in").wrong("added stands alone", "write in: added, or name fields only")
	}
	if at := raw.At.key("name"); !at.missing && checkName(at, raw.Name) {
		claim(l.watches, raw.Name, at, "watch")
	}
	l.rule(raw, out)
	for i, pattern := range raw.Sources {
		l.pattern(raw.At.key("sources").index(i), pattern)
	}
	for i, code := range raw.Languages {
		if at := raw.At.key("languages").index(i); code != "" {
			wrongLanguage(at, code)
		}
	}
	out.On = l.eventTypes(raw)
	out.Notify = l.notify(raw)
	if t := raw.Tests; t != nil {
		l.config.Tests = append(l.config.Tests, WatchTests{Watch: raw.Name, Match: t.Match, Miss: t.Miss, Dir: raw.At.in.text.dir})
	}
	l.config.Watches = append(l.config.Watches, out)
}

func (g group) list() veille.Clause {
	c := veille.Clause{All: clauses(g.All), Any: clauses(g.Any), None: clauses(g.None)}
	if g.AtLeast != nil {
		c.AtLeast = &veille.AtLeast{N: g.AtLeast.N, Of: clauses(g.AtLeast.Of)}
	}
	if g.Near != nil {
		c.Near = *g.Near
		if c.Near == 0 {
			c.Near = -1 // given, and out of range
		}
	}
	return c
}

// clauses keeps a list that is not given apart from an empty one.
func clauses(raw []clause) []veille.Clause {
	if raw == nil {
		return nil
	}
	out := make([]veille.Clause, len(raw))
	for i, r := range raw {
		if out[i].Item = r.Item; r.Item == "" {
			out[i] = r.list()
			out[i].In, out[i].Languages = r.In, r.Languages
		}
	}
	return out
}

// rule checks what the watch looks for.
func (l *loader) rule(raw watch, out veille.Watch) {
	asked := false
	for _, key := range []string{"query", "all", "any", "at_least"} {
		at := raw.At.key(key)
		asked = asked || !at.missing || at.failed()
		if n := resolved(at.node); !at.missing && len(n.Content) == 0 && strings.TrimSpace(n.Value) == "" && n.Tag != "!!null" {
			at.wrong("nothing to look for", "write words, or remove the key")
			return
		}
	}
	if !asked {
		raw.At.wrong("nothing to look for", "write a query, or words under all, any or at_least")
		return
	}
	if l.rules == nil {
		return
	}
	// What could not be read hides no mistake in what could.
	broken := false
	for key, forget := range map[string]func(){
		"query": func() { out.Query = "" }, "all": func() { out.List.All, out.List.Near = nil, 0 },
		"any": func() { out.List.Any = nil }, "none": func() { out.List.None = nil },
		"at_least": func() { out.List.AtLeast = nil }, "near": func() { out.List.Near = 0 }, "in": func() { out.List.In = nil },
	} {
		if raw.At.key(key).failed() {
			broken = true
			forget()
		}
	}
	if broken {
		if out.Query == "" && len(out.List.All) == 0 && len(out.List.Any) == 0 && out.List.AtLeast == nil {
			return
		}
		out.Broad = true // what is missing may be what narrows it
	}
	for _, p := range l.rules.Watch(out) {
		l.judged(raw.At.follow(p.Path), p)
	}
}

// judged reports what the judge of the rules found.
func (l *loader) judged(at place, p veille.Problem) {
	if l.toldFilled().shownIn(p.What + " " + p.Help) {
		at.wrong("this is refused", "values of the environment are not shown")
		return
	}
	at.wrongWithin(p.Offset, p.What, p.Help)
}

// pattern checks that a pattern selects a source.
func (l *loader) pattern(at place, pattern string) {
	if pattern == "" || l.selects(pattern) {
		return
	}
	if tag, ok := strings.CutPrefix(pattern, "tag:"); ok {
		var tags []string
		for _, s := range l.config.Sources {
			tags = append(tags, s.Tags...)
		}
		l.noSource(at, "no source has this tag", tag, tags)
		return
	}
	if _, err := path.Match(pattern, ""); err != nil {
		at.wrong("this glob is broken", "close its brackets")
		return
	}
	names := make([]string, 0, len(l.config.Sources))
	for _, s := range l.config.Sources {
		names = append(names, s.Name)
	}
	l.noSource(at, "no source has this name", pattern, names)
}

// noSource suggests a name, unless one side came from the environment.
func (l *loader) noSource(at place, what, name string, candidates []string) {
	help := ""
	if len(at.filled().values) == 0 && !l.sourcesFilled() {
		slices.Sort(candidates)
		help = didYouMean(name, slices.Compact(candidates))
	}
	at.wrong(what, help)
}

// sourcesFilled reports whether the environment filled in a name or a tag.
func (l *loader) sourcesFilled() bool {
	for _, f := range l.fragments {
		for _, s := range f.Sources {
			if len(s.At.key("name").filled().values)+len(s.At.key("tags").filled().values)+len(s.At.key("url").filled().values) > 0 {
				return true
			}
		}
	}
	return false
}

// selects reports whether a pattern selects at least one source; each pattern
// is looked for once.
func (l *loader) selects(pattern string) bool {
	if found, known := l.patterns[pattern]; known {
		return found
	}
	w := veille.Watch{Sources: []string{pattern}}
	found := slices.ContainsFunc(l.config.Sources, w.Covers)
	l.patterns[pattern] = found
	return found
}

func (l *loader) eventTypes(raw watch) []veille.EventType {
	at := raw.At.key("on")
	if at.missing {
		return []veille.EventType{veille.ArticlePublished, veille.ArticleEdited}
	}
	if len(raw.On) == 0 && len(resolved(at.node).Content) == 0 {
		at.wrong("a watch that tells nothing", "remove the key, or list published, edited or withdrawn")
	}
	var types []veille.EventType
	for _, on := range raw.On {
		if on == "grown" {
			types = append(types, veille.StoryGrown)
			continue
		}
		types = append(types, veille.EventType("article."+on))
	}
	return types
}
