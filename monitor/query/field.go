package query

import (
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

	numFields = 4
	// inText is where a term is looked for that names no field.
	inText = inTitle | inBody
)

// fieldName names a field by its bit number.
func fieldName(field uint8) string {
	switch fields(1) << field {
	case inTitle:
		return "title"
	case inBody:
		return "body"
	case inURL:
		return "url"
	default:
		return "author"
	}
}

func fieldNames() []string {
	var names []string
	for i := range uint8(numFields) {
		names = append(names, fieldName(i))
	}
	return names
}

// fieldMask returns the field with a name, 0 if there is none.
func fieldMask(name string) fields {
	for i := range uint8(numFields) {
		if fieldName(i) == name {
			return 1 << i
		}
	}
	return 0
}

// String lists the fields for people: "title or body".
func (f fields) String() string {
	var names []string
	for i, n := range fieldNames() {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, " or ")
}

// authorSeparator stands between the authors in the text of the author field.
const authorSeparator = ", "

// fieldText is the text that offsets in a field count from.
func fieldText(a *veille.Snapshot, field int) string {
	switch fields(1 << field) {
	case inTitle:
		return a.Title
	case inBody:
		return a.Body
	case inURL:
		if a.Canonical != "" {
			return a.Canonical
		}
		return a.URL
	default:
		return strings.Join(a.Authors, authorSeparator)
	}
}

// unescapeURL decodes the percent-encoding of an address, where that yields
// UTF-8, and maps every byte offset of the result to one in raw.
func unescapeURL(raw string) (string, []int32) {
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
