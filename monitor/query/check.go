package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"veille"
)

// Checker judges watches and the concepts that they share. It is not safe for
// concurrent use.
type Checker struct {
	concepts map[string][]string
	// tags are those of the sources; nil when they are not known.
	tags   []string
	names  []string // of the concepts, sorted
	common commonIndex
	// broadConcepts says why a concept is broad, by name, field and languages.
	broadConcepts map[string]string
}

// NewChecker makes a Checker for some concepts. tags are the tags of the
// sources, which tag: may name; nil lets it name any.
func NewChecker(concepts map[string][]string, tags []string) *Checker {
	return &Checker{
		concepts: concepts, tags: tags, names: slices.Sorted(maps.Keys(concepts)),
		common: newCommonIndex(), broadConcepts: map[string]string{},
	}
}

// Watch lists every mistake in what a watch looks for. Path is "query" or a way
// into the list form, such as "all[0]" or "any[1].at_least.of[2]", and Offset
// counts bytes in that text. Mistakes inside the concepts themselves are the
// business of Concepts.
//
// A watch without mistakes that nearly every article would satisfy is refused
// too, unless it is Broad.
func (c *Checker) Watch(w veille.Watch) []veille.Problem {
	parts, problems := c.read(w)
	if len(problems) == 0 && !w.Broad {
		return c.tooBroad(parts, w)
	}
	return problems
}

func (c *Checker) read(w veille.Watch) ([]part, []veille.Problem) {
	r := treeReader{judge: c.known}
	parts := r.watch(w)
	return parts, r.problems
}

// Concepts lists every mistake in the concepts, by name. Path is the name, with
// the item's index where one is meant: "dprk[2]".
func (c *Checker) Concepts() []veille.Problem {
	r := treeReader{judge: c.known}
	for _, name := range c.names {
		if !isConceptName(name) {
			r.wrong(name, "the name of a concept is letters, digits, - and _", "")
		}
		if len(c.concepts[name]) == 0 {
			r.wrong(name, "the concept is empty", "write the words it stands for")
		}
		for i, item := range c.concepts[name] {
			r.item(fmt.Sprintf("%s[%d]", name, i), item)
		}
		if loop := c.loop(name); loop != nil {
			r.wrong(name, "the concept stands for itself: @"+strings.Join(loop, " → @"), "take one of them out")
		}
	}
	return r.problems
}

// known reports the concepts and tags in e that nobody defined.
func (c *Checker) known(path string, e *Expr) []veille.Problem {
	var problems []veille.Problem
	switch {
	case e.Op == OpConcept:
		if _, ok := c.concepts[e.Text]; !ok {
			help := "define it under concepts:"
			if near := nearest(e.Text, c.names); near != "" {
				help = "did you mean @" + near + "?"
			}
			problems = append(problems, veille.Problem{Path: path, Offset: e.Start, What: "unknown concept @" + clip(e.Text), Help: help})
		}
	case e.Op == OpField && e.Text == "tag" && c.tags != nil:
		kids := e.Kids
		if kids[0].Op == OpOr {
			kids = kids[0].Kids
		}
		for _, k := range kids {
			if slices.Contains(c.tags, k.Text) {
				continue
			}
			help := "give it to a source under tags:"
			if near := nearest(k.Text, c.tags); near != "" {
				help = "did you mean tag:" + near + "?"
			}
			problems = append(problems, veille.Problem{Path: path, Offset: k.Start, What: "no source has the tag " + clip(k.Text), Help: help})
		}
	}
	for _, k := range e.Kids {
		problems = append(problems, c.known(path, k)...)
	}
	return problems
}

// loop returns the way from a concept back to itself, or nil.
func (c *Checker) loop(name string) []string {
	done := map[string]bool{}
	var walk func(at string, way []string) []string
	walk = func(at string, way []string) []string {
		for _, item := range c.concepts[at] {
			next, ok := strings.CutPrefix(strings.TrimSpace(item), "@")
			if !ok || done[next] {
				continue
			}
			if next == name {
				return append(way, next)
			}
			done[next] = true
			if found := walk(next, append(way, next)); found != nil {
				return found
			}
		}
		return nil
	}
	return walk(name, []string{name})
}
