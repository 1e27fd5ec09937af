package charset

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkDecode decodes a page of 1 MB: one that is UTF-8, one that declares
// its charset, and some that do not.
func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct{ how, charset, lang, declared string }{
		{"utf-8", "utf-8", "fr", "utf-8"},
		{"declared windows-1252", "windows-1252", "fr", "windows-1252"},
		{"declared euc-kr", "euc-kr", "ko", "euc-kr"},
		{"undeclared windows-1252", "windows-1252", "fr", ""},
		{"undeclared windows-1251", "windows-1251", "ru", ""},
		{"undeclared euc-kr", "euc-kr", "ko", ""},
		{"undeclared gb18030", "gb18030", "zh", ""},
		{"undeclared shift_jis", "shift_jis", "ja", ""},
	} {
		b.Run(c.how, func(b *testing.B) {
			text := ""
			for _, s := range samples {
				if s.charset == c.charset {
					text = s.text
				}
			}
			head := ""
			if c.declared != "" {
				head = fmt.Sprintf("<meta charset=%q>", c.declared)
			}
			var p strings.Builder
			for p.Len() < 1_000_000 {
				fmt.Fprintf(&p, `<div class="story-part part"><a href="/section/%d">%d</a><p class="text">%s</p></div>`, p.Len(), p.Len(), text)
			}
			body := encodeText(b, c.charset, page(head, c.lang, p.String()))
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				Decode(body, "text/html")
			}
		})
	}
}
