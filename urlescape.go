package veille

import (
	"strconv"
	"strings"
)

func unescapeAll(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		v, ok := hexPair(s, i+1)
		if !ok {
			return "", false
		}
		b.WriteByte(v)
		i += 2
	}
	return b.String(), true
}

// normalEscapes decodes escapes of unreserved characters (RFC 3986, section
// 2.3), writes the others in upper case, and escapes what may not stand bare.
// A percent sign that begins no escape is itself escaped if lenient; else ok
// is false.
func normalEscapes(s string, lenient bool) (out string, ok bool) {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' {
			v, valid := hexPair(s, i+1)
			switch {
			case valid:
				c, escaped = v, true
				i += 2
			case lenient:
				escaped = true
			default:
				return "", false
			}
		}
		if isUnreserved(c) || !escaped && strings.IndexByte("!$&'()*+,;=:@/?", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String(), true
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// hexPair reads the two hexadecimal digits at i.
func hexPair(s string, i int) (byte, bool) {
	if i+2 > len(s) {
		return 0, false
	}
	v, err := strconv.ParseUint(s[i:i+2], 16, 8)
	return byte(v), err == nil
}
