package query

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"veille"
)

// Check lists every mistake in what a watch looks for. Path is "query",
// "all[0]", "any[2]" or "none[0]", and Offset counts bytes in that text.
// Mistakes inside the concepts themselves are CheckConcepts' business.
func Check(w veille.Watch, concepts map[string][]string) []veille.Problem {
	var c checker
	c.concepts = concepts
	if w.Query != "" {
		e, err := Parse(w.Query)
		if err != nil {
			c.add("query", err)
		} else {
			c.names("query", e)
			c.later("query", e)
		}
	}
	c.items("all", w.All)
	c.items("any", w.Any)
	c.items("none", w.None)
	if w.Query == "" && len(w.All) == 0 && len(w.Any) == 0 {
		p := veille.Problem{What: "the watch looks for nothing", Help: "write a query, or words under all: or any:"}
		if len(w.None) > 0 {
			p = veille.Problem{Path: "none", What: "only exclusions: this would match almost everything",
				Help: "say what to look for too, under query:, all: or any:"}
		}
		c.problems = append(c.problems, p)
	}
	return c.problems
}

// CheckConcepts lists every mistake in the concepts, by name. Path is the name,
// with the item's index where one is meant: "dprk[2]".
func CheckConcepts(concepts map[string][]string) []veille.Problem {
	var c checker
	c.concepts = concepts
	for _, name := range slices.Sorted(maps.Keys(concepts)) {
		if !isConceptName(name) {
			c.problems = append(c.problems, veille.Problem{Path: name, What: "the name of a concept is letters, digits, - and _"})
		}
		if len(concepts[name]) == 0 {
			c.problems = append(c.problems, veille.Problem{Path: name, What: "the concept is empty", Help: "write the words it stands for"})
		}
		c.items(name, concepts[name])
		if loop := c.loop(name); loop != nil {
			c.problems = append(c.problems, veille.Problem{Path: name, What: "the concept stands for itself: @" + strings.Join(loop, " → @"),
				Help: "take one of them out"})
		}
	}
	return c.problems
}

type checker struct {
	concepts map[string][]string
	problems []veille.Problem
}

func (c *checker) add(path string, err error) {
	mistakes, ok := errors.AsType[Errors](err)
	if !ok {
		mistakes = Errors{{What: err.Error()}}
		if e, ok := errors.AsType[*Error](err); ok {
			mistakes[0] = e.bounded()
		}
	}
	for _, e := range mistakes {
		c.problems = append(c.problems, veille.Problem{Path: path, Offset: e.Offset, What: e.What, Help: e.Help})
	}
}

func (c *checker) items(path string, items []string) {
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		e, err := treeOfItem(item)
		if err != nil {
			c.add(at, err)
			continue
		}
		c.names(at, e)
		c.later(at, e)
	}
}

// names reports the concepts in e that nobody defined.
func (c *checker) names(path string, e *Expr) {
	if e.Op == OpConcept {
		if _, ok := c.concepts[e.Text]; !ok {
			help := "define it under concepts:"
			if near := nearest(e.Text, slices.Sorted(maps.Keys(c.concepts))); near != "" {
				help = "did you mean @" + near + "?"
			}
			c.problems = append(c.problems, veille.Problem{Path: path, Offset: e.Start, What: "unknown concept @" + clip(e.Text), Help: help})
		}
	}
	for _, k := range e.Kids {
		c.names(path, k)
	}
}

// loop returns the way from a concept back to itself, or nil.
func (c *checker) loop(name string) []string {
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
