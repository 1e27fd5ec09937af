package config

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	valueKey = regexp.MustCompile(`^[\w.-]+$`)
	// valueOnLine splits a line into the way to its value, the key and the value.
	valueOnLine = regexp.MustCompile(`^(\s*(?:- +)*)(?:([\w.-]+|"[^"]*"|'[^']*'):[ \t]+|- +)?(.*)$`)
)

// diagnose says what is wrong with a line that the YAML parser refused, and at
// which byte of it; -1 means the line as a whole.
func diagnose(line, message string) (at int, what, help string) {
	if i := strings.IndexByte(line, '\t'); i >= 0 && strings.TrimLeft(line[:i], " -") == "" {
		return i, "a tab in the indentation", "YAML indents with spaces only"
	}
	m := valueOnLine.FindStringSubmatchIndex(line)
	at = m[6]
	value, key := line[at:], ""
	if m[4] >= 0 {
		key = line[m[4]:m[5]]
	}
	if i := strings.IndexAny(value, "{["); i >= 0 && (i == 0 || value[0] == '-') {
		if at, what, help := flowTrap(value[i:]); what != "" {
			return m[6] + i + at, what, help
		}
	}
	if value != "" {
		switch c := value[0]; c {
		case '"', '\'':
			if what, help := quoteTrap(key, value); what != "" {
				return at, what, help
			}
		case '@', '`', '%', '*':
			what, help := signTrap(key, value)
			return at, what, help
		case '&':
			return at, "a value that begins with & is a YAML anchor", quoteIt(key, value)
		case '!':
			return at, "a value that begins with ! is a YAML tag", quoteIt(key, value)
		case '-', '?':
			if key != "" && strings.HasPrefix(value[1:], " ") {
				return at, fmt.Sprintf("a list or key that begins with %c needs its own line", c), "put it on the next line, indented, or quote the value"
			}
		}
		if i := strings.Index(value, ": "); i > 0 && key != "" && strings.HasPrefix(message, "mapping values") {
			return at + i, "a colon and a space inside a value without quotes", quoteIt(key, value)
		}
	}
	return -1, plainWords(message), "check the indentation, the quotes and the brackets here and on the line before"
}

// signTrap explains a value that begins with a sign that YAML keeps for itself.
func signTrap(key, value string) (what, help string) {
	if value[0] == '*' {
		return "a value that begins with * is a YAML alias, and no such anchor exists", quoteIt(key, value)
	}
	return fmt.Sprintf("a value cannot begin with %c without quotes", value[0]), quoteIt(key, value)
}

// flowTrap explains a value between brackets that cannot begin as it does.
func flowTrap(flow string) (at int, what, help string) {
	key := ""
	for i := 0; i < len(flow); {
		c := flow[i]
		switch {
		case strings.IndexByte("{[,]} \t", c) >= 0:
			i++
			continue
		case c == '#':
			return 0, "", ""
		}
		end := i + flowValue(flow[i:])
		value := strings.TrimRight(flow[i:end], " \t")
		if k, rest, ok := strings.Cut(value, ":"); ok && (rest == "" || rest[0] == ' ') && valueKey.MatchString(k) {
			key = k
			i += len(k) + 1
			continue
		}
		switch c {
		case '"', '\'':
			if what, help := quoteTrap(key, value); what != "" {
				return i, what, help
			}
		case '@', '`', '%', '*':
			what, help := signTrap(key, value)
			return i, what, help
		}
		key, i = "", end
	}
	return 0, "", ""
}

// flowValue measures a value between brackets: up to the next bracket or comma
// outside of quotes.
func flowValue(s string) int {
	quote := byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'' && (i == 0 || s[i-1] == ' '):
			quote = c
		case strings.IndexByte("{}[],", c) >= 0:
			return i
		}
	}
	return len(s)
}

// quoteTrap explains a value that begins with a quote but is not one quoted text.
func quoteTrap(key, value string) (what, help string) {
	q := value[0]
	for i := 1; i < len(value); i++ {
		switch {
		case q == '"' && value[i] == '\\':
			if i++; i < len(value) && !strings.ContainsRune("0abt\tnvfre \"/\\N_LPxuU'", rune(value[i])) {
				return "a backslash in double quotes begins an escape, and this is none", "use single quotes: they keep \\ as it is"
			}
		case q == '\'' && value[i] == q && i+1 < len(value) && value[i+1] == q:
			i++
		case value[i] == q:
			rest := strings.TrimLeft(value[i+1:], " \t")
			if rest == "" || strings.ContainsRune("#,:]}", rune(rest[0])) {
				return "", ""
			}
			return "text after the closing quote: YAML takes the quotes for its own", quoteIt(key, value)
		}
	}
	return "a quote that is never closed", "close it, or double a ' that is part of a text in single quotes"
}

// quoteIt shows how to quote a value. Only a query is shown: any other value
// may be a secret.
func quoteIt(key, value string) string {
	const generic = "put the whole value between single quotes"
	if key != "query" || strings.Contains(value, " #") {
		return generic
	}
	return "write query: '" + strings.ReplaceAll(strings.TrimRight(value, " "), "'", "''") + "'"
}

// plainWords says what a message of the YAML parser means. What it quotes from
// the file is dropped.
func plainWords(message string) string {
	for _, w := range [][2]string{
		{"did not find expected key", "this line does not fit what is around it"},
		{"did not find expected '-'", "this line does not fit the list around it"},
		{"did not find expected ',' or ']'", "a list in [ ] is not closed, or lacks a comma"},
		{"did not find expected ',' or '}'", "a mapping in { } is not closed, or lacks a comma"},
		{"found unexpected end of stream", "a quote that is never closed"},
		{"found unexpected document", "a document marker inside a quoted text"},
		{"mapping values are not allowed", "a colon where no key can be"},
		{"block sequence entries are not allowed", "a list item where none can be"},
		{"could not find expected ':'", "a key without its colon"},
		{"unknown anchor", "an alias of an anchor that does not exist"},
		{"found undefined tag handle", "an unknown YAML tag"},
		{"did not find expected node content", "a value is missing, or a bracket is not closed"},
		{"exceeded max depth", "nested too deeply"},
		{"found a tab character", "a tab in the indentation"},
	} {
		if strings.HasPrefix(message, w[0]) {
			return w[1]
		}
	}
	return "this is not YAML"
}
