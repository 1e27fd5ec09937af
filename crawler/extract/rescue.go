package extract

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on the reading of a page's scripts.
const (
	maxStateScripts = 400
	maxState        = 6 << 20
	maxStateStrings = 100_000
	// maxStateParses bounds the strings of HTML that are parsed.
	maxStateParses = 500
	maxStateHTML   = 1 << 20
	// minStateProse is the least weight of a string that may be a paragraph.
	minStateProse = 40
)

// longText is the head of a row that is text.
var longText = regexp.MustCompile(`(?:^|[\n\]}"])[0-9a-f]{1,6}:T([0-9a-f]{1,6}),`)

// placeholder is where a template puts an advertisement or the like.
var placeholder = regexp.MustCompile(`\$\$\w+\$\$|\{\{\w+\}\}`)

// stateScripts returns the inline scripts that may hold the page's data, as
// pages do that are drawn by a script: Next.js, Nuxt, Fusion and their like.
func stateScripts(doc *html.Node) []string {
	var out []string
	size := 0
	each(doc, func(n *html.Node) bool {
		if n.DataAtom != atom.Script || n.FirstChild == nil || strings.Contains(attr(n, "type"), "ld+json") {
			return true
		}
		text := n.FirstChild.Data
		if size+len(text) > maxState || !holdsState(n, text) {
			return true
		}
		size += len(text)
		out = append(out, text)
		return len(out) < maxStateScripts
	})
	return out
}

func holdsState(n *html.Node, text string) bool {
	if strings.Contains(attr(n, "type"), "json") {
		return true
	}
	start := text[:min(len(text), 300)]
	for _, mark := range []string{"__next_f", "__NEXT_DATA__", "Fusion.", "__NUXT__", "_STATE__", "__remixContext", "__DATA__", "_DATA__", "__APOLLO", "initialState", "pageData"} {
		if strings.Contains(start, mark) {
			return true
		}
	}
	return false
}

// rescue reads the article from the data in a page's scripts: of the names
// that hold strings, the one that holds the most prose. The strings below one
// name stand in the order of the text.
func rescue(scripts []string) []string {
	r := rescuer{found: map[string][]string{}, weight: map[string]int{}}
	var stream strings.Builder
	for _, s := range scripts {
		if strings.Contains(s[:min(len(s), 100)], "__next_f") {
			// The chunks of a stream may break within a string.
			stringsOf(s, func(_, v string) { stream.WriteString(v) })
			continue
		}
		r.read(s)
	}
	if stream.Len() > 0 {
		r.stream(stream.String())
	}
	best := ""
	for key, w := range r.weight {
		if best == "" || w > r.weight[best] || w == r.weight[best] && key < best {
			best = key
		}
	}
	return r.found[best]
}

// rescuer collects prose by the name that it stands under.
type rescuer struct {
	found  map[string][]string
	weight map[string]int
	count  int
	parses int
	seen   map[string]bool
}

func (r *rescuer) read(data string) { stringsOf(data, r.add) }

// stream reads the rows of React's server components: "id:JSON", or
// "id:Tlength,text" for long texts.
func (r *rescuer) stream(data string) {
	for data != "" {
		at := longText.FindStringSubmatchIndex(data)
		if at == nil {
			r.read(data)
			return
		}
		r.read(data[:at[0]])
		rest := data[at[1]:]
		n, err := strconv.ParseInt(data[at[2]:at[3]], 16, 32)
		if err != nil {
			data = rest
			continue
		}
		end := min(len(rest), int(n))
		r.add("T", strings.ToValidUTF8(rest[:end], ""))
		data = rest[end:]
	}
}

func (r *rescuer) add(key, value string) {
	if r.count++; r.count > maxStateStrings || len(value) < minStateProse {
		return
	}
	if strings.Contains(value, "</") {
		if r.parses++; r.parses > maxStateParses || len(value) > maxStateHTML {
			return
		}
	}
	for _, p := range proseOf(value) {
		if r.seen == nil {
			r.seen = map[string]bool{}
		}
		if r.seen[key+"\x00"+p] {
			continue
		}
		r.seen[key+"\x00"+p] = true
		r.found[key] = append(r.found[key], p)
		r.weight[key] += textWeight(p)
	}
}

// proseOf returns the paragraphs of a string that holds some, else nil.
func proseOf(s string) []string {
	if strings.Contains(s, "</") {
		if !withinBounds([]byte(s)) {
			return nil
		}
		doc, err := html.Parse(strings.NewReader(s))
		if err != nil {
			return nil
		}
		prune(doc, nil)
		blocks, root := segment(doc)
		ed := editor{region: root, facts: &facts{}}
		out := ed.edit(blocks, 0, len(blocks), nil)
		for i := range out {
			out[i] = strings.TrimSpace(placeholder.ReplaceAllString(out[i], " "))
		}
		if slices.ContainsFunc(out, looksLikeProse) {
			return out
		}
		return nil
	}
	if strings.Contains(s, "{") || !looksLikeProse(s) {
		return nil
	}
	return plainParagraphs(s)
}

func looksLikeProse(s string) bool {
	if textWeight(s) < minStateProse || !endsSentence(s) {
		return false
	}
	if strings.Count(s, " ") >= 6 {
		return true
	}
	wide := 0
	for _, r := range s {
		if r >= 0x2E80 {
			wide++
		}
	}
	return wide >= minStateProse/2
}

// stringsOf calls visit for every string in JSON, or in JavaScript that holds
// JSON, with the name that it stands under, the last one seen.
func stringsOf(data string, visit func(key, value string)) {
	key := ""
	for {
		start := strings.IndexByte(data, '"')
		if start < 0 {
			return
		}
		data = data[start+1:]
		end, escaped := 0, false
		for end < len(data) && data[end] != '"' {
			if data[end] == '\\' {
				escaped = true
				end++
			}
			end++
		}
		if end >= len(data) {
			return
		}
		value := data[:end]
		data = data[end+1:]
		if escaped {
			var v string
			if json.Unmarshal([]byte(`"`+value+`"`), &v) != nil {
				continue
			}
			value = v
		}
		if rest := strings.TrimLeft(data[:min(len(data), 8)], " \t\n\r"); strings.HasPrefix(rest, ":") {
			if len(value) <= 60 {
				key = value
			}
			continue
		}
		visit(key, value)
	}
}
