package discover

import (
	"bytes"
	"encoding/xml"
	"unicode/utf8"
)

const (
	// maxQuoted bounds a quoted value of a tag, in bytes; a quotation mark whose
	// second one is farther away is a mistake.
	maxQuoted   = 64 << 10
	maxXMLAttrs = 200
)

type xmlTokenKind int

const (
	tokenText xmlTokenKind = iota
	tokenOpen
	tokenClose
)

// xmlToken is one piece of a document, as it is written.
type xmlToken struct {
	kind xmlTokenKind
	// name is a tag's with its prefix, attrs what follows it.
	name, attrs []byte
	// empty says that the tag closes itself.
	empty bool
	text  []byte
	// literal says that the text is CDATA: it holds no references.
	literal bool
}

// xmlTokens cuts a decoded text into tags and text, and takes all that feeds
// really hold: a less-than sign that opens no tag is text, a tag that does not
// end gives way to the next one, and a quotation mark without its second one is
// a character. Comments, processing instructions and the DOCTYPE with its
// entities are left out.
type xmlTokens struct {
	text []byte
	at   int
}

// next returns false at the end of the text, and where it breaks off in a tag.
func (x *xmlTokens) next() (xmlToken, bool) {
	for x.at < len(x.text) {
		rest := x.text[x.at:]
		n := 0
		if rest[0] == '<' {
			n = markup(rest)
		}
		switch {
		case n == 0:
			for n = 1; ; n++ {
				next := bytes.IndexByte(rest[n:], '<')
				if next < 0 {
					n = len(rest)
					break
				}
				if n += next; markup(rest[n:]) > 0 {
					break
				}
			}
			x.at += n
			return xmlToken{kind: tokenText, text: rest[:n]}, true
		case n == 1:
			return x.tag(rest)
		case bytes.HasPrefix(rest, []byte(openCDATA)):
			x.at += n
			return xmlToken{kind: tokenText, literal: true, text: bytes.TrimSuffix(rest[len(openCDATA):n], []byte("]]>"))}, true
		default:
			x.at += n
		}
	}
	return xmlToken{}, false
}

// tag reads the tag that begins at rest[0].
func (x *xmlTokens) tag(rest []byte) (xmlToken, bool) {
	t := xmlToken{kind: tokenOpen}
	from := 1
	if rest[1] == '/' {
		t.kind, from = tokenClose, 2
	}
	end := from
	for end < len(rest) && !isXMLSpace(rest[end]) && rest[end] != '>' && rest[end] != '<' && (rest[end] != '/' || end == from) {
		end++
	}
	t.name = rest[from:end]
	stop, ended := tagEnd(rest, end)
	if stop == len(rest) && !ended {
		x.at = len(x.text)
		return xmlToken{}, false
	}
	t.attrs = bytes.TrimRight(rest[end:stop], " \t\r\n")
	if bytes.HasSuffix(t.attrs, []byte("/")) {
		t.attrs, t.empty = t.attrs[:len(t.attrs)-1], true
	}
	if ended {
		stop++
	}
	x.at += stop
	return t, true
}

// tagEnd finds the end of a tag from a place behind its name: the ">" that
// closes it, or the "<" of the next one.
func tagEnd(rest []byte, from int) (stop int, ended bool) {
	for i := from; i < len(rest); i++ {
		switch c := rest[i]; c {
		case '>':
			return i, true
		case '<':
			return i, false
		case '"', '\'':
			if rest[i-1] != '=' && !isXMLSpace(rest[i-1]) {
				continue
			}
			value := rest[i+1 : min(len(rest), i+1+maxQuoted)]
			second := bytes.IndexByte(value, c)
			if second >= 0 && bytes.IndexByte(value[:second], '<') < 0 {
				i += 1 + second
				continue
			}
			if end := bytes.IndexByte(rest[i:], '>'); end >= 0 {
				return i + end, true
			}
			return len(rest), false
		}
	}
	return len(rest), false
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// attributesOf reads what stands behind the name of a tag.
func attributesOf(raw []byte) []xml.Attr {
	var attrs []xml.Attr
	for len(attrs) < maxXMLAttrs {
		raw = bytes.TrimLeft(raw, " \t\r\n/\"'")
		n := bytes.IndexAny(raw, "= \t\r\n")
		if n <= 0 {
			if n < 0 {
				return attrs
			}
			raw = raw[1:]
			continue
		}
		name := raw[:n]
		raw = bytes.TrimLeft(raw[n:], " \t\r\n")
		if len(raw) == 0 || raw[0] != '=' {
			continue
		}
		raw = bytes.TrimLeft(raw[1:], " \t\r\n")
		var value []byte
		switch {
		case len(raw) == 0:
		case raw[0] == '"' || raw[0] == '\'':
			end := bytes.IndexByte(raw[1:], raw[0])
			if end < 0 {
				end = len(raw) - 1
			}
			value, raw = raw[1:1+end], raw[min(len(raw), end+2):]
		default:
			end := bytes.IndexAny(raw, " \t\r\n")
			if end < 0 {
				end = len(raw)
			}
			value, raw = raw[:end], raw[end:]
		}
		a := xml.Attr{Name: xml.Name{Local: string(name)}, Value: string(appendText(nil, value))}
		if prefix, local, ok := bytes.Cut(name, []byte(":")); ok {
			a.Name = xml.Name{Space: string(prefix), Local: string(local)}
		}
		attrs = append(attrs, a)
	}
	return attrs
}

const openCDATA = "<![CDATA["

// markup looks at what begins at text[0] and returns its length if it is CDATA
// or to be left out, 1 for a tag, and 0 if it is no markup.
func markup(text []byte) int {
	until := func(end string) int {
		if i := bytes.Index(text, []byte(end)); i >= 0 {
			return i + len(end)
		}
		return len(text)
	}
	if len(text) < 2 {
		return 0
	}
	switch c := text[1]; {
	case c|0x20 >= 'a' && c|0x20 <= 'z', c == '/', c == '_', c >= utf8.RuneSelf:
		return 1
	case c == '?':
		return until(">")
	case bytes.HasPrefix(text, []byte("<!--")):
		return until("-->")
	case bytes.HasPrefix(text, []byte(openCDATA)):
		return until("]]>")
	case bytes.HasPrefix(text, []byte("<!DOCTYPE")), bytes.HasPrefix(text, []byte("<!doctype")):
		return doctypeLength(text)
	}
	return 0
}

func doctypeLength(text []byte) int {
	var quote byte
	depth := 0
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '>' && depth <= 0:
			return i + 1
		}
	}
	return len(text)
}
