package query

import (
	"fmt"
	"slices"
	"strings"
)

// treeOfItem reads an item of a list or a concept: a word or a phrase, quoted or
// not, as it is, with a trailing *, or with a ~ or = before it; or @concept.
// Offsets count bytes in item. The error is an *Error.
func treeOfItem(item string) (*Expr, error) {
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
	if err := e.readItem(text); err != nil {
		return nil, &Error{at + err.Offset, err.What, err.Help}
	}
	return e, nil
}

// readItem fills a term from an item. Offsets count bytes in text.
func (e *Expr) readItem(text string) *Error {
	rest := text
	switch {
	case strings.HasPrefix(rest, "~"):
		e.Form, rest = Inflected, rest[1:]
	case strings.HasPrefix(rest, "="):
		e.Form, rest = Exact, rest[1:]
	}
	if e.Form != Exact {
		rest, e.Prefix = strings.CutSuffix(rest, "*")
	}
	inner, isQuoted, err := unquote(rest)
	if err != nil {
		err.Offset += len(text) - len(strings.TrimLeft(text, "~="))
		return err
	}
	if isQuoted && e.Form != Exact && !e.Prefix {
		inner, e.Prefix = strings.CutSuffix(inner, "*")
	}
	if !isQuoted {
		if err := checkItem(text); err != nil {
			return err
		}
	}
	e.Text = oneLine(inner)
	if err := checkTerm(e.Text, e.Prefix, e.Form); err != nil {
		err.Offset = min(err.Offset+max(0, strings.Index(text, inner)), len(text))
		return err
	}
	return nil
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
	words := strings.Fields(text)
	for i, word := range words {
		offset += strings.Index(text[offset:], word)
		name, _, colon := strings.Cut(word, ":")
		quote := fmt.Sprintf("quote it: '%q'", text)
		switch {
		case isNear(word):
			return &Error{offset, word + " is an operator only under query:", "an item is one phrase: write both as {all: […], near: n}, or " + quote}
		case operator(word) != tokenEnd && (len(words) > 1 || slices.Contains([]string{"AND", "OR", "NOT"}, word)):
			return &Error{offset, word + " is an operator only under query:", "an item is one phrase: make it several items, or " + quote}
		case i == 0 && colon && isField(name):
			return &Error{offset, name + ": is a field only under query:", "an item is one phrase: write it as {all: […], in: [" + name + "]}, or " + quote}
		}
		offset += len(word)
	}
	return nil
}
