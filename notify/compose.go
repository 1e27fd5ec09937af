package notify

import "strings"

// restRoom is kept for saying how many events of a digest have no room.
const restRoom = 60

// compose writes a page in at most limit. What is less important is cut, and
// what has no room at all is left out; events of a digest are counted then.
func (v voice) compose(d dialect, page []paragraph, limit int) string {
	var b strings.Builder
	used := 0
	put := func(between, text string) {
		if b.Len() == 0 {
			between = ""
		}
		b.WriteString(between + text)
		used += d.measure(between) + d.measure(text)
	}
	var items []paragraph
	for _, p := range page {
		if p.role == item {
			items = append(items, p)
			continue
		}
		between := d.newline
		if p.role == prose {
			between = d.gap
		}
		left := limit - used - d.measure(between)
		if p.role == address && (d.link != nil || d.measure(p.runs[0].text) > left) {
			continue
		}
		if left < leastLabel {
			break
		}
		if text, _ := d.paragraph(p, left); text != "" {
			put(between, text)
		}
	}
	for i, p := range items {
		between := d.newline
		if i == 0 {
			between = d.gap
		}
		// Each has its share of the room; a link may take from the later ones.
		left := limit - used - restRoom - d.measure(between+bullet)
		share := max(left/(len(items)-i), 100) + d.links(p.runs)
		if left < share && left < 160 || i == maxItems {
			rest := restOf(v.words, len(items)-i)
			put(between, fit(rest, min(restRoom, limit-used)-d.measure(between), d.escape, d.measure))
			break
		}
		text, _ := d.item(p, min(left, share))
		put(between, bullet+text)
	}
	return b.String()
}

const bullet = "• "

// item writes one event of a digest, with its address behind it where the
// service knows no links.
func (d dialect) item(p paragraph, limit int) (string, bool) {
	if d.link == nil {
		for _, r := range p.runs {
			if n := d.measure(" " + r.href); r.href != "" && n+leastLabel <= limit {
				text, whole := d.paragraph(p, limit-n)
				return text + " " + r.href, whole
			}
		}
	}
	return d.paragraph(p, limit)
}
