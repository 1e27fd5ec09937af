package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// environment fills ${VAR} in values. It never shows what it filled in.
type environment struct {
	lookup func(string) (string, bool)
}

var variable = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)(?:(:-)([^{}]*))?$`)

// expanded is a value with its variables filled in.
type expanded struct {
	text string
	// names and values are those taken from the environment.
	names, values []string
	// deep says that they were gathered below the value: they count as a whole.
	deep bool
}

// expand fills in ${VAR} and ${VAR:-default}; the default also stands in for an
// empty VAR, as in the shell. $${ is a literal ${. The error names the
// variable and never holds a value.
func (e environment) expand(s string) (expanded, error) {
	if !strings.Contains(s, "${") {
		return expanded{text: s}, nil
	}
	var out expanded
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			b.WriteString(s)
			out.text = b.String()
			return out, nil
		}
		if i > 0 && s[i-1] == '$' {
			b.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		s = s[i+2:]
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return expanded{}, errors.New("${ without }; write $${ for a literal ${")
		}
		m := variable.FindStringSubmatch(s[:end])
		if m == nil {
			return expanded{}, errors.New("only ${NAME} and ${NAME:-default} are understood; write $${ for a literal ${")
		}
		s = s[end+1:]
		value, ok := "", false
		if e.lookup != nil {
			value, ok = e.lookup(m[1])
		}
		switch {
		case m[2] != "" && value == "":
			b.WriteString(m[3])
		case !ok:
			return expanded{}, fmt.Errorf("the environment variable %s is not set; set it, or write ${%s:-default}", m[1], m[1])
		default:
			b.WriteString(value)
			out.names, out.values = append(out.names, m[1]), append(out.values, value)
		}
	}
}

// shownIn reports whether a message would show something of the values that
// came from the environment: a whole one, or a word of one.
func (e expanded) shownIn(message string) bool {
	if len(e.values) == 0 {
		return false
	}
	words := make(map[string]bool)
	for _, w := range wordsOf(message) {
		words[w] = true
	}
	for _, v := range e.values {
		if v != "" && strings.Contains(message, v) {
			return true
		}
		if e.deep {
			continue
		}
		for _, w := range wordsOf(v) {
			if words[w] || len(w) >= 4 && strings.Contains(message, w) {
				return true
			}
		}
	}
	return false
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// refusal is what is said about a value whose own complaint would show it.
func (e expanded) refusal() string {
	return "the value filled in from ${" + strings.Join(e.names, "}, ${") + "} is refused"
}
