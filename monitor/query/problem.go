package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Error is one mistake in a query.
type Error struct {
	// Offset is the byte offset of the guilty token.
	Offset int
	What   string
	// Help says what to write instead; it may be empty.
	Help string
}

func (e *Error) Error() string {
	if e.Help == "" {
		return e.What
	}
	return e.What + "; " + e.Help
}

// Errors are the mistakes of one query, in the order of their places.
type Errors []*Error

func (e Errors) Error() string {
	var b strings.Builder
	for i, err := range e {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(err.Error())
	}
	return b.String()
}

// Unwrap gives each *Error.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, err := range e {
		all[i] = err
	}
	return all
}

// sorted orders mistakes by place, keeps them short, and drops those said
// twice.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b *Error) int { return cmp.Compare(a.Offset, b.Offset) })
	e = slices.CompactFunc(e, func(a, b *Error) bool { return *a == *b })
	for i, err := range e {
		e[i] = err.bounded()
	}
	return e
}

// bounded keeps an error short that quotes something long.
func (e *Error) bounded() *Error {
	if len(e.What)+len(e.Help) <= 600 {
		return e
	}
	short := func(s string) string {
		if r := []rune(s); len(r) > 200 {
			return string(r[:199]) + "…"
		}
		return s
	}
	return &Error{e.Offset, short(e.What), short(e.Help)}
}

// clip shortens what an error quotes.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// listed joins words for a sentence.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
