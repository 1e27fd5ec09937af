package discover

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"unicode/utf8"
)

// maxReference bounds a reference, in bytes.
const maxReference = 32

// appendText appends text with its references written out: numeric ones, and the
// named ones of HTML that end in a semicolon. Any other ampersand is itself.
func appendText(out, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return appendLegal(out, text)
		}
		out = appendLegal(out, text[:i])
		text = text[i:]
		n, r := 0, rune(0)
		if len(text) > 2 && text[1] == '#' {
			n, r = numericReference(text)
		} else if end := bytes.IndexByte(text[:min(len(text), maxReference)], ';'); end > 1 {
			named := namedReference(string(text[1:end]))
			if named != "" {
				out, text = append(out, named...), text[end+1:]
				continue
			}
		}
		if n == 0 {
			out, text = append(out, '&'), text[1:]
			continue
		}
		out, text = utf8.AppendRune(out, r), text[n:]
	}
}

func namedReference(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return "\""
	case "apos":
		return "'"
	}
	return xml.HTMLEntity[name]
}

// numericReference returns the length of a numeric reference and its character,
// a blank for one that XML 1.0 does not allow; 0 if it is none.
func numericReference(text []byte) (n int, r rune) {
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
		return 0, 0
	}
	if i < len(text) && text[i] == ';' {
		i++
	}
	if r = rune(v); v > utf8.MaxRune || !isXMLRune(r) {
		r = ' '
	}
	return i, r
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
