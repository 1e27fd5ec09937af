package charset

import (
	"bytes"

	"golang.org/x/net/html"
)

const (
	// sampleSize bounds the text that a decision is taken from, asciiSize that
	// of it after which text within ASCII, which only tells the language, is left
	// out.
	sampleSize = 48 << 10
	asciiSize  = 16 << 10
	// sampleWindow bounds the markup that is searched for it.
	sampleWindow = 8 << 20
	// maxToken bounds one run of text or one script; what follows a longer one is
	// not searched.
	maxToken = 2 << 20
)

// textSample returns the page's text in its own charset, without markup and
// scripts, whose ASCII would drown the signal.
func textSample(body []byte) []byte {
	body = body[:min(len(body), sampleWindow)]
	var out []byte
	skip := false
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(maxToken)
	for len(out) < sampleSize {
		switch z.Next() {
		case html.ErrorToken:
			if ascii(out) {
				return highPart(body)
			}
			return out
		case html.StartTagToken:
			tag, _ := z.TagName()
			skip = string(tag) == "script" || string(tag) == "style"
		case html.EndTagToken:
			skip = false
		case html.TextToken:
			if !skip {
				// Raw, not Text: entities would be UTF-8 among foreign bytes.
				raw := z.Raw()
				if len(out) > asciiSize && ascii(raw) {
					continue
				}
				out = append(append(out, raw[:min(len(raw), sampleSize)]...), '\n')
			}
		}
	}
	if ascii(out) {
		return highPart(body)
	}
	return out[:min(len(out), sampleSize)]
}

// highPart returns what there is from the first byte beyond ASCII on: of a page
// whose only such bytes are in attributes or scripts.
func highPart(body []byte) []byte {
	for i, c := range body {
		if c >= 0x80 {
			return body[i:min(len(body), i+sampleSize)]
		}
	}
	return nil
}
