package discover

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
)

const (
	maxXMLDepth    = 256
	maxXMLRestarts = 1000
	maxPrefixes    = 64
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
	text  []byte
	// depth of the element that opens or closes; the root's is 1.
	depth int
	// base is the xml:base in force, nil where none is.
	base *url.URL
}

// xmlReader reads a feed or sitemap token by token and forgives what feeds do
// wrong: tags that do not nest, undeclared prefixes and entities, broken tags
// (reading goes on at the next entry), and a document that breaks off.
// Elements deeper than 256 are passed over.
type xmlReader struct {
	text     []byte
	entry    string // "<item" and the like: where reading may start again
	at       int    // where dec began
	dec      *xml.Decoder
	stack    []xmlFrame
	beyond   int // open elements below the deepest frame
	closing  int // frames to close before the next token
	restarts int
	spaces   map[string]string
	// broken says that the document broke off or had to be started again.
	broken bool
}

type xmlFrame struct {
	name string
	raw  string
	base *url.URL
}

func newXMLReader(text []byte) *xmlReader {
	r := &xmlReader{text: cleanXML(text), spaces: map[string]string{}}
	r.restart(0)
	return r
}

func (r *xmlReader) restart(at int) {
	r.at = at
	r.dec = xml.NewDecoder(bytes.NewReader(r.text[at:]))
	r.dec.Strict = false
	r.dec.Entity = xml.HTMLEntity
	// The text is UTF-8 by now, whatever its prolog says.
	r.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
}

func (r *xmlReader) next() xmlEvent {
	for {
		if r.closing > 0 {
			r.closing--
			return r.pop()
		}
		token, err := r.dec.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) && len(r.stack) == 0 && !r.broken {
				return xmlEvent{}
			}
			r.broken = true
			if !r.recover() {
				return xmlEvent{}
			}
			continue
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(r.stack) >= maxXMLDepth {
				r.beyond++
				continue
			}
			return r.push(t)
		case xml.EndElement:
			r.end(rawName(t.Name))
		case xml.CharData:
			if r.beyond == 0 {
				return xmlEvent{kind: xmlText, text: t, depth: len(r.stack)}
			}
		}
	}
}

// recover goes on at the next entry behind the place that could not be read.
func (r *xmlReader) recover() bool {
	at := r.at + int(r.dec.InputOffset())
	if r.restarts++; r.restarts > maxXMLRestarts || r.entry == "" || at >= len(r.text) {
		return false
	}
	i := bytes.Index(r.text[at:], []byte(r.entry))
	if i < 0 {
		return false
	}
	r.restart(at + i)
	r.beyond = 0
	return true
}

func (r *xmlReader) push(t xml.StartElement) xmlEvent {
	f := xmlFrame{raw: rawName(t.Name)}
	if n := len(r.stack); n > 0 {
		f.base = r.stack[n-1].base
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns" && len(r.spaces) < maxPrefixes:
			r.spaces[strings.ToLower(a.Name.Local)] = nameSpace(a.Value, a.Name.Local)
		case a.Name.Space == "xml" && a.Name.Local == "base":
			if u, ok := resolveURL(f.base, a.Value); ok {
				f.base = u
			} else if u, err := url.Parse(a.Value); err == nil && f.base == nil && u.Host == "" {
				f.base = u // relative: to the page, as the collector finds out
			}
		}
	}
	f.name = strings.ToLower(t.Name.Local)
	if p := strings.ToLower(t.Name.Space); p != "" {
		space, ok := r.spaces[p]
		if !ok {
			space = p
		}
		if space != "" {
			f.name = space + ":" + f.name
		}
	}
	r.stack = append(r.stack, f)
	return xmlEvent{kind: xmlOpen, name: f.name, attrs: t.Attr, depth: len(r.stack), base: f.base}
}

// end closes what an end tag closes; one that closes nothing is passed over.
func (r *xmlReader) end(raw string) {
	if r.beyond > 0 {
		r.beyond--
		return
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].raw == raw {
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

func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
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
