package discover

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// cleanXML makes decoded text fit for encoding/xml, which gives up on what
// feeds really hold: control characters, also as references, bytes that are
// not UTF-8, a less-than sign that opens no tag, "]]>" outside CDATA, and
// comments with two hyphens. Comments, processing instructions and the DOCTYPE
// with its entities are left out.
//
// Text that is fit already is returned as it is.
func cleanXML(text []byte) []byte {
	for len(text) > 0 && text[0] == '<' {
		// What is left out at the front needs no copy of the rest.
		n := cleanMarkup(text)
		if n <= 1 || bytes.HasPrefix(text, []byte("<![CDATA[")) {
			break
		}
		text = bytes.TrimLeft(text[n:], " \t\r\n")
	}
	fit := fitXML(text)
	if fit == len(text) {
		return text
	}
	out := append(make([]byte, 0, len(text)+len(text)/64), text[:fit]...)
	for i := fit; i < len(text); {
		rest := text[i:]
		switch c := rest[0]; {
		case c == '<':
			n := cleanMarkup(rest)
			switch {
			case n > 0 && bytes.HasPrefix(rest, []byte("<![CDATA[")):
				out = appendLegal(out, rest[:n])
				if !bytes.HasSuffix(rest[:n], []byte("]]>")) {
					out = append(out, "]]>"...)
				}
			case n == 0:
				out = append(out, "&lt;"...)
				n = 1
			case n == 1:
				out = append(out, '<')
			}
			i += n
		case c == ']' && bytes.HasPrefix(rest, []byte("]]>")):
			out = append(out, "]]&gt;"...)
			i += 3
		case c == '&' && len(rest) > 2 && rest[1] == '#':
			n, legal := charReference(rest)
			if legal {
				out = append(out, rest[:n]...)
			} else {
				out = append(out, ' ')
			}
			i += n
		default:
			n := 1
			for n < len(rest) && rest[n] != '<' && rest[n] != ']' && rest[n] != '&' {
				n++
			}
			out = appendLegal(out, rest[:n])
			i += n
		}
	}
	return out
}

// fitXML returns how much of the text needs no cleaning; it ends in front of a
// piece that does.
func fitXML(text []byte) int {
	for i := 0; i < len(text); {
		rest := text[i:]
		switch c := rest[0]; {
		case c == '<':
			n := cleanMarkup(rest)
			switch {
			case n == 1:
				i++
			case n > 1 && bytes.HasPrefix(rest, []byte("<![CDATA[")) && bytes.HasSuffix(rest[:n], []byte("]]>")) && isLegal(rest[:n]):
				i += n
			default:
				return i
			}
		case c == ']' && bytes.HasPrefix(rest, []byte("]]>")):
			return i
		case c == '&' && len(rest) > 2 && rest[1] == '#':
			n, legal := charReference(rest)
			if !legal {
				return i
			}
			i += n
		default:
			n := 1
			for n < len(rest) && rest[n] != '<' && rest[n] != ']' && rest[n] != '&' {
				n++
			}
			if !isLegal(rest[:n]) {
				return i
			}
			i += n
		}
	}
	return len(text)
}

// isLegal reports whether a text is UTF-8 that XML allows.
func isLegal(text []byte) bool {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if !isXMLRune(r) || r == utf8.RuneError && n == 1 {
			return false
		}
		i += n
	}
	return true
}

// cleanMarkup looks at markup that begins at text[0] and returns its length if
// it is CDATA or to be left out, 1 for a tag, and 0 if it is no markup.
func cleanMarkup(text []byte) int {
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
	case bytes.HasPrefix(text, []byte("<![CDATA[")):
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

// charReference returns the length of a numeric reference, and whether XML 1.0
// allows its character.
func charReference(text []byte) (n int, legal bool) {
	i, base := 2, 10
	if text[i]|0x20 == 'x' {
		i, base = 3, 16
	}
	start := i
	for i < len(text) && i < start+8 && isHexDigit(text[i]) && (base == 16 || text[i] <= '9') {
		i++
	}
	v, err := strconv.ParseUint(string(text[start:i]), base, 32)
	if err != nil {
		return 2, true // "&#" and no number: plain text
	}
	legal = isXMLRune(rune(v))
	if i < len(text) && text[i] == ';' {
		i++
	}
	return i, legal
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// isXMLRune follows XML 1.0, section 2.2.
func isXMLRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff ||
		r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

func appendLegal(out, text []byte) []byte {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				c = ' '
			}
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if !isXMLRune(r) {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}
