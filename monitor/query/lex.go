package query

import (
	"fmt"
	"strings"
	"unicode"
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

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenPhrase
	tokenConcept
	tokenField
	tokenOpen
	tokenClose
	tokenAnd
	tokenOr
	tokenNot
)

// lexeme is one token of a query.
type lexeme struct {
	kind       tokenKind
	start, end int
	// text is a term without quotes and star, or the name of a field or concept.
	text   string
	prefix bool
}

type lexer struct {
	in  string
	pos int
}

// next returns the token at pos. Every mistake of a single token is found here.
func (l *lexer) next() (lexeme, error) {
	for l.pos < len(l.in) {
		r, size := utf8.DecodeRuneInString(l.in[l.pos:])
		if !unicode.IsSpace(r) && r != 0xfeff {
			break
		}
		l.pos += size
	}
	t := lexeme{start: l.pos, end: l.pos}
	if l.pos >= len(l.in) {
		return t, nil
	}
	r, size := utf8.DecodeRuneInString(l.in[l.pos:])
	l.pos += size
	t.end = l.pos
	switch {
	case r == utf8.RuneError && size == 1:
		return t, &Error{t.start, "the text is not valid UTF-8", "save it as UTF-8"}
	case r == '(' || r == '（':
		t.kind = tokenOpen
		return t, nil
	case r == ')' || r == '）':
		t.kind = tokenClose
		return t, nil
	case closing(r) != 0:
		return l.phrase(t, r)
	case r == '»' || r == '”':
		return t, &Error{t.start, fmt.Sprintf("%c closes nothing", r), fmt.Sprintf("put %c before the phrase", opening(r))}
	}
	return l.bare(t)
}

func closing(open rune) rune {
	switch open {
	case '"':
		return '"'
	case '«':
		return '»'
	case '“':
		return '”'
	}
	return 0
}

func opening(closed rune) rune {
	if closed == '»' {
		return '«'
	}
	return '“'
}

func (l *lexer) phrase(t lexeme, open rune) (lexeme, error) {
	t.kind = tokenPhrase
	i := strings.IndexRune(l.in[l.pos:], closing(open))
	if i < 0 {
		return t, &Error{t.start, fmt.Sprintf("the quote %c is not closed", open), fmt.Sprintf("put %c after the phrase", closing(open))}
	}
	inner := l.in[l.pos : l.pos+i]
	if !utf8.ValidString(inner) {
		return t, &Error{t.start, "the text is not valid UTF-8", "save it as UTF-8"}
	}
	l.pos += i + utf8.RuneLen(closing(open))
	inner = strings.TrimSpace(inner)
	inner, t.prefix = strings.CutSuffix(inner, "*")
	if !t.prefix && strings.HasPrefix(l.in[l.pos:], "*") {
		t.prefix = true
		l.pos++
	}
	t.text, t.end = inner, l.pos
	if err := checkTerm(inner, t.prefix); err != nil {
		err.Offset = t.start
		return t, err
	}
	return t, nil
}

// bare reads an unquoted word, an operator, a concept or the name of a field.
func (l *lexer) bare(t lexeme) (lexeme, error) {
	for l.pos < len(l.in) {
		r, size := utf8.DecodeRuneInString(l.in[l.pos:])
		if unicode.IsSpace(r) || strings.ContainsRune("()（）«»“”\"", r) || r == 0xfeff || r == utf8.RuneError && size == 1 {
			break
		}
		l.pos += size
		if r == ':' || r == '：' {
			if name := l.in[t.start : l.pos-size]; isName(name) {
				t.end = l.pos
				return l.field(t, name)
			}
		}
	}
	t.end = l.pos
	word := l.in[t.start:l.pos]
	switch word {
	case "AND", "ET":
		t.kind = tokenAnd
		return t, nil
	case "OR", "OU":
		t.kind = tokenOr
		return t, nil
	case "NOT", "SAUF":
		t.kind = tokenNot
		return t, nil
	}
	if name, _, _ := strings.Cut(word, "/"); isLater(name) {
		return t, &Error{t.start, word + " is not in this version", `join both sides with AND, or write a phrase; quote it if you mean the word: "` + word + `"`}
	}
	if name, ok := strings.CutPrefix(word, "@"); ok {
		t.kind, t.text = tokenConcept, name
		if !isConceptName(name) {
			return t, &Error{t.start, "the name of a concept is letters, digits, - and _ after @", ""}
		}
		return t, nil
	}
	t.kind = tokenWord
	t.text, t.prefix = strings.CutSuffix(word, "*")
	if err := checkBare(word); err != nil {
		err.Offset += t.start
		return t, err
	}
	if err := checkTerm(t.text, t.prefix); err != nil {
		err.Offset += t.start
		return t, err
	}
	return t, nil
}

func (l *lexer) field(t lexeme, name string) (lexeme, error) {
	t.kind, t.text = tokenField, name
	if fieldMask(name) != 0 {
		return t, nil
	}
	quote := fmt.Sprintf(`quote it if the colon belongs to the words: "%s:…"`, name)
	switch name {
	case "lead", "text", "site", "tag", "lang":
		return t, &Error{t.start, "the field " + name + ": is not in this version", "the fields are title, body, url and author"}
	}
	if near := nearest(strings.ToLower(name), fieldNames()); near != "" {
		return t, &Error{t.start, "unknown field " + name + ":", "did you mean " + near + ":? or " + quote}
	}
	return t, &Error{t.start, "unknown field " + name + ":", "the fields are title, body, url and author; " + quote}
}

// isName reports whether s could be meant as the name of a field.
func isName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' {
			return false
		}
	}
	return s != ""
}

func isConceptName(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) && r != '-' && r != '_' {
			return false
		}
	}
	return s != "" && utf8.ValidString(s)
}

func isLater(word string) bool {
	switch word {
	case "NEAR", "ONEAR", "BEFORE":
		return true
	}
	return false
}

func isOperator(word string) bool {
	switch word {
	case "AND", "OR", "NOT", "ET", "OU", "SAUF":
		return true
	}
	return isLater(word)
}

// looksLikeOperator reports whether a word is an operator but for its case.
func looksLikeOperator(word string) bool {
	return !isOperator(word) && isOperator(strings.ToUpper(word))
}
