package config

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

var (
	// gluedItem is "-name: x", gluedKey "name:x", but not "https://x".
	gluedItem = regexp.MustCompile(`^\s*-([\w]+:)(?:\s|$)`)
	gluedKey  = regexp.MustCompile(`^\s*(?:- +)?([a-z_]+):([^\s/:].*)$`)
	// shellVariable is what a shell, but not Veille, takes for a variable.
	shellVariable = regexp.MustCompile(`^\$([A-Z][A-Z0-9]*_[A-Z0-9_]*|PASSWORD|TOKEN|SECRET|URL)$`)
)

// slipAround explains a line that the YAML parser refused by what people type
// without seeing it, in that line or in the one before, where the parser still
// took it for text.
func (t *text) slipAround(n int) (offset int, what, help string) {
	before := n - 1
	for before > 0 && len(bytes.TrimSpace(t.line(before))) == 0 {
		before--
	}
	for _, k := range []int{n, before} {
		if k < 1 {
			continue
		}
		if at, what, help := slip(string(t.line(k))); what != "" {
			return t.starts[k-1] + at, what, help
		}
	}
	return t.openQuote(n)
}

// slip finds in a line what looks right and is not.
func slip(line string) (at int, what, help string) {
	content := strings.TrimLeft(line, " \t")
	indent := len(line) - len(content)
	for i, r := range line {
		// Within a text such characters do no harm.
		if ends := i <= indent || line[i-1] == ':' || line[i-1] == '-'; ends && strange(string(r)) != 0 {
			return i, fmt.Sprintf("what looks like a space is U+%04X here, which YAML takes for a letter", r), "delete it, and type a plain space"
		}
	}
	if r, size := utf8.DecodeRuneInString(content); strings.ContainsRune("–—•·*", r) && strings.HasPrefix(content[size:], " ") {
		return indent, fmt.Sprintf("a list item begins with a hyphen, not with %c", r), "write - with a space behind it"
	}
	if m := gluedItem.FindStringSubmatchIndex(line); m != nil {
		return m[2] - 1, "no space behind the -", "write - " + line[m[2]:m[3]] + " …"
	}
	if m := gluedKey.FindStringSubmatchIndex(line); m != nil {
		return m[3], "no space behind the colon", "write " + line[m[2]:m[3]] + ": …"
	}
	return 0, "", ""
}

// maxOpen is how many lines above a bad one may hold the quote that was left
// open there.
const maxOpen = 50

// openQuote finds the value above a bad line whose quote is closed only in that
// line or below: it swallowed what is between.
func (t *text) openQuote(n int) (offset int, what, help string) {
	for k := n - 1; k > 0 && k >= n-maxOpen; k-- {
		line := string(t.line(k))
		at := valueOnLine.FindStringSubmatchIndex(line)[6]
		if value := line[at:]; value == "" || value[0] != '"' && value[0] != '\'' {
			continue
		}
		from := t.starts[k-1] + at
		if closed := closing(t.data[from:]); closed < 0 || from+closed >= t.starts[n-1] {
			return from, "a quote that is not closed in its line; what follows was read as part of the text", "close it"
		}
	}
	return 0, "", ""
}

// closing is the byte of the quote that ends the text that b begins with, -1
// without one.
func closing(b []byte) int {
	q := b[0]
	for i := 1; i < len(b); i++ {
		switch {
		case q == '"' && b[i] == '\\':
			i++
		case q == '\'' && b[i] == q && i+1 < len(b) && b[i+1] == q:
			i++
		case b[i] == q:
			return i
		}
	}
	return -1
}

// strange returns the first character of a text that looks like a space or like
// nothing and is not what it seems; 0 without one.
func strange(s string) rune {
	for _, r := range s {
		if r > unicode.MaxASCII && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)) {
			return r
		}
	}
	return 0
}

// slipIn explains a value that YAML read otherwise than it was meant, though it
// is no syntax error.
func slipIn(n *yaml.Node, trap string) (what, help string) {
	first, _ := utf8.DecodeRuneInString(n.Value)
	last, _ := utf8.DecodeLastRuneInString(n.Value)
	// A query may hold “a phrase”.
	if n.Style == 0 && (first == '‘' && last == '’' || trap == "" && first == '“' && last == '”') {
		return fmt.Sprintf("%c and %c are no quotes to YAML, but part of the text", first, last), `write straight ones: ' or "`
	}
	if n.Style&yaml.SingleQuotedStyle == 0 && trap == "" && shellVariable.MatchString(n.Value) {
		return "a $ without braces fills nothing in: this would be the text as it stands", "write ${NAME}; if the text is meant, write it between single quotes"
	}
	return "", ""
}
