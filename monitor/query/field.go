package query

import (
	"math/bits"
	"net/url"
	"strings"
	"unicode/utf8"

	"veille"
)

// fields is a set of article fields, a bit each, in the order of a report.
type fields uint8

const (
	inTitle fields = 1 << iota
	inBody
	inURL
	inAuthor
	inSite
	inTag
	inLang
	// inLead is the beginning of the body, and not a field of its own.
	inLead

	numFields = 7
	// inText is where a term is looked for that names no field.
	inText = inTitle | inBody
)

// names are the fields by their bits, as a query writes them.
func (f fields) names() []string {
	var names []string
	for i, n := range [...]string{"title", "body", "url", "author", "site", "tag", "lang", "lead"} {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// bitOf returns the bit number of a field.
func bitOf(f fields) uint8 { return uint8(bits.TrailingZeros8(uint8(f))) }

// fieldName names a field by its bit number.
func fieldName(field uint8) string { return (fields(1) << field).names()[0] }

// fieldNames are the names that a query may write.
func fieldNames() []string {
	return []string{"title", "lead", "body", "text", "url", "author", "site", "tag", "lang"}
}

// fieldMask returns the fields that a name stands for, 0 if there are none.
func fieldMask(name string) fields {
	if name == "text" {
		return inText
	}
	for i := range 8 {
		if f := fields(1) << i; f.names()[0] == name {
			return f
		}
	}
	return 0
}

// String lists the fields for people: "title or body".
func (f fields) String() string { return strings.Join(f.names(), " or ") }

// authorSeparator stands between the authors in the text of the author field,
// and between the tags in that of the tag field.
const authorSeparator = ", "

// maxItems bounds the authors and the tags that are read.
const maxItems = 500

// fieldText is the text that offsets in a field count from.
func fieldText(a *veille.Snapshot, tags []string, field int) string {
	switch fields(1 << field) {
	case inTitle:
		return a.Title
	case inBody:
		return a.Body
	case inURL:
		return address(a)
	case inAuthor:
		return strings.Join(a.Authors, authorSeparator)
	case inTag:
		return strings.Join(tags, authorSeparator)
	case inSite:
		return host(address(a))
	default:
		return a.Language
	}
}

func address(a *veille.Snapshot) string {
	if a.Canonical != "" {
		return a.Canonical
	}
	return a.URL
}

// host returns the host of an address, "" if there is none.
func host(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:i]
	}
	return strings.TrimSuffix(rest, ".")
}

// unescapeURL decodes the percent-encoding of an address, where that yields
// UTF-8, and maps every byte offset of the result to one in raw.
func unescapeURL(raw string) (string, []int32) {
	if strings.IndexByte(raw, '%') < 0 {
		return raw, nil
	}
	plain, err := url.PathUnescape(raw)
	if err != nil || !utf8.ValidString(plain) {
		return raw, nil
	}
	offsets := make([]int32, 0, len(plain)+1)
	for i := 0; i < len(raw); i++ {
		offsets = append(offsets, int32(i))
		if raw[i] == '%' {
			i += 2
		}
	}
	return plain, append(offsets, int32(len(raw)))
}

// leadWords is how many words the lead has at least, where the body has them.
const leadWords = 30

// leadEnd returns the byte where the lead of a body ends: its first paragraph,
// and the following ones until there are leadWords words.
func leadEnd(body string, words []token) int {
	from := 0
	for {
		i := strings.Index(body[from:], "\n\n")
		if i < 0 {
			return len(body)
		}
		end := from + i
		from = end + 2
		if len(words) >= leadWords && int(words[leadWords-1].start) < end {
			return end
		}
	}
}
