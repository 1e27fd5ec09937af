package charset

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// isISO2022JP reports whether the body switches to a Japanese set as RFC 1468
// says; such text is 7-bit, so it would else pass for ASCII.
func isISO2022JP(body []byte) bool {
	return (bytes.Contains(body, []byte("\x1b$B")) || bytes.Contains(body, []byte("\x1b$@"))) && ascii(body)
}

// bareUTF16 tells UTF-16 without a byte order mark by the zero bytes of its
// markup; "" if it is not that.
func bareUTF16(body []byte) string {
	const window = 1024
	if len(body) > window {
		body = body[:window]
	}
	if len(body) < 4 {
		return ""
	}
	var even, odd int
	for i, c := range body {
		if c != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	half := len(body) / 2
	switch {
	case odd*10 >= half*4 && even*20 <= half:
		return utf16LE
	case even*10 >= half*4 && odd*20 <= half:
		return utf16BE
	}
	return ""
}

func decodeUTF16(body []byte, bigEndian bool) []byte {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		body = body[2:]
	}
	unit := func(i int) rune {
		if bigEndian {
			return rune(body[i])<<8 | rune(body[i+1])
		}
		return rune(body[i+1])<<8 | rune(body[i])
	}
	out := make([]byte, 0, len(body)+len(body)/2)
	for i := 0; i+1 < len(body); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(body) {
				pair = utf16.DecodeRune(r, unit(i+2))
			}
			if r = pair; r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	if len(body)%2 == 1 {
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	return out
}
