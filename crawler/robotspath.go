package crawler

import "strings"

// upperHex are the digits of a percent escape.
const upperHex = "0123456789ABCDEF"

// normalOctets gives a path or a pattern the one spelling that both are
// compared in (RFC 9309, section 2.2.2): unreserved characters plain, others
// outside the set of a URI percent-encoded in upper case. In a query, : / ? and
// @ are plain too, for they mean nothing there. An asterisk is a wildcard in a
// pattern and an octet in a path.
func normalOctets(s string, pattern bool) string {
	if plainOctets(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	query := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if d, ok := unhex(s[i+1], s[i+2]); ok {
				i += 2
				if unreserved(d) || query && strings.IndexByte(":/?@", d) >= 0 {
					b.WriteByte(d)
				} else {
					encode(&b, d)
				}
				continue
			}
		}
		switch {
		case c == '*' && pattern:
			b.WriteByte(c)
		case c == '*' || c == '$' || c <= ' ' || c >= 0x7f || c == '%':
			encode(&b, c)
		default:
			query = query || c == '?'
			b.WriteByte(c)
		}
	}
	return b.String()
}

// plainOctets reports whether s is in its normal spelling already.
func plainOctets(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '%' || c == '*' || c == '$' || c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

func encode(b *strings.Builder, c byte) {
	b.WriteByte('%')
	b.WriteByte(upperHex[c>>4])
	b.WriteByte(upperHex[c&15])
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func unhex(hi, lo byte) (byte, bool) {
	h, l := strings.IndexByte(upperHex, upper(hi)), strings.IndexByte(upperHex, upper(lo))
	if h < 0 || l < 0 {
		return 0, false
	}
	return byte(h<<4 | l), true
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}
