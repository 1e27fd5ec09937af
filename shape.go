package veille

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxShapeLen      = 96 // bytes
	maxShapeSegments = 8
	longNumber       = 5 // digits
)

// ShapeOf writes an absolute address as the pattern that it shares with others
// of its kind: "example.org/world/0/0/-#.html". A slug of three words or more
// is "-", with a long number in it "-#"; a number is "#", a short one "0"; a
// segment that mixes letters and digits is "x#"; any other last segment is
// "w". Other words stay as they are, and of the query the keys stay. The host
// goes without "www.". Empty for what is no address, or has no path.
func ShapeOf(address string) string {
	if len(address) > MaxURLLength {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	var segments []string
	for s := range strings.SplitSeq(strings.ToLower(u.Path), "/") {
		if s != "" {
			segments = append(segments, s)
		}
	}
	if len(segments) == 0 && u.RawQuery == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(strings.TrimPrefix(strings.ToLower(u.Host), "www."))
	for i, s := range segments {
		if i == maxShapeSegments {
			b.WriteString("/+")
			break
		}
		b.WriteByte('/')
		last := i == len(segments)-1
		extension := ""
		if dot := strings.LastIndexByte(s, '.'); last && dot > 0 && len(s)-dot <= 6 {
			s, extension = s[:dot], s[dot:]
		}
		b.WriteString(segmentShape(s, last))
		b.WriteString(plainWord(extension))
	}
	if u.RawQuery != "" && len(u.RawQuery) <= 512 {
		for p := range strings.SplitSeq(u.RawQuery, "&") {
			key, value, _ := strings.Cut(p, "=")
			b.WriteByte('?')
			b.WriteString(plainWord(key))
			if strings.ContainsAny(value, "0123456789") {
				b.WriteString("=#")
			}
		}
	}
	shape := b.String()
	if len(shape) > maxShapeLen {
		shape = shape[:maxShapeLen]
		for !utf8.ValidString(shape) {
			shape = shape[:len(shape)-1]
		}
	}
	return shape
}

func segmentShape(s string, last bool) string {
	digits, run, longest, words, wide := 0, 0, 0, 0, 0
	inWord, letters := false, false
	for _, r := range s {
		digit := '0' <= r && r <= '9'
		if digit {
			digits++
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
		switch {
		case unicode.IsLetter(r):
			letters = true
			if r >= 0x1100 {
				wide++
			}
			if !inWord {
				words++
			}
			inWord = true
		case digit, unicode.IsMark(r):
		default:
			inWord = false
		}
	}
	words = max(words, wide/3)
	switch {
	case digits > 0 && !letters && digits == len(s) && longest >= longNumber:
		return "#"
	case digits > 0 && !letters && digits == len(s):
		return "0"
	case words >= 3 && longest >= longNumber:
		return "-#"
	case words >= 3:
		return "-"
	case digits > 0:
		return "x#"
	case last:
		return "w"
	}
	return plainWord(s)
}

// plainWord keeps what JSON writes as it is, so that a shape's size is known.
func plainWord(s string) string {
	return strings.Map(func(r rune) rune {
		if isWordRune(r) || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, strings.ToValidUTF8(s, "_"))
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// general makes one of the shapes of all sections: plain words become "w".
func general(shape string) string {
	path, query, _ := strings.Cut(shape, "?")
	segments := strings.Split(path, "/")
	for i, s := range segments[1:] {
		stem, _, _ := strings.Cut(s, ".")
		switch stem {
		case "#", "0", "-", "-#", "x#", "w", "+":
		default:
			segments[i+1] = "w"
		}
	}
	return "*" + strings.Join(segments, "/") + "?" + query
}

// telling reports whether a shape holds more than plain words.
func telling(shape string) bool {
	path, query, _ := strings.Cut(shape, "?")
	if strings.Contains(query, "=#") {
		return true
	}
	_, path, _ = strings.Cut(path, "/")
	for s := range strings.SplitSeq(path, "/") {
		s, _, _ = strings.Cut(s, ".")
		switch s {
		case "#", "-", "-#", "x#":
			return true
		}
	}
	return false
}
