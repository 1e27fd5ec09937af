package bolt

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"veille"
)

// skim reads what a search and a back-test look at out of an article's JSON, in
// a quarter of the time that encoding/json takes for all of it: what the
// article says and where and when it was seen. It reports false for what is not
// written as encoding/json writes it.
func skim(raw []byte, a *veille.Article) bool {
	s := skimmer{rest: raw}
	s.object(func(key string) {
		switch key {
		case "id":
			a.ID = s.text()
		case "url":
			a.URL = s.text()
		case "source":
			a.Source = s.text()
		case "sources":
			a.Sources = s.texts()
		case "first_seen":
			a.FirstSeen = s.time()
		case "revision":
			a.Revision = s.number()
		case "alerted":
			a.Alerted = s.texts()
		case "snapshot":
			s.snapshot(&a.Snapshot)
		default:
			s.skip(0)
		}
	})
	return !s.bad && len(s.rest) == 0
}

func (s *skimmer) snapshot(to *veille.Snapshot) {
	s.object(func(key string) {
		switch key {
		case "url":
			to.URL = s.text()
		case "canonical_url":
			to.Canonical = s.text()
		case "title":
			to.Title = s.text()
		case "authors":
			to.Authors = s.texts()
		case "published":
			to.Published = s.time()
		case "language":
			to.Language = s.text()
		case "description":
			to.Description = s.text()
		case "image":
			to.Image = s.text()
		case "site":
			to.Site = s.text()
		case "body":
			to.Body = s.text()
		case "kind":
			to.Kind = veille.PageKind(s.text())
		default:
			s.skip(0)
		}
	})
}

// skimmer reads JSON without spaces, as encoding/json writes it.
type skimmer struct {
	rest []byte
	bad  bool
	buf  []byte
}

// mostNested bounds the depth of what is skipped.
const mostNested = 100

func (s *skimmer) fail() { s.bad, s.rest = true, nil }

// take reads a character if it comes next.
func (s *skimmer) take(c byte) bool {
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *skimmer) expect(c byte) {
	if !s.take(c) {
		s.fail()
	}
}

// literal reads a word such as null if it comes next.
func (s *skimmer) literal(word string) bool {
	if !bytes.HasPrefix(s.rest, []byte(word)) {
		return false
	}
	s.rest = s.rest[len(word):]
	return true
}

// object calls value for each key, which must read its value.
func (s *skimmer) object(value func(key string)) {
	s.expect('{')
	for more := !s.bad && !s.take('}'); more && !s.bad; more = s.take(',') || !s.closed('}') {
		key := s.bytes()
		s.expect(':')
		if !s.bad {
			value(string(key))
		}
	}
}

// closed reads the end of a list or an object, without which it is malformed.
func (s *skimmer) closed(c byte) bool {
	s.expect(c)
	return true
}

// bytes reads a text, which is valid until the next one is read.
func (s *skimmer) bytes() []byte {
	s.expect('"')
	s.buf = s.buf[:0]
	quote := bytes.IndexByte(s.rest, '"')
	for at := 0; quote >= 0; {
		escape := bytes.IndexByte(s.rest[at:quote], '\\')
		if escape < 0 {
			text := s.rest[at:quote]
			if at > 0 {
				s.buf = append(s.buf, text...)
				text = s.buf
			}
			s.rest = s.rest[quote+1:]
			return text
		}
		s.buf = append(s.buf, s.rest[at:at+escape]...)
		at += escape
		n := s.escape(s.rest[at:])
		if n == 0 {
			break
		}
		if at += n; at > quote {
			next := bytes.IndexByte(s.rest[at:], '"')
			if next < 0 {
				break
			}
			quote = at + next
		}
	}
	s.fail()
	return nil
}

// escape appends what an escape stands for and returns its length, 0 if it is
// none.
func (s *skimmer) escape(from []byte) int {
	if len(from) < 2 {
		return 0
	}
	switch c := from[1]; c {
	case '"', '\\', '/':
		s.buf = append(s.buf, c)
	case 'b':
		s.buf = append(s.buf, '\b')
	case 'f':
		s.buf = append(s.buf, '\f')
	case 'n':
		s.buf = append(s.buf, '\n')
	case 'r':
		s.buf = append(s.buf, '\r')
	case 't':
		s.buf = append(s.buf, '\t')
	case 'u':
		r, ok := codeUnit(from)
		if !ok {
			return 0
		}
		n := 6
		if utf16.IsSurrogate(r) {
			low, ok := codeUnit(from[6:])
			if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
				return 0
			}
			n = 12
		}
		s.buf = utf8.AppendRune(s.buf, r)
		return n
	default:
		return 0
	}
	return 2
}

// codeUnit reads an escape such as \u00e9.
func codeUnit(from []byte) (rune, bool) {
	if len(from) < 6 || from[0] != '\\' || from[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(from[2:6]), 16, 16)
	return rune(n), err == nil
}

func (s *skimmer) text() string {
	if s.literal("null") {
		return ""
	}
	return string(s.bytes())
}

func (s *skimmer) texts() []string {
	if s.literal("null") {
		return nil
	}
	out := []string{}
	s.expect('[')
	for more := !s.bad && !s.take(']'); more && !s.bad; more = s.take(',') || !s.closed(']') {
		out = append(out, string(s.bytes()))
	}
	return out
}

func (s *skimmer) time() time.Time {
	var t time.Time
	if t.UnmarshalText(s.bytes()) != nil {
		s.fail()
	}
	return t
}

func (s *skimmer) number() int {
	n := 0
	for n < len(s.rest) && (s.rest[n] >= '0' && s.rest[n] <= '9' || s.rest[n] == '-') {
		n++
	}
	i, err := strconv.Atoi(string(s.rest[:n]))
	if err != nil {
		s.fail()
		return 0
	}
	s.rest = s.rest[n:]
	return i
}

// skip reads a value of any kind.
func (s *skimmer) skip(depth int) {
	if len(s.rest) == 0 || depth > mostNested {
		s.fail()
		return
	}
	switch s.rest[0] {
	case '"':
		s.bytes()
	case '{':
		s.object(func(string) { s.skip(depth + 1) })
	case '[':
		s.expect('[')
		for more := !s.take(']'); more && !s.bad; more = s.take(',') || !s.closed(']') {
			s.skip(depth + 1)
		}
	default:
		n := bytes.IndexAny(s.rest, ",]}")
		if n < 1 || !json.Valid(s.rest[:n]) {
			s.fail()
			return
		}
		s.rest = s.rest[n:]
	}
}
