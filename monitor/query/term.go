package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkTerm finds what is wrong with the text of a term, without its signs. The
// Offset of the error is relative to the text.
func checkTerm(text string, prefix bool, form Form) *Error {
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "" && prefix:
		return &Error{0, "* needs a word before it", "write the beginning of a word, as in missile*"}
	case trimmed == "":
		return &Error{0, "the term is empty", "write a word between the quotes, or take it out"}
	case !utf8.ValidString(text):
		return &Error{0, "the text is not valid UTF-8", "save it as UTF-8"}
	}
	words := wordsOf(text)
	if len(words) == 0 {
		return &Error{0, fmt.Sprintf("%q holds no letter or digit to look for", text), noWordHelp(text)}
	}
	if form == Exact {
		return checkExact(text, prefix)
	}
	if i := strings.IndexByte(text, '*'); i == 0 {
		return &Error{0, "* cannot begin a word", "only the end of a word may be left open, as in missile*"}
	} else if i > 0 {
		return &Error{i, "* can only end a term", "only the end of the last word may be left open, as in missile*"}
	}
	if i := signAfterWord(text); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return &Error{i, fmt.Sprintf("%q is not compared: %s would match %s too", string(r), text, text[:i]), "write =" + quoted(text) + " to compare the signs too, or take the sign out"}
	}
	if form == Inflected {
		return checkInflected(text, words, prefix)
	}
	if !prefix {
		return nil
	}
	last := words[len(words)-1]
	if last.end < len(text) {
		return &Error{len(text), "* must follow a letter or digit", "write " + (&Expr{Text: text[:last.end], Prefix: true}).term()}
	}
	if letters := openLetters(words); letters < 2 {
		return &Error{0, "the beginning " + text[last.start:] + "* is too short", "write at least two letters before the *"}
	}
	return nil
}

// openLetters counts the characters of the word that a trailing * leaves open.
func openLetters(words []termWord) int {
	letters := 0
	for i := len(words) - 1; i >= 0; i-- {
		letters += utf8.RuneCountInString(words[i].text)
		if !words[i].glued || words[i].kind == classLetter {
			break
		}
	}
	return letters
}

func checkExact(text string, prefix bool) *Error {
	if prefix || strings.HasSuffix(text, "*") {
		plain := strings.TrimSuffix(text, "*")
		return &Error{len(plain), "an exact term has no open end", "write " + (&Expr{Text: plain, Prefix: true}).term() + " for every ending, or take the * out"}
	}
	return nil
}

func checkInflected(text string, words []termWord, prefix bool) *Error {
	switch {
	case prefix:
		return &Error{len(text), "~ and * together", "~" + text + " accepts the inflections, " + text + "* any ending: keep one"}
	case len(words) > 1 && words[0].kind != classLetter:
		return &Error{0, "words of this script have no inflections", "take the ~ out"}
	case len(words) > 1:
		return &Error{words[1].start, "~ takes one word", "write " + (&Expr{Text: text, Prefix: true}).term() + " for any ending of a phrase"}
	case words[0].kind != classLetter:
		return &Error{0, "words of this script have no inflections", "take the ~ out"}
	}
	return nil
}

// checkBare finds signs in an unquoted word that would be taken for something
// else than a separator. The Offset of the error is relative to the word.
func checkBare(word string) *Error {
	rest := strings.TrimLeft(word, "+-−–!^")
	lead := word[:len(word)-len(rest)]
	switch {
	case rest == "":
		return nil
	case strings.HasPrefix(lead, "+"):
		return &Error{0, lead + " is no operator", "did you mean AND " + rest + "?"}
	case lead != "":
		return &Error{0, lead + " is no operator", "did you mean NOT " + rest + "?"}
	}
	if i := strings.Index(word, "~"); i > 0 {
		if distance := strings.TrimRight(word[i+1:], "*"); isCount(distance) {
			return &Error{i, word[i:] + " is no operator", "did you mean a NEAR/" + distance + " b?"}
		}
		return &Error{i, "~ stands before a word", "write ~" + word[:i] + " for its inflections"}
	}
	return checkSigns(word)
}

// checkSigns finds a sign that is none of a query's in what was written without
// quotes.
func checkSigns(word string) *Error {
	for i, r := range word {
		if !strings.ContainsRune(`|,;?[]{}<>\^=，、；｜`, r) {
			continue
		}
		if r == ',' && i > 0 && i+1 < len(word) && isDigit(word[i-1]) && isDigit(word[i+1]) {
			continue
		}
		if wordsOf(word) == nil {
			continue
		}
		help := fmt.Sprintf("write %q if it belongs to the words", word)
		switch r {
		case '|', ',', ';', '，', '、', '；', '｜':
			help = "did you mean OR? " + help
		case '?':
			help = "only * at the end of a word is a wildcard; " + help
		}
		return &Error{i, fmt.Sprintf("%q has no meaning in a query", string(r)), help}
	}
	return nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func noWordHelp(text string) string {
	switch strings.TrimSpace(text) {
	case "&", "&&":
		return "did you mean AND?"
	case "|", "||", ",", ";", "，", "、", "；":
		return "did you mean OR?"
	case "!", "-", "–", "—":
		return "did you mean NOT?"
	case ":", "：":
		return "no blank stands before the colon of a field: write title:word"
	}
	return "only words are compared: spaces, signs and punctuation are not"
}

// signAfterWord finds a sign that changes what a name means but is not
// compared, as in C++, C# and Canal+: + or # at the end of a word. It returns
// -1 if there is none.
func signAfterWord(text string) int {
	before := ' '
	for i, r := range text {
		if (r == '+' || r == '#') && unicode.In(before, unicode.L, unicode.N) {
			next, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i:], "+#"))
			if !unicode.In(next, unicode.L, unicode.N) {
				return i
			}
		}
		before = r
	}
	return -1
}

// termWord is one folded word of a term.
type termWord struct {
	text       string
	kind       class
	glued      bool
	start, end int
}

func wordsOf(text string) []termWord {
	var words []termWord
	var s scanner
	s.reset(text)
	for s.next() {
		words = append(words, termWord{string(s.word), s.kind, s.glued, s.start, s.end})
	}
	return words
}

// nearest returns the name within two edits of s, or "".
func nearest(s string, names []string) string {
	best, bound := "", 3
	for _, n := range names {
		if d := distance(s, n); d < bound && d < utf8.RuneCountInString(s) {
			best, bound = n, d
		}
	}
	return best
}

// distance counts the edits between two strings (Levenshtein).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return len(x) + len(y)
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(y)]
}
