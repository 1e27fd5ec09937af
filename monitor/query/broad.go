package query

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"veille"
)

// breadth is why an expression holds for a great part of all articles: the
// part to blame, and what is wrong with it. The zero breadth is narrow.
type breadth struct {
	guilty *Expr
	why    string
}

// tooBroad judges a watch by the rarest of the parts that must all hold. It
// blames the first, so that the message stands where reading begins.
func (c *Checker) tooBroad(parts []part, w veille.Watch) []veille.Problem {
	first := -1
	var blame breadth
	for i, p := range parts {
		if p.expr.Op == OpNot {
			continue
		}
		b := c.breadth(p.expr, w.Languages, inText)
		if b.guilty == nil {
			return nil
		}
		if first < 0 {
			first, blame = i, b
		}
	}
	if first < 0 {
		return nil
	}
	path, offset := parts[first].path, 0
	if path == "query" {
		offset = blame.guilty.Start
	}
	return []veille.Problem{{
		Path: path, Offset: offset, What: "too broad: " + blame.why,
		Help: "ask for something rarer beside it, or write broad: true on the watch if this is meant",
	}}
}

// breadth judges an expression. codes are the languages that the watch reads.
func (c *Checker) breadth(e *Expr, codes []string, in fields) breadth {
	switch e.Op {
	case OpTerm:
		return breadth{e, c.termBreadth(e, codes, in)}.orNarrow()
	case OpConcept:
		return c.conceptBreadth(e, codes, in)
	case OpField:
		switch {
		case isLabel(e.Text):
			return breadth{e, e.String() + " alone matches every article that has it"}
		case e.Text == "url":
			in = inURL
		case e.Text == "author":
			in = inAuthor
		}
		return c.breadth(e.Kids[0], codes, in)
	case OpNot:
		return breadth{}
	}
	// How many of the kids may be all that holds.
	enough := map[Op]int{OpOr: 1, OpAtLeast: e.N}[e.Op]
	var first breadth
	broad, positive := 0, 0
	for _, k := range e.Kids {
		if k.Op == OpNot {
			continue
		}
		positive++
		if b := c.breadth(k, codes, in); b.guilty != nil {
			broad++
			if first.guilty == nil {
				first = b
			}
		}
	}
	if enough == 0 {
		enough = positive
	}
	if broad >= enough {
		return first
	}
	return breadth{}
}

func (b breadth) orNarrow() breadth {
	if b.why == "" {
		return breadth{}
	}
	return b
}

// conceptBreadth judges a concept by its broadest item. The place is that of e.
func (c *Checker) conceptBreadth(e *Expr, codes []string, in fields) breadth {
	key := fmt.Sprint(e.Text, in, codes)
	if why, known := c.broadConcepts[key]; known {
		return breadth{e, why}.orNarrow()
	}
	c.broadConcepts[key] = "" // a concept that stands for itself is told elsewhere
	for _, item := range c.concepts[e.Text] {
		k, err := treeOfItem(item)
		if err != nil {
			continue
		}
		if b := c.breadth(k, codes, in); b.guilty != nil {
			c.broadConcepts[key] = "@" + e.Text + " holds it: " + b.why
			break
		}
	}
	return breadth{e, c.broadConcepts[key]}.orNarrow()
}

// termBreadth says why a term is found in a great part of all articles; "" if
// it is not.
func (c *Checker) termBreadth(e *Expr, codes []string, in fields) string {
	words := wordsOf(e.Text)
	name := quoted(e.Written())
	if in == inAuthor {
		return ""
	}
	if e.Form == Exact && keyOf(words) != e.Text {
		return "" // US is a name where us is a word
	}
	if e.Prefix && len(words) == 1 && words[0].kind == classLetter {
		r, _ := utf8.DecodeRuneInString(words[0].text)
		if utf8.RuneCountInString(words[0].text) < 3 && !isHangul(r) {
			return name + " begins too many words"
		}
		return ""
	}
	if in == inURL && slices.Contains([]string{"http", "https", "www", "com", "html", "htm", "index"}, keyOf(words)) {
		return name + " is in the address of nearly every article"
	}
	if l := c.common.languages(keyOf(words), codes); l != "" {
		why := name + " is among the commonest words of " + l
		if isCapitals(e.Text) && e.Form == Folded {
			why += "; =" + e.Text + " is the word in capitals only"
		}
		return why
	}
	switch len(words) {
	case 1:
		if utf8.RuneCountInString(words[0].text) == 1 && !isHan(firstRune(words[0].text)) && !isHangul(firstRune(words[0].text)) {
			return name + " is a single character"
		}
	case 2:
		a, b := c.common.languages(words[0].text, codes), c.common.languages(words[1].text, codes)
		if a != "" && b != "" && !words[1].glued && !e.Prefix {
			return name + " is two of the commonest words"
		}
	}
	return ""
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func isCapitals(s string) bool {
	for _, r := range s {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return len(s) > 1
}
