package extract

import (
	"encoding/json"
	"strings"
)

// Bounds on the walk through JSON-LD. The decoder itself stops at a depth of
// 10,000.
const (
	maxLinkedNodes = 2000
	maxLinkedDepth = 12
)

type ldWalk struct {
	nodes []map[string]any
	byID  map[string]map[string]any
	types map[string]bool
	seen  int
}

func (w *ldWalk) collect(v any, depth int) {
	if depth > maxLinkedDepth || w.seen > maxLinkedNodes {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			w.collect(e, depth+1)
		}
	case map[string]any:
		w.seen++
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			w.byID[id] = v
		}
		for _, t := range ldTypes(v) {
			w.types[t] = true
		}
		if len(ldTypes(v)) > 0 {
			w.nodes = append(w.nodes, v)
		}
		// An ItemList or hasPart names other articles; they are left alone.
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "about"} {
			if inner, ok := v[key]; ok && (key != "about" || articleRank(v) == 0) {
				w.collect(inner, depth+1)
			}
		}
	}
}

// decodeLinkedData decodes a script, once more after repair if it is not JSON:
// raw control characters in strings, comments around it, a trailing comma or
// semicolon.
func decodeLinkedData(s string) (any, bool) {
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	d := json.NewDecoder(strings.NewReader(repairJSON(s)))
	if d.Decode(&v) != nil {
		return nil, false
	}
	return v, true
}

func repairJSON(s string) string {
	s = strings.TrimSpace(s)
	for _, wrap := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		s = strings.TrimSpace(strings.TrimPrefix(s, wrap))
	}
	out := make([]byte, 0, len(s))
	inString, escaped := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case inString && escaped:
			escaped = false
			if !strings.ContainsRune(`"\/bfnrtu`, rune(c)) {
				// An escape that JSON does not know stands for its character.
				out = out[:len(out)-1]
			}
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case c < 0x20:
			c = ' '
		case !inString && c == ',':
			if rest := strings.TrimLeft(s[i+1:], " \t\r\n"); rest != "" && (rest[0] == '}' || rest[0] == ']') {
				continue
			}
		}
		out = append(out, c)
	}
	return string(out)
}

func ldTypes(n map[string]any) []string {
	switch t := n["@type"].(type) {
	case string:
		return []string{typeName(t)}
	case []any:
		var out []string
		for _, e := range t {
			if s, ok := e.(string); ok && len(out) < 10 {
				out = append(out, typeName(s))
			}
		}
		return out
	}
	return nil
}

func typeName(t string) string {
	t = t[strings.LastIndexAny(t, "/:#")+1:]
	return strings.ToLower(strings.TrimSpace(t))
}

// text returns a JSON string, or the first of a list of them.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		if len(v) > 0 {
			if s, ok := v[0].(string); ok {
				return strings.TrimSpace(s)
			}
		}
	case map[string]any:
		if s, ok := v["@value"].(string); ok {
			return strings.TrimSpace(s)
		}
	}
	return ""
}
