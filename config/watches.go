package config

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"veille"
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
	if l.checks.Concepts == nil {
		return
	}
	for _, p := range l.checks.Concepts(l.config.Concepts) {
		name, rest := p.Path, ""
		if i := strings.IndexByte(p.Path, '['); i >= 0 {
			name, rest = p.Path[:i], p.Path[i:]
		}
		at, ok := l.concepts[name]
		if !ok {
			continue
		}
		at.follow(rest).wrongWithin(p.Offset, p.What, p.Help)
	}
}

// conceptsFilled gathers what the environment put into the concepts.
func (l *loader) conceptsFilled() expanded {
	var all expanded
	for _, f := range l.fragments {
		if at := f.At.key("concepts"); !at.missing {
			e := at.filled()
			all.names, all.values = append(all.names, e.names...), append(all.values, e.values...)
		}
	}
	return all
}

// watch turns one item of watches into a veille.Watch.
func (l *loader) watch(raw watch) {
	out := veille.Watch{
		Name: raw.Name, Query: raw.Query, All: raw.All, Any: raw.Any, None: raw.None,
		Sources: raw.Sources, Languages: raw.Languages, Notify: raw.Notify,
		OnlyTitle: raw.Only == "title", Added: slices.Contains(raw.In, "added"), MinChange: raw.MinChange,
	}
	if raw.MinChange < 0 {
		raw.At.key("min_change").wrong("a size is not negative", "write how many words an edit must change")
	}
	if out.Added && len(raw.In) > 1 {
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
		if at := raw.At.key("languages").index(i); code != "" && !languageCode.MatchString(code) {
			at.wrong(at.quoted()+" is not an ISO 639 code", "write two or three small letters, such as fr")
		}
	}
	out.On = l.eventTypes(raw)
	l.notify(raw)
	l.config.Watches = append(l.config.Watches, out)
}

// rule checks what the watch looks for.
func (l *loader) rule(raw watch, out veille.Watch) {
	asked := false
	for _, key := range []string{"query", "all", "any"} {
		at := raw.At.key(key)
		asked = asked || !at.missing || at.failed()
		if n := resolved(at.node); !at.missing && len(n.Content) == 0 && strings.TrimSpace(n.Value) == "" && n.Tag != "!!null" {
			at.wrong("nothing to look for", "write words, or remove the key")
			return
		}
	}
	if !asked {
		raw.At.wrong("nothing to look for", "write a query, or words under all or any")
		return
	}
	// What could not be read hides no mistake in what could.
	broken := false
	for key, forget := range map[string]func(){
		"query": func() { out.Query = "" }, "all": func() { out.All = nil },
		"any": func() { out.Any = nil }, "none": func() { out.None = nil },
	} {
		if raw.At.key(key).failed() {
			broken = true
			forget()
		}
	}
	if l.checks.Watch == nil || broken && out.Query == "" && len(out.All) == 0 && len(out.Any) == 0 {
		return
	}
	for _, p := range l.checks.Watch(out, l.config.Concepts) {
		at := raw.At.follow(p.Path)
		// The judge sees the concepts too, and they may hold what the
		// environment filled in.
		if l.conceptsFilled().shownIn(p.What + " " + p.Help) {
			at.wrong("this is refused", "values of the environment are not shown")
			continue
		}
		at.wrongWithin(p.Offset, p.What, p.Help)
	}
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
		types = append(types, veille.EventType("article."+on))
	}
	return types
}

func (l *loader) notify(raw watch) {
	at := raw.At.key("notify")
	if !at.missing && len(raw.Notify) == 0 && len(resolved(at.node).Content) == 0 {
		at.wrong("nobody is told", "list at least one receiver")
	}
	names := make([]string, 0, len(l.receivers))
	for name := range l.receivers {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range raw.Notify {
		if _, ok := l.receivers[name]; ok || name == "" {
			continue
		}
		at := at.index(i)
		help := "there are no receivers yet"
		if len(names) > 0 {
			help = "the receivers are " + list(names)
		}
		if did := didYouMean(name, names); did != "" {
			help = did
		}
		at.wrong("no receiver has this name", help)
	}
}
