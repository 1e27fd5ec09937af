package discover

import (
	"bytes"
	"hash/fnv"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth bounds how deep elements are told apart; what lies deeper counts as
// part of the element at that depth.
const maxDepth = 400

// element is one open element of an outline: as much of a page's tree as link
// discovery needs, built from the tokens in one pass. The standard parser
// would refuse pages nested deeper than 512 and costs several times as much.
type element struct {
	tag   atom.Atom
	place place
	sig   uint64
	block int // index into outline.blocks
}

// block is what is known of an element that may be the frame of one entry of a
// list: its link, heading and date.
type block struct {
	parent  int
	link    int // candidate; none or many
	heading int // index into headings; none or many
	date    int // index into dates; none or many
	entry   bool
}

const (
	none = -1
	many = -2
)

// outline walks over the tokens of a page and keeps the open elements.
type outline struct {
	z      *html.Tokenizer
	stack  []element
	beyond int
	blocks []block
	tooBig bool
}

func newOutline(text []byte) *outline {
	return &outline{
		z:      html.NewTokenizer(bytes.NewReader(text)),
		stack:  []element{{block: 0}},
		blocks: []block{{parent: none, link: none, heading: none, date: none}},
	}
}

func (o *outline) top() *element { return &o.stack[len(o.stack)-1] }

// attributes are those of a tag that discovery reads.
type attributes struct {
	href, rel, typ, class, id, role, datetime, alt, title, label string
}

func (o *outline) attributes(more bool) attributes {
	var a attributes
	for n := 0; more && n < 100; n++ {
		var key, value []byte
		key, value, more = o.z.TagAttr()
		switch string(key) {
		case "href":
			a.href = string(value)
		case "rel":
			a.rel = string(value)
		case "type":
			a.typ = string(value)
		case "class":
			a.class = string(value)
		case "id":
			a.id = string(value)
		case "role":
			a.role = string(value)
		case "datetime", "content":
			a.datetime = string(value)
		case "alt":
			a.alt = string(value)
		case "title":
			a.title = string(value)
		case "aria-label":
			a.label = string(value)
		}
	}
	return a
}

// open pushes an element, closing what it implies to be closed.
func (o *outline) open(tag atom.Atom, a attributes) {
	switch tag {
	case atom.Li:
		o.closeWithin(atom.Li, atom.Ul, atom.Ol, atom.Menu)
	case atom.Dt, atom.Dd:
		o.closeWithin(atom.Dt, atom.Dl)
		o.closeWithin(atom.Dd, atom.Dl)
	case atom.Tr:
		o.closeWithin(atom.Tr, atom.Table)
	case atom.Td, atom.Th:
		o.closeWithin(atom.Td, atom.Tr)
		o.closeWithin(atom.Th, atom.Tr)
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Section, atom.Article, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4:
		if o.top().tag == atom.P {
			o.pop()
		}
	case atom.A:
		for i := len(o.stack) - 1; i > 0 && o.top().place&inAnchor != 0; i-- {
			if o.stack[i].tag == atom.A {
				o.stack = o.stack[:i]
			}
		}
	}
	if len(o.stack) >= maxDepth {
		o.beyond++
		return
	}
	if len(o.blocks) >= maxElements {
		o.tooBig = true
		return
	}
	parent := o.top()
	e := element{tag: tag, place: placeOf(tag, a, parent.place), block: len(o.blocks)}
	o.blocks = append(o.blocks, block{parent: parent.block, link: none, heading: none, date: none, entry: isEntry(tag)})
	e.sig = signature(parent.sig, tag, a.class)
	o.stack = append(o.stack, e)
}

// closeWithin closes the nearest open element of a tag, unless one of the
// fences lies between.
func (o *outline) closeWithin(tag atom.Atom, fences ...atom.Atom) {
	for i := len(o.stack) - 1; i > 0; i-- {
		t := o.stack[i].tag
		if t == tag {
			o.stack = o.stack[:i]
			return
		}
		if slices.Contains(fences, t) {
			return
		}
	}
}

func (o *outline) pop() {
	if len(o.stack) > 1 {
		o.stack = o.stack[:len(o.stack)-1]
	}
}

// close handles an end tag; one that matches nothing is passed over, and one
// of an inline element does not close a block.
func (o *outline) close(tag atom.Atom) {
	if o.beyond > 0 {
		o.beyond--
		return
	}
	for i := len(o.stack) - 1; i > 0; i-- {
		if o.stack[i].tag == tag {
			o.stack = o.stack[:i]
			return
		}
		if isInlineTag(tag) && !isInlineTag(o.stack[i].tag) && tag != atom.A {
			return
		}
	}
}

func isInlineTag(tag atom.Atom) bool {
	switch tag {
	case atom.A, atom.B, atom.I, atom.U, atom.Em, atom.Strong, atom.Span, atom.Font, atom.Small, atom.Sup, atom.Sub, atom.Time, atom.Mark, atom.Cite, atom.Label:
		return true
	}
	return false
}

func isVoid(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

func isHeading(tag atom.Atom) bool {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// signature names the shape of the way down to an element: twelve bits for the
// tag and the first word of the class of each of the last five.
func signature(parent uint64, tag atom.Atom, class string) uint64 {
	name, _, _ := strings.Cut(strings.TrimSpace(class), " ")
	h := fnv.New32a()
	h.Write([]byte(tag.String()))
	h.Write([]byte{0})
	h.Write([]byte(strings.TrimRight(name, "0123456789")))
	return (parent<<12 | uint64(h.Sum32()&0xfff)) & (1<<60 - 1)
}

// isEntry reports whether an element is the usual frame of one entry.
func isEntry(tag atom.Atom) bool {
	switch tag {
	case atom.Li, atom.Article, atom.Tr, atom.Dd, atom.Dl:
		return true
	}
	return false
}

// maxFrame is how far above a link, heading or date the frame of its entry may
// lie, in elements.
const maxFrame = 5

// mark notes what is in an element for the frames above it. A second, other
// one makes it many.
func (o *outline) mark(at int, field func(*block) *int, value int) {
	for range maxFrame {
		if at < 0 {
			return
		}
		p := field(&o.blocks[at])
		switch *p {
		case none:
			*p = value
		case value:
		default:
			*p = many
		}
		at = o.blocks[at].parent
	}
}
