package charset

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// declarationWindow is how far into a page a declaration is looked for. Browsers
// stop after 1 KiB; one page in ten declares its charset later than that.
const declarationWindow = 64 << 10

// hints are what a page says about its own text.
type hints struct {
	charset string
	lang    string
}

// headerCharset returns the charset parameter of a Content-Type, also of one
// that RFC 9110 would not allow.
func headerCharset(contentType string) string {
	lower := strings.ToLower(contentType)
	for {
		_, rest, found := strings.Cut(lower, "charset")
		if !found {
			return ""
		}
		lower = rest
		value, found := strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), "=")
		if !found {
			continue
		}
		value = strings.TrimLeft(value, " \t\r\n\"'")
		if end := strings.IndexAny(value, " \t\r\n\"';,"); end >= 0 {
			value = value[:end]
		}
		return value
	}
}

// readHints reads the XML declaration, the first meta element that names a
// charset, and the language of the root element.
func readHints(body []byte) hints {
	if len(body) > declarationWindow {
		body = body[:declarationWindow]
	}
	h := hints{charset: xmlCharset(body)}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return h
		case html.StartTagToken, html.SelfClosingTagToken:
			tag, more := z.TagName()
			switch string(tag) {
			case "html":
				for more {
					var key, val []byte
					key, val, more = z.TagAttr()
					if k := string(key); (k == "lang" || k == "xml:lang") && h.lang == "" {
						h.lang = strings.ToLower(strings.TrimSpace(string(val)))
					}
				}
			case "meta":
				if h.charset == "" {
					h.charset = metaCharset(z, more)
				}
			}
		}
	}
}

func metaCharset(z *html.Tokenizer, more bool) string {
	var charset, equiv, content string
	for more {
		var key, val []byte
		key, val, more = z.TagAttr()
		switch string(key) {
		case "charset":
			charset = strings.TrimSpace(string(val))
		case "http-equiv":
			equiv = strings.ToLower(strings.TrimSpace(string(val)))
		case "content":
			content = string(val)
		}
	}
	if charset == "" && equiv == "content-type" {
		charset = headerCharset(content)
	}
	if known(charset) == utf8Name {
		// The body is not UTF-8, or nobody would have asked; a later
		// declaration may be right.
		return ""
	}
	return charset
}

func xmlCharset(body []byte) string {
	body = bytes.TrimLeft(body, " \t\r\n")
	if !bytes.HasPrefix(body, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(body, []byte("?>"))
	if end < 0 || end > 1024 {
		return ""
	}
	_, rest, found := strings.Cut(strings.ToLower(string(body[:end])), "encoding")
	if !found {
		return ""
	}
	rest, found = strings.CutPrefix(strings.TrimSpace(rest), "=")
	if !found {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n\"'")
	if i := strings.IndexAny(rest, " \t\r\n\"'?"); i >= 0 {
		rest = rest[:i]
	}
	if known(rest) == utf8Name {
		return ""
	}
	return rest
}
