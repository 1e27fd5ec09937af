package notify

import "strings"

// htmlDialect is the HTML of Telegram, Matrix and mail: marks names the tags of
// the styles, newline ends a line.
func htmlDialect(measure func(string) int, newline string, tags map[style]string) dialect {
	marks := make(map[style][2]string, len(tags))
	for s, tag := range tags {
		marks[s] = [2]string{"<" + tag + ">", "</" + tag + ">"}
	}
	return dialect{
		inert: disarm, escape: htmlEscape, measure: measure, marks: marks,
		link:    func(href, label string) string { return `<a href="` + htmlEscape(href) + `">` + label + "</a>" },
		newline: newline, gap: newline + newline, label: newline,
	}
}

func htmlEscape(g string) string {
	if !strings.ContainsAny(g, `&<>"'`) {
		return g
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;").Replace(g)
}

func byteLen(s string) int { return len(s) }
