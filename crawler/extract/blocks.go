package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is one paragraph-like run of text: what stands between two block-level
// boundaries.
type block struct {
	// node is the nearest block-level element.
	node *html.Node
	text string
	// weight is the text's length as textWeight counts, links the part of it
	// within links.
	weight, links int
	// emphasis is the part of the weight within em and i elements.
	emphasis int
}

func (b block) heading() bool { return isHeading(b.node.DataAtom) }

// linked reports whether the block is nearly all link. A paragraph's sentence
// may hold a long one and is none.
func (b block) linked() bool {
	if b.links*10 < b.weight*7 {
		return false
	}
	sentence := b.node.DataAtom == atom.P && b.weight >= 80 && b.weight-b.links >= 20 && endsSentence(b.text)
	return !sentence || b.links*10 >= b.weight*9
}

// region is an element that holds blocks[first:last].
type region struct {
	node        *html.Node
	first, last int
	children    []*region
}

// segmenter cuts a tree into blocks.
type segmenter struct {
	blocks               []block
	text                 strings.Builder
	weight               int
	links                int
	inLink               int
	emphasis, inEmphasis int
	// seam says that an inline element started or ended after the last text.
	seam bool
	last rune
	// space says that a space is due before the next text.
	space bool
	// breaks counts the br elements since the last text.
	breaks int
	node   *html.Node
	// limit stops the reading after so many bytes; 0 reads all.
	limit, size int
}

// segment cuts the tree below root into blocks and the regions that hold them.
func segment(root *html.Node) ([]block, *region) {
	s := segmenter{node: root}
	r := s.element(root)
	s.flush()
	r.last = len(s.blocks)
	return s.blocks, r
}

func (s *segmenter) element(n *html.Node) *region {
	r := &region{node: n, first: len(s.blocks)}
	for c := n.FirstChild; c != nil && (s.limit == 0 || s.size <= s.limit); c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			s.write(c.Data)
		case html.ElementNode:
			if isJunk(c.DataAtom) {
				continue
			}
			switch {
			case c.DataAtom == atom.Br:
				s.breaks++
				s.space = true
				if s.breaks >= 2 {
					s.flush()
				}
			case c.DataAtom == atom.Hr:
				s.flush()
			case plainCell(c):
				s.space = true
				s.element(c)
				s.space = true
			case isBlock(c):
				s.flush()
				outer := s.node
				s.node = c
				child := s.element(c)
				s.flush()
				s.node = outer
				child.last = len(s.blocks)
				if child.last > child.first {
					r.children = append(r.children, child)
				}
			default:
				link := c.DataAtom == atom.A && !(isHeading(s.node.DataAtom) && permalink(c))
				slanted := c.DataAtom == atom.Em || c.DataAtom == atom.I
				if link {
					s.inLink++
				}
				if slanted {
					s.inEmphasis++
				}
				s.seam = true
				child := s.element(c)
				s.seam = true
				if link {
					s.inLink--
				}
				if slanted {
					s.inEmphasis--
				}
				r.children = append(r.children, child.children...)
			}
		}
	}
	r.last = len(s.blocks)
	return r
}

// write adds text, its runs of white space narrowed to one space.
func (s *segmenter) write(data string) {
	s.size += len(data)
	if s.limit == 0 && len(data) > s.text.Cap()-s.text.Len() && len(data) > 1<<10 {
		s.text.Grow(len(data) + len(data)/8)
	}
	for i := 0; i < len(data); {
		if data[i] > ' ' && data[i] < 0x7F {
			n := s.writeWord(data[i:])
			if s.limit > 0 && s.text.Len() > s.limit {
				return
			}
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(data[i:])
		i += size
		switch r {
		case ' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u2028', '\u2029', '\u3000':
			s.space = true
			continue
		case '\u200b', '\ufeff', '\u00ad', 0:
			continue
		}
		s.join(r, r)
		s.text.WriteRune(r)
		if s.limit > 0 && s.text.Len() > s.limit {
			return
		}
		w := 1
		if r >= 0x2E80 {
			w = 2
		}
		s.weigh(w)
	}
}

// writeWord adds the visible ASCII that data begins with, up to the limit, and
// returns its length: most text is of that, and needs no look at each rune.
func (s *segmenter) writeWord(data string) int {
	n := 1
	for n < len(data) && data[n] > ' ' && data[n] < 0x7F {
		n++
	}
	s.join(rune(data[0]), rune(data[n-1]))
	if s.limit > 0 {
		n = min(n, max(1, s.limit+1-s.text.Len()))
	}
	s.text.WriteString(data[:n])
	s.weigh(n)
	return n
}

// join writes the space that is due before text that begins and ends so.
func (s *segmenter) join(first, last rune) {
	if s.text.Len() > 0 && (s.space || s.seam && glued(s.last, first)) {
		s.text.WriteByte(' ')
	}
	s.space, s.seam, s.breaks, s.last = false, false, 0, last
}

// weigh counts text of a weight.
func (s *segmenter) weigh(w int) {
	s.weight += w
	if s.inLink > 0 {
		s.links += w
	}
	if s.inEmphasis > 0 {
		s.emphasis += w
	}
}

func (s *segmenter) flush() {
	if s.text.Len() > 0 {
		s.blocks = append(s.blocks, block{node: s.node, text: s.text.String(), weight: s.weight, links: s.links, emphasis: s.emphasis})
		s.text.Reset()
	}
	s.weight, s.links, s.emphasis, s.space, s.seam, s.breaks = 0, 0, 0, false, false, 0
}

// glued reports whether two characters with an inline element's edge between
// them belong to two words: style sheets set such elements apart.
func glued(a, b rune) bool {
	return unicode.IsUpper(b) && (unicode.IsLower(a) || strings.ContainsRune(".!?:;,)»”", a))
}
