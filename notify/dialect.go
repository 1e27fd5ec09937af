package notify

import (
	"strings"
	"unicode/utf8"
)

// dialect is how one kind of receiver writes text.
type dialect struct {
	// inert prepares a cleaned text so that nothing in it acts, whatever rune is
	// next; escape then writes it grapheme by grapheme in the service's markup.
	inert  func(s string, next rune) string
	escape func(string) string
	// measure counts as the service does, or more.
	measure func(string) int
	// marks stand before and after a text in a style.
	marks map[style][2]string
	// link makes a link of an address and a label that is written already;
	// nil where the service knows none.
	link func(href, label string) string
	// apart puts a space of no width between a mark and a letter, for services
	// that take a mark for one only beside a space.
	apart bool
	// newline ends a line, gap stands between two parts of an alert, and label
	// behind the name of a part.
	newline, gap, label string
}

// leastLabel is the room that a link must leave to its label.
const leastLabel = 40

// write writes runs in at most limit, and reports whether all of them is there.
func (d dialect) write(runs []run, limit int) (string, bool) {
	var b strings.Builder
	room := limit
	for i, r := range runs {
		if r.text == "" {
			continue
		}
		next := behind(runs[i+1:])
		before, after := d.frame(r)
		if before+after != "" {
			next = 'x' // a mark, or what comes behind it where marks do not show
		}
		if r.href != "" && d.measure(before+after)+leastLabel > room {
			r.href = ""
			before, after = d.frame(r)
		}
		if d.apart && r.style != normal {
			before, after = separate(b.String(), before, after, behind(runs[i+1:]))
		}
		frame := d.measure(before + after)
		text := r.text
		if !r.bare {
			text = d.inert(text, next)
		}
		text, whole := fitted(text, room-frame, d.escape, d.measure)
		if text == "" {
			return b.String(), false
		}
		b.WriteString(before + text + after)
		room -= frame + d.measure(text)
		if !whole {
			return b.String(), false
		}
	}
	return b.String(), true
}

// behind is the first rune of what follows, a space where nothing does.
func behind(rest []run) rune {
	for _, r := range rest {
		if r.text != "" {
			next, _ := utf8.DecodeRuneInString(r.text)
			return next
		}
	}
	return ' '
}

// frame is what stands around the text of a run.
func (d dialect) frame(r run) (before, after string) {
	m := d.marks[r.style]
	if r.href == "" || d.link == nil {
		return m[0], m[1]
	}
	left, right, _ := strings.Cut(d.link(r.href, "\x00"), "\x00")
	return m[0] + left, right + m[1]
}

// separate keeps marks from touching what they would not count beside.
func separate(written, before, after string, next rune) (string, string) {
	if last, _ := utf8.DecodeLastRuneInString(written); written != "" && last != ' ' {
		before = zeroWidth + before
	}
	if next != ' ' {
		after += zeroWidth
	}
	return before, after
}

// links is the room that the addresses of runs take.
func (d dialect) links(runs []run) int {
	n := 0
	for _, r := range runs {
		if r.href != "" && d.link != nil {
			n += d.measure(d.link(r.href, ""))
		}
	}
	return n
}

// paragraph writes a label and the runs below it in at most limit, and reports
// whether all of it is there.
func (d dialect) paragraph(p paragraph, limit int) (string, bool) {
	if p.label == "" {
		return d.write(p.runs, min(p.most+d.links(p.runs), limit))
	}
	name, whole := d.write([]run{{text: p.label, style: strong}}, min(200, limit))
	room := limit - d.measure(name+d.label)
	if len(p.runs) == 0 || room < leastLabel {
		return name, whole && len(p.runs) == 0
	}
	text, whole := d.write(p.runs, min(p.most, room))
	if text == "" {
		return name, false
	}
	return name + d.label + text, whole
}
