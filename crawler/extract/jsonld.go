package extract

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
)

// linkedData is what the JSON-LD of a page says of its article.
type linkedData struct {
	// rank is how sure it is that the node is an article; 0 if there is none.
	rank                int
	headline            string
	description         string
	image               string
	published, modified string
	language            string
	section             string
	publisher           string
	body                string
	authors             []string
	// words is the length of the whole text, 0 if unknown.
	words int
	// walled says that the article is not free to read.
	walled bool
	// pagePublished and pageModified are those of a node for the page itself.
	pagePublished, pageModified string
	// uploaded are the dates of videos.
	uploaded []string
	// types lists the types seen, lower case.
	types map[string]bool
}

// Bounds on the walk through JSON-LD. The decoder itself stops at a depth of
// 10,000.
const (
	maxLinkedNodes = 2000
	maxLinkedDepth = 12
)

// readLinkedData reads the JSON-LD scripts of the page at base and returns what
// the node for its article says: the one of the highest type rank, and of
// those, the one whose URL is the page's.
func readLinkedData(scripts []string, base *url.URL) linkedData {
	w := ldWalk{byID: map[string]map[string]any{}, types: map[string]bool{}}
	for _, s := range scripts {
		if v, ok := decodeLinkedData(s); ok {
			w.collect(v, 0)
		}
	}
	var out linkedData
	best := -1
	for i, n := range w.nodes {
		rank := articleRank(n) * 4
		if up := text(n["uploadDate"]); up != "" && len(out.uploaded) < 3 {
			out.uploaded = append(out.uploaded, up)
		}
		if rank == 0 {
			if isPageType(n) && out.pagePublished == "" {
				out.pagePublished, out.pageModified = text(n["datePublished"]), text(n["dateModified"])
			}
			continue
		}
		if samePage(n, base) {
			rank += 2
		}
		if text(n["datePublished"]) != "" {
			rank++
		}
		if rank > out.rank {
			out.rank, best = rank, i
		}
	}
	out.types = w.types
	if best < 0 {
		return out
	}
	n := w.nodes[best]
	out.headline = plain(text(n["headline"]))
	if out.headline == "" {
		out.headline = plain(text(n["name"]))
	}
	out.description = plain(text(n["description"]))
	out.image = w.image(n["image"])
	out.published, out.modified = text(n["datePublished"]), text(n["dateModified"])
	if out.published == "" {
		out.published = text(n["dateCreated"])
	}
	out.language = text(n["inLanguage"])
	out.section = plain(text(n["articleSection"]))
	out.publisher = plain(w.name(n["publisher"], 0))
	out.body = text(n["articleBody"])
	switch words := n["wordCount"].(type) {
	case float64:
		out.words = int(min(max(words, 0), 1e6))
	case string:
		out.words = min(max(atoi(words), 0), 1e6)
	}
	out.authors = w.people(n["author"], 0)
	if len(out.authors) == 0 {
		out.authors = w.people(n["creator"], 0)
	}
	switch free := n["isAccessibleForFree"].(type) {
	case bool:
		out.walled = !free
	case string:
		out.walled = strings.EqualFold(strings.TrimSpace(free), "false")
	}
	return out
}

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

// articleRank grades how much a node is a news article.
func articleRank(n map[string]any) int {
	rank := 0
	for _, t := range ldTypes(n) {
		switch t {
		case "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
			"reviewnewsarticle", "asknewsarticle", "liveblogposting", "advertisercontentarticle":
			rank = max(rank, 4)
		case "article", "satiricalarticle", "scholarlyarticle", "techarticle", "medicalscholarlyarticle":
			rank = max(rank, 3)
		case "blogposting", "report", "socialmediaposting", "discussionforumposting":
			rank = max(rank, 2)
		case "review", "creativework", "videoobject":
			rank = max(rank, 1)
		}
	}
	return rank
}

func isPageType(n map[string]any) bool {
	for _, t := range ldTypes(n) {
		if t == "webpage" || t == "itempage" {
			return true
		}
	}
	return false
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

func samePage(n map[string]any, base *url.URL) bool {
	for _, key := range []string{"url", "@id", "mainEntityOfPage"} {
		v := n[key]
		if m, ok := v.(map[string]any); ok {
			v = m["@id"]
		}
		s, ok := v.(string)
		if !ok {
			continue
		}
		if u, err := base.Parse(s); err == nil && u.Host == base.Host && strings.TrimSuffix(u.Path, "/") == strings.TrimSuffix(base.Path, "/") {
			return true
		}
	}
	return false
}

func (w *ldWalk) people(v any, depth int) []string {
	if depth > 4 {
		return nil
	}
	switch v := v.(type) {
	case string:
		return []string{plain(v)}
	case []any:
		var out []string
		for _, e := range v {
			if len(out) >= maxAuthors {
				break
			}
			out = append(out, w.people(e, depth+1)...)
		}
		return out
	case map[string]any:
		name := text(v["name"])
		if name == "" {
			given, family := text(v["givenName"]), text(v["familyName"])
			name = strings.TrimSpace(given + " " + family)
		}
		if name == "" {
			if inner, ok := v["name"].([]any); ok {
				return w.people(inner, depth+1)
			}
			if id, ok := v["@id"].(string); ok && w.byID[id] != nil && depth == 0 {
				return w.people(w.byID[id], depth+1)
			}
			if id, ok := v["@id"].(string); ok && depth > 0 {
				if other := w.byID[id]; other != nil {
					if n := text(other["name"]); n != "" {
						return []string{plain(n)}
					}
				}
			}
			return nil
		}
		return []string{plain(name)}
	}
	return nil
}

func (w *ldWalk) name(v any, depth int) string {
	names := w.people(v, depth)
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func (w *ldWalk) image(v any) string {
	for range 5 {
		switch x := v.(type) {
		case string:
			return strings.TrimSpace(x)
		case []any:
			if len(x) == 0 {
				return ""
			}
			v = x[0]
		case map[string]any:
			if u := text(x["url"]); u != "" {
				return u
			}
			if u := text(x["contentUrl"]); u != "" {
				return u
			}
			id, _ := x["@id"].(string)
			other := w.byID[id]
			if other == nil {
				return ""
			}
			v = other
		default:
			return ""
		}
	}
	return ""
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

// plain resolves the HTML entities that generators leave in JSON, twice for
// those that escape twice, and makes one line of it.
func plain(s string) string {
	for range 2 {
		if strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
	}
	return strings.Join(strings.Fields(s), " ")
}
