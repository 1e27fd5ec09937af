package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkTerm finds what is wrong with the text of a term, without its quotes and
// trailing *. The Offset of the error is relative to the text.
func checkTerm(text string, prefix bool) *Error {
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "" && prefix:
		return &Error{0, "* needs a word before it", "write the beginning of a word, as in missile*"}
	case trimmed == "":
		return &Error{0, "the term is empty", "write a word between the quotes, or take it out"}
	case !utf8.ValidString(text):
		return &Error{0, "the text is not valid UTF-8", "save it as UTF-8"}
	}
	if i := strings.IndexByte(text, '*'); i == 0 {
		return &Error{0, "* cannot begin a word", "only the end of a word may be left open, as in missile*"}
	} else if i > 0 {
		return &Error{i, "* can only end a term", "only the end of the last word may be left open, as in missile*"}
	}
	words := wordsOf(&folder{}, text)
	if len(words) == 0 {
		return &Error{0, fmt.Sprintf("%q holds no letter or digit to look for", text), noWordHelp(text)}
	}
	if i := signAfterWord(text); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return &Error{i, fmt.Sprintf("%q is not compared: %s would match %s too", string(r), text, text[:i]), "take the sign out if that is meant"}
	}
	if !prefix {
		return nil
	}
	last := words[len(words)-1]
	if last.end < len(text) {
		return &Error{len(text), "* must follow a letter or digit", "write " + quoted(text[:last.end], true)}
	}
	letters := 0
	for i := len(words) - 1; i >= 0; i-- {
		letters += utf8.RuneCountInString(words[i].text)
		if !words[i].glued || last.kind == classLetter {
			break
		}
	}
	if letters < 2 {
		return &Error{0, "the beginning " + text[last.start:] + "* is too short", "write at least two letters before the *"}
	}
	return nil
}

// checkBare finds signs in an unquoted word that would be taken for something
// else than a separator. The Offset of the error is relative to the word.
func checkBare(word string) *Error {
	rest := strings.TrimLeft(word, "+-−–!~=^")
	lead := word[:len(word)-len(rest)]
	switch {
	case rest == "":
	case strings.HasPrefix(lead, "~"), strings.HasPrefix(lead, "="):
		return &Error{0, word + " is not in this version", "write the word alone, with * after its stem for its endings: " + rest}
	case strings.HasPrefix(lead, "+"):
		return &Error{0, lead + " is no operator", "did you mean AND " + rest + "?"}
	case lead != "":
		return &Error{0, lead + " is no operator", "did you mean NOT " + rest + "?"}
	}
	if i := strings.Index(word, "~"); i > 0 {
		return &Error{i, "~ is not in this version", "write the word alone, with * after its stem for its endings"}
	}
	for i, r := range word {
		if !strings.ContainsRune(`|,;?[]{}<>\^=，、；｜`, r) || rest == "" {
			continue
		}
		if r == ',' && i > 0 && i+1 < len(word) && isDigit(word[i-1]) && isDigit(word[i+1]) {
			continue
		}
		if wordsOf(&folder{}, word) == nil {
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
	case "|", "||":
		return "did you mean OR?"
	case "!", "-", "–", "—":
		return "did you mean NOT?"
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

func wordsOf(fold *folder, text string) []termWord {
	var words []termWord
	var s scanner
	s.reset(fold, text)
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
