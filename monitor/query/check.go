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
	p := veille.Problem{Path: path, What: err.Error()}
	if e, ok := errors.AsType[*Error](bounded(err)); ok {
		p.Offset, p.What, p.Help = e.Offset, e.What, e.Help
	}
	c.problems = append(c.problems, p)
}

func (c *checker) items(path string, items []string) {
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		e, err := parseItem(item)
		if err != nil {
			c.add(at, err)
			continue
		}
		c.names(at, e)
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

// parseItem reads an item of a list or a concept: a word or a phrase, quoted or
// not, perhaps with a trailing *, or @concept. Offsets count bytes in item.
func parseItem(item string) (*Expr, error) {
	text := strings.TrimSpace(item)
	at := strings.Index(item, text)
	if len(text) > MaxBytes {
		return nil, &Error{MaxBytes, fmt.Sprintf("the item is %d bytes long, at most %d are allowed", len(text), MaxBytes), ""}
	}
	e := &Expr{Op: OpTerm, Start: at, End: at + len(text)}
	if name, ok := strings.CutPrefix(text, "@"); ok {
		if !isConceptName(name) {
			return nil, &Error{at, "the name of a concept is letters, digits, - and _ after @", ""}
		}
		e.Op, e.Text = OpConcept, name
		return e, nil
	}
	e.Text, e.Prefix = strings.CutSuffix(text, "*")
	inner, isQuoted, err := unquote(e.Text)
	if err != nil {
		err.Offset += at
		return nil, err
	}
	if isQuoted && !e.Prefix {
		inner, e.Prefix = strings.CutSuffix(inner, "*")
	}
	if !isQuoted {
		if err := checkItem(e.Text); err != nil {
			err.Offset += at
			return nil, err
		}
	}
	e.Text = inner
	if err := checkTerm(inner, e.Prefix); err != nil {
		err.Offset += at
		if isQuoted {
			err.Offset += strings.Index(text, inner)
		}
		return nil, err
	}
	return e, nil
}

// unquote takes the quotes off a text that is quoted as a whole.
func unquote(text string) (string, bool, *Error) {
	runes := []rune(text)
	if len(runes) == 0 || closing(runes[0]) == 0 {
		return text, false, nil
	}
	end := closing(runes[0])
	if len(runes) == 1 || runes[len(runes)-1] != end && !strings.ContainsRune(string(runes[1:]), end) {
		return "", false, &Error{0, fmt.Sprintf("the quote %c is not closed", runes[0]), "an item needs no quotes: take it out"}
	}
	inner := string(runes[1 : len(runes)-1])
	if runes[len(runes)-1] != end || strings.ContainsRune(inner, end) {
		return text, false, nil
	}
	return strings.TrimSpace(inner), true, nil
}

// checkItem finds what reads like a query in an unquoted item, which is a
// literal phrase.
func checkItem(text string) *Error {
	offset := 0
	for i, word := range strings.Fields(text) {
		offset += strings.Index(text[offset:], word)
		name, _, colon := strings.Cut(word, ":")
		base, _, _ := strings.Cut(word, "/")
		switch {
		case word == "AND" || word == "OR" || word == "NOT" || isLater(base):
			return &Error{offset, word + " is an operator only under query:", fmt.Sprintf("an item is one phrase: make it several items, or quote it: '%q'", text)}
		case i == 0 && colon && fieldMask(name) != 0:
			return &Error{offset, name + ": is a field only under query:", fmt.Sprintf("an item is one phrase: write it under query:, or quote it: '%q'", text)}
		case i == 0 && len(word) > 1 && (word[0] == '~' || word[0] == '='):
			return &Error{offset, word + " is not in this version", "write the word alone, with * after its stem for its endings"}
		}
		offset += len(word)
	}
	return nil
}
