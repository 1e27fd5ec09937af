package notify

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// moment shows a time with its own zone: "14 Sep 2023 10:24 +09:00".
func moment(t time.Time) string {
	if _, offset := t.Zone(); offset == 0 {
		return t.Format("2 Jan 2006 15:04") + " UTC"
	}
	return t.Format("2 Jan 2006 15:04 -07:00")
}

// maxLink is the longest URL that becomes a link, in bytes after encoding.
const maxLink = 2048

// link returns an article's URL in a form that no receiver can read as
// markup, and empty if it is not an address to open in a browser.
func link(raw string) string {
	if len(raw) > maxLink {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	var b strings.Builder
	for i := range len(raw) {
		c := raw[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("|<>\"`\\^{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	if b.Len() > maxLink {
		return ""
	}
	return b.String()
}
