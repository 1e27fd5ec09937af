// Package charset turns the bytes of a page into UTF-8.
//
// Servers and pages often declare a charset that their bytes are not in, so a
// declaration is believed only as far as the bytes allow. UTF-7 is never
// decoded: it lets markup hide from every check made on the bytes.
package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// Names of the charsets that the chain itself decides on; the others come from
// the WHATWG Encoding Standard's list.
const (
	utf8Name    = "utf-8"
	utf16LE     = "utf-16le"
	utf16BE     = "utf-16be"
	iso2022JP   = "iso-2022-jp"
	windows1252 = "windows-1252"
)

// Decode returns body as valid UTF-8 without a byte order mark, and the
// charset it was decided to be in, as a lower-case name of the WHATWG Encoding
// Standard. Bytes that mean nothing in that charset become U+FFFD.
//
// The first of these that fits decides: an ISO-2022-JP escape; a byte order
// mark; zero bytes spaced as in UTF-16; the Content-Type header; a body that
// is valid UTF-8 as a whole, or but for a few bytes in hundreds; a meta element
// or XML declaration in the first 64 KiB; a body that is UTF-8 but for a few
// bytes; the charset in which the text looks most like a language; windows-1252.
//
// A declared UTF-8 never decides where the body is not UTF-8, a declared
// multi-byte charset never where it leaves too many bytes undecoded, and a
// single-byte charset in the header never where the body is valid UTF-8 beyond
// ASCII: servers send such defaults without looking. Nor does a declared
// single-byte charset that shows no language's text where another shows one.
func Decode(body []byte, contentType string) (text []byte, name string) {
	name = decide(body, contentType)
	switch name {
	case utf8Name:
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
		if utf8.Valid(body) {
			return body, name
		}
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), name
	case utf16LE, utf16BE:
		return decodeUTF16(body, name == utf16BE), name
	}
	text, ok := decodeAs(body, name)
	if !ok {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), utf8Name
	}
	return text, name
}

func decide(body []byte, contentType string) string {
	if isISO2022JP(body) {
		return iso2022JP
	}
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return utf8Name
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return utf16LE
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return utf16BE
	}
	if name := bareUTF16(body); name != "" {
		return name
	}
	valid := utf8.Valid(body)
	if name := known(headerCharset(contentType)); name != "" && name != utf8Name {
		believable := fits(body, name)
		if valid && singleByte(name) {
			believable = ascii(body)
		}
		if believable && !refuted(body, name) {
			return name
		}
	}
	if valid {
		return utf8Name
	}
	almost, surely := almostUTF8(body)
	if surely {
		return utf8Name
	}
	hints := readHints(body)
	if name := known(hints.charset); name != "" && name != utf8Name && fits(body, name) && !refuted(body, name) {
		return name
	}
	if almost {
		return utf8Name
	}
	name, _ := detect(textSample(body), hints.lang)
	return name
}

// known returns the WHATWG name for a label, or "" for one that is unknown or
// that must not decide: the replacement charsets, x-user-defined, and UTF-16,
// which a declaration readable as ASCII contradicts.
func known(label string) string {
	if label == "" {
		return ""
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return ""
	}
	name, err := htmlindex.Name(enc)
	if err != nil {
		return ""
	}
	switch name {
	case "replacement", "x-user-defined", utf16LE, utf16BE:
		return ""
	}
	return name
}

func decodeAs(body []byte, name string) ([]byte, bool) {
	enc := lookup(name)
	if enc == nil {
		return nil, false
	}
	if table, ok := enc.(*charmap.Charmap); ok {
		return decodeSingle(body, table), true
	}
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return nil, false
	}
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	return text, true
}

// decodeSingle decodes in one pass over a buffer of the right size.
func decodeSingle(body []byte, table *charmap.Charmap) []byte {
	var runes [256]rune
	var sizes [256]int
	for i := range runes {
		runes[i] = table.DecodeByte(byte(i))
		sizes[i] = utf8.RuneLen(runes[i])
	}
	size := 0
	for _, c := range body {
		size += sizes[c]
	}
	out := make([]byte, 0, size)
	for _, c := range body {
		if c < utf8.RuneSelf {
			out = append(out, c)
		} else {
			out = utf8.AppendRune(out, runes[c])
		}
	}
	return out
}

func lookup(name string) encoding.Encoding {
	if name == "gbk" {
		// GB18030 decodes all of GBK, and pages labelled GBK use it.
		name = "gb18030"
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return enc
}

func multiByte(name string) bool {
	switch name {
	case "euc-kr", "shift_jis", "euc-jp", "gbk", "gb18030", "big5", iso2022JP:
		return true
	}
	return false
}

func singleByte(name string) bool { return name != utf8Name && !multiByte(name) }
