package query

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenPhrase
	tokenConcept
	tokenField
	tokenOpen
	tokenClose
	tokenComma // between the members of n of (…) only
	tokenAnd
	tokenOr
	tokenNot
	tokenNear
)

// lexeme is one token of a query.
type lexeme struct {
	kind       tokenKind
	start, end int
	// text is a term without its signs, or the name of a field or concept.
	text   string
	prefix bool
	form   Form
	// n and ordered are the distance and kind of a tokenNear.
	n       int
	ordered bool
	// bad says that the token itself is a mistake, already told.
	bad bool
}

// comment is a comment of a query, from its # to the end of its line.
type comment struct{ start, end int }

type lexer struct {
	in  string
	pos int
	// lists counts the n of (…) around pos: commas separate there.
	lists    int
	comments []comment
	problems []*Error
}

// next returns the token at pos. Every mistake of a single token is found here.
// One after which nothing can be read is returned.
func (l *lexer) next() (lexeme, *Error) {
	if err := l.skip(); err != nil {
		return lexeme{start: l.pos, end: l.pos}, err
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
	case l.lists > 0 && isComma(r):
		t.kind = tokenComma
		return t, nil
	case closing(r) != 0:
		return l.phrase(t, r)
	case r == '»' || r == '”':
		return t, &Error{t.start, fmt.Sprintf("%c closes nothing", r), fmt.Sprintf("put %c before the phrase", opening(r))}
	case r == '~' || r == '=':
		return l.marked(t, r)
	}
	return l.bare(t)
}

// skip passes blanks and, in a query of several lines, comments.
func (l *lexer) skip() *Error {
	for l.pos < len(l.in) {
		r, size := utf8.DecodeRuneInString(l.in[l.pos:])
		switch {
		case unicode.IsSpace(r) || r == 0xfeff:
			l.pos += size
		case r == '#':
			if err := l.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

// comment passes the comment at pos. A hashtag is not one.
func (l *lexer) comment() *Error {
	line, _, _ := strings.Cut(l.in[l.pos:], "\n")
	if next, _ := utf8.DecodeRuneInString(line[1:]); unicode.In(next, unicode.L, unicode.N) {
		word := strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || isDelimiter(r) })[0]
		return &Error{l.pos, clip(word) + " could be a hashtag or a comment", fmt.Sprintf(`write %q for the hashtag; a comment has a blank after the #`, clip(word))}
	}
	if !strings.Contains(strings.TrimSpace(l.in), "\n") {
		return &Error{l.pos, "a # begins a comment, and a query of one line has none", "take it out; in YAML, a query of several lines begins with query: |"}
	}
	l.comments = append(l.comments, comment{l.pos, l.pos + len(strings.TrimRight(line, " \t\r"))})
	l.pos += len(line)
	return nil
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

// isDelimiter reports whether r ends an unquoted word wherever it stands.
func isDelimiter(r rune) bool { return strings.ContainsRune("()（）«»“”\"\ufeff", r) }

func isComma(r rune) bool { return r == ',' || r == '，' || r == '、' }

// phrase reads a quoted term; the quote that opens it was read.
func (l *lexer) phrase(t lexeme, open rune) (lexeme, *Error) {
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
	t.text = oneLine(inner)
	if t.form != Exact {
		t.text, t.prefix = strings.CutSuffix(t.text, "*")
	}
	if !t.prefix && strings.HasPrefix(l.in[l.pos:], "*") {
		t.prefix = true
		l.pos++
	}
	t.end = l.pos
	if err := checkTerm(t.text, t.prefix, t.form); err != nil {
		err.Offset = 0 // a phrase is shown from its quote on
		return l.mistake(t, t.start, err), nil
	}
	return t, nil
}

// oneLine makes a phrase that was written over several lines one of one line.
func oneLine(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsFunc(s, isLineSpace) && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || isLineSpace(r) }), " ")
}

// isLineSpace reports whether r is a blank that may end a line, or is laid out.
func isLineSpace(r rune) bool { return strings.ContainsRune("\t\n\v\f\r\u0085\u2028\u2029", r) }

// mistake tells a mistake of t, after which reading goes on. The offset of err
// counts from a byte of the query.
func (l *lexer) mistake(t lexeme, from int, err *Error) lexeme {
	err.Offset += from
	l.problems = append(l.problems, err)
	t.bad = true
	return t
}

// marked reads a term behind ~ or =.
func (l *lexer) marked(t lexeme, mark rune) (lexeme, *Error) {
	t.kind, t.form = tokenWord, Inflected
	if mark == '=' {
		t.form = Exact
	}
	next, size := utf8.DecodeRuneInString(l.in[l.pos:])
	if closing(next) != 0 {
		l.pos += size
		return l.phrase(t, next)
	}
	from := l.pos
	t.text, t.prefix = strings.CutSuffix(l.word(), "*")
	t.end = l.pos
	if t.text == "" && !t.prefix {
		return l.mistake(t, t.start, &Error{0, fmt.Sprintf("nothing is behind %c", mark), fmt.Sprintf("write the word right behind it, as in %cmissile", mark)}), nil
	}
	if err := checkSigns(t.text); err != nil {
		return l.mistake(t, from, err), nil
	}
	if err := checkTerm(t.text, t.prefix, t.form); err != nil {
		return l.mistake(t, from, err), nil
	}
	return t, nil
}

// word reads what is written together without quotes.
func (l *lexer) word() string {
	from := l.pos
	for l.pos < len(l.in) {
		r, size := utf8.DecodeRuneInString(l.in[l.pos:])
		if unicode.IsSpace(r) || isDelimiter(r) || r == utf8.RuneError && size == 1 || l.lists > 0 && isComma(r) {
			break
		}
		l.pos += size
	}
	return l.in[from:l.pos]
}

// bare reads an unquoted word, an operator, a concept or the name of a field.
func (l *lexer) bare(t lexeme) (lexeme, *Error) {
	l.pos = t.start
	word := l.word()
	if i := strings.IndexAny(word, ":："); i > 0 && isName(word[:i]) {
		_, size := utf8.DecodeRuneInString(word[i:])
		l.pos = t.start + i + size
		t.end = l.pos
		return l.field(t, word[:i]), nil
	}
	t.end = l.pos
	if t.kind = operator(word); t.kind != tokenEnd {
		return t, nil
	}
	if isNear(word) {
		return l.near(t, word), nil
	}
	if name, ok := strings.CutPrefix(word, "@"); ok {
		t.kind, t.text = tokenConcept, name
		if !isConceptName(name) {
			t = l.mistake(t, t.start, &Error{0, "the name of a concept is letters, digits, - and _ after @", ""})
		}
		return t, nil
	}
	t.kind = tokenWord
	t.text, t.prefix = strings.CutSuffix(word, "*")
	if l.lists > 0 && l.pos > t.start && l.pos+1 < len(l.in) && l.in[l.pos] == ',' && isDigit(l.in[l.pos-1]) && isDigit(l.in[l.pos+1]) {
		return l.mistake(t, l.pos, &Error{0, "a comma between digits", "put a blank behind it if it separates two members, and quotes around a number with a comma"}), nil
	}
	err := checkBare(word)
	if err == nil {
		err = checkTerm(t.text, t.prefix, Folded)
	}
	if err != nil {
		t = l.mistake(t, t.start, err)
	}
	return t, nil
}

func (l *lexer) field(t lexeme, name string) lexeme {
	t.kind, t.text = tokenField, name
	if isField(name) {
		return t
	}
	quote := fmt.Sprintf(`quote it if the colon belongs to the words: "%s:…"`, name)
	help := "the fields are " + listed(fieldsOfQueries[:]) + "; " + quote
	if name == "http" || name == "https" {
		help = "put an address between quotes, as in url:\"" + name + "://…\"; a site is written as in site:yna.co.kr"
	} else if near := nearest(strings.ToLower(name), fieldsOfQueries[:]); near != "" {
		help = "did you mean " + near + ":? or " + quote
	}
	return l.mistake(t, t.start, &Error{0, "unknown field " + name + ":", help})
}

// maxNear is the greatest distance of NEAR and BEFORE, in words.
const maxNear = 1000

// near reads the distance of NEAR or BEFORE.
func (l *lexer) near(t lexeme, word string) lexeme {
	t.kind = tokenNear
	name, distance, _ := strings.Cut(word, "/")
	t.ordered = name == "BEFORE"
	n, err := strconv.Atoi(distance)
	digits := strings.TrimRight(distance, "f")
	switch {
	case name == "ONEAR":
		return l.mistake(t, t.start, &Error{0, "ONEAR is no operator", "did you mean BEFORE/" + cmpOr(digits, "10") + "?"})
	case distance == "":
		return l.mistake(t, t.start, &Error{0, name + " needs a distance in words", "write " + name + "/10, without blanks; quote it if you mean the word"})
	case err != nil && digits != distance && isCount(digits):
		return l.mistake(t, t.start, &Error{0, word + " is no operator", "did you mean BEFORE/" + digits + "?"})
	case err != nil || n < 0:
		return l.mistake(t, t.start, &Error{0, fmt.Sprintf("%q is no distance in words", clip(distance)), "write " + name + "/10; quote it if you mean the words"})
	case n > maxNear:
		return l.mistake(t, t.start, &Error{0, word + " is too far", fmt.Sprintf("at most %d words; for the whole text, write AND", maxNear)})
	}
	t.n = n
	return t
}

func cmpOr(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// operator returns the kind of an operator without an operand in it, tokenEnd
// for any other word.
func operator(word string) tokenKind {
	switch word {
	case "AND", "ET":
		return tokenAnd
	case "OR", "OU":
		return tokenOr
	case "NOT", "SAUF":
		return tokenNot
	}
	return tokenEnd
}

// isNear reports whether a word is NEAR or BEFORE, with a distance or without.
func isNear(word string) bool {
	name, _, _ := strings.Cut(word, "/")
	return name == "NEAR" || name == "BEFORE" || name == "ONEAR"
}

func isOperator(word string) bool { return operator(word) != tokenEnd || isNear(word) }

// looksLikeOperator reports whether a word is an operator but for its case.
func looksLikeOperator(word string) bool {
	return !isOperator(word) && isOperator(strings.ToUpper(word))
}

// fieldsOfQueries are the names that may stand before a colon.
var fieldsOfQueries = [...]string{"title", "lead", "body", "text", "url", "author", "site", "tag", "lang"}

func isField(name string) bool {
	for _, f := range fieldsOfQueries {
		if f == name {
			return true
		}
	}
	return false
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

// isCount reports whether s is digits.
func isCount(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
