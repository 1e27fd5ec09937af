package discover

import (
	"encoding/xml"
	"net/url"
	"strings"
)

const (
	maxXMLDepth   = 256
	maxPrefixes   = 64
	maxNames      = 256
	maxNameLength = 128
)

type xmlEventKind int

const (
	xmlEnd xmlEventKind = iota // of the document
	xmlOpen
	xmlClose
	xmlText
)

type xmlEvent struct {
	kind xmlEventKind
	// name is in lower case, with a prefix that stands for the name space
	// whatever prefix the document uses; see nameSpace.
	name  string
	attrs []xml.Attr
	// text is as it is written; see appendTo.
	text    []byte
	literal bool
	// depth of the element that opens or closes; the root's is 1.
	depth int
	// base is the xml:base in force, nil where none is.
	base *url.URL
}

// xmlReader reads a feed or sitemap element by element and forgives what feeds
// do wrong: tags that do not nest, undeclared prefixes, and a document that
// breaks off. Elements deeper than 256 are passed over.
type xmlReader struct {
	tokens  xmlTokens
	stack   []xmlFrame
	beyond  int // open elements below the deepest frame
	closing int // frames to close before the next token
	spaces  map[string]string
	// names holds the names that were written so far, each with what it stands
	// for.
	names map[string]xmlName
	// broken says that the document broke off.
	broken bool
}

// xmlName is a name as it is written, and with the prefix that stands for its
// name space.
type xmlName struct{ raw, name string }

type xmlFrame struct {
	xmlName
	base *url.URL
}

func newXMLReader(text []byte) *xmlReader {
	return &xmlReader{tokens: xmlTokens{text: text}, spaces: map[string]string{}, names: map[string]xmlName{}}
}

func (r *xmlReader) next() xmlEvent {
	for {
		if r.closing > 0 {
			r.closing--
			return r.pop()
		}
		t, ok := r.tokens.next()
		if !ok {
			r.broken = len(r.stack) > 0
			return xmlEvent{}
		}
		switch t.kind {
		case tokenOpen:
			if len(r.stack) < maxXMLDepth {
				return r.push(t)
			}
			if !t.empty {
				r.beyond++
			}
		case tokenClose:
			r.end(t.name)
		case tokenText:
			if r.beyond == 0 {
				return xmlEvent{kind: xmlText, text: t.text, literal: t.literal, depth: len(r.stack)}
			}
		}
	}
}

// appendTo appends the text of an event as it is meant.
func (e xmlEvent) appendTo(out []byte) []byte {
	text := e.text[:min(len(e.text), maxField)]
	if e.literal {
		return appendLegal(out, text)
	}
	return appendText(out, text)
}

func (r *xmlReader) push(t xmlToken) xmlEvent {
	var f xmlFrame
	if n := len(r.stack); n > 0 {
		f.base = r.stack[n-1].base
	}
	var attrs []xml.Attr
	if len(t.attrs) > 0 {
		attrs = attributesOf(t.attrs)
	}
	for _, a := range attrs {
		switch {
		case a.Name.Space == "xmlns" && len(r.spaces) < maxPrefixes:
			r.spaces[strings.ToLower(a.Name.Local)] = nameSpace(a.Value, a.Name.Local)
			clear(r.names)
		case a.Name.Space == "xml" && a.Name.Local == "base":
			if u, ok := resolveURL(f.base, a.Value); ok {
				f.base = u
			} else if u, err := url.Parse(a.Value); err == nil && f.base == nil && u.Host == "" {
				f.base = u // relative: to the page, as the collector finds out
			}
		}
	}
	f.xmlName = r.named(t.name)
	r.stack = append(r.stack, f)
	if t.empty {
		r.closing = 1
	}
	return xmlEvent{kind: xmlOpen, name: f.name, attrs: attrs, depth: len(r.stack), base: f.base}
}

// named reads a name as the prefixes declared so far have it.
func (r *xmlReader) named(raw []byte) xmlName {
	if known, ok := r.names[string(raw)]; ok {
		return known
	}
	n := xmlName{raw: string(raw)}
	prefix, local, ok := strings.Cut(n.raw, ":")
	if !ok {
		prefix, local = "", n.raw
	}
	n.name = strings.ToLower(local)
	if prefix = strings.ToLower(prefix); prefix != "" {
		space, ok := r.spaces[prefix]
		if !ok {
			space = prefix
		}
		if space != "" {
			n.name = space + ":" + n.name
		}
	}
	if len(r.names) < maxNames && len(raw) <= maxNameLength {
		r.names[n.raw] = n
	}
	return n
}

// end closes what an end tag closes; one that closes nothing is passed over.
func (r *xmlReader) end(raw []byte) {
	if r.beyond > 0 {
		r.beyond--
		return
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].raw == string(raw) {
			r.closing = len(r.stack) - i
			return
		}
	}
}

func (r *xmlReader) pop() xmlEvent {
	f := r.stack[len(r.stack)-1]
	e := xmlEvent{kind: xmlClose, name: f.name, depth: len(r.stack), base: f.base}
	r.stack = r.stack[:len(r.stack)-1]
	return e
}

// nameSpace maps the name of an XML name space to the prefix that this package
// uses for it; "" for those whose elements stand without one.
func nameSpace(uri, prefix string) string {
	uri = strings.ToLower(uri)
	switch {
	case strings.Contains(uri, "w3.org/2005/atom"), strings.Contains(uri, "purl.org/atom"):
		return "atom"
	case strings.Contains(uri, "purl.org/rss/1.0/modules"):
		return strings.ToLower(prefix)
	case strings.Contains(uri, "purl.org/rss/"), strings.Contains(uri, "netscape.com/rdf/simple"), strings.Contains(uri, "backend.userland.com"):
		return ""
	case strings.Contains(uri, "purl.org/dc/"):
		return "dc"
	case strings.Contains(uri, "feedburner"):
		return "feedburner"
	case strings.Contains(uri, "sitemap-news"):
		return "news"
	case strings.Contains(uri, "sitemap-"):
		return strings.ToLower(prefix)
	case strings.Contains(uri, "schemas/sitemap"):
		return ""
	}
	return strings.ToLower(prefix)
}

func attribute(attrs []xml.Attr, local string) string {
	for _, a := range attrs {
		if strings.EqualFold(a.Name.Local, local) && a.Name.Space != "xmlns" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
