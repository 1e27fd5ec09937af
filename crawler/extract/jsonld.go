package extract

import (
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
	// pagePublished is that of a node for the page itself.
	pagePublished string
	// uploaded are the dates of videos.
	uploaded []string
	// types lists the types seen, lower case.
	types map[string]bool
}

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
				out.pagePublished = text(n["datePublished"])
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
