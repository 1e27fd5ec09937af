package edit

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"veille"
)

// Between returns what changed from one reading of an article to a later one;
// nil where a reader would see no difference.
//
// A field that one of the two does not state is no edit: a redesign adds and
// takes away bylines, pictures and descriptions on every page of a site. A
// body that lost all its text is the caller's to judge.
func Between(was, is veille.Snapshot) *veille.Change {
	c := &veille.Change{Added: []string{}, Removed: []string{}}
	field := func(name string, into **veille.FieldChange, from, to string) {
		c.Fields = append(c.Fields, name)
		*into = &veille.FieldChange{From: from, To: to}
	}
	if !garbled(was.Title, is.Title) && !sameForm(was.Title, is.Title) {
		field("title", &c.Title, was.Title, is.Title)
	}
	if leadChanged(was.Description, is.Description) {
		field("lead", &c.Lead, was.Description, is.Description)
	}
	bodies := [2][]string{}
	if was.Body != is.Body && !garbled(was.Body, is.Body) {
		bodies = [2][]string{Steady(was.Body), Steady(is.Body)}
	}
	body := strings.Join(bodies[0], " ") != strings.Join(bodies[1], " ")
	if body {
		c.Fields = append(c.Fields, "body")
	}
	if stated(len(was.Authors), len(is.Authors)) && !slices.Equal(names(was.Authors), names(is.Authors)) {
		field("authors", &c.Authors, strings.Join(was.Authors, ", "), strings.Join(is.Authors, ", "))
	}
	if dateChanged(was, is) {
		field("published", &c.Published, was.Published.Format(time.RFC3339), is.Published.Format(time.RFC3339))
	}
	if stated(len(was.Image), len(is.Image)) && picture(was.Image) != picture(is.Image) {
		field("image", &c.Image, was.Image, is.Image)
	}
	if len(c.Fields) == 0 {
		return nil
	}
	if c.Title == nil {
		was.Title = is.Title
	}
	if c.Title != nil && !body {
		bodies[1] = Steady(is.Body)
		bodies[0] = bodies[1]
	}
	if c.Title != nil || body {
		r := rendering{change: c}
		compare([2]string{was.Title, is.Title}, bodies, r.add)
		r.finish()
	}
	return c
}

// Full shows a later reading with all of its words and what became of the
// earlier one's: the title, a blank line, and the body.
func Full(was, is veille.Snapshot) []veille.Segment {
	var out []veille.Segment
	compare([2]string{was.Title, is.Title}, [2][]string{Steady(was.Body), Steady(is.Body)}, func(o op, tokens []token) {
		kind := segmentOf(o)
		for _, t := range tokens {
			space := ""
			switch {
			case t.breaks && len(out) > 0:
				space = "\n\n"
			case t.spaced && len(out) > 0:
				space = " "
			}
			// A break belongs to no edit: it stays where colour ends.
			if n := len(out); n > 0 && out[n-1].Op == kind && space != "\n\n" {
				out[n-1].Text += space + t.text
				continue
			}
			if n := len(out); space != "" && n > 0 && out[n-1].Op == veille.SegmentKept {
				out[n-1].Text += space
			} else if space != "" {
				out = append(out, veille.Segment{Op: veille.SegmentKept, Text: space})
			}
			if n := len(out); n > 0 && out[n-1].Op == kind {
				out[n-1].Text += t.text
				continue
			}
			out = append(out, veille.Segment{Op: kind, Text: t.text})
		}
	})
	return out
}

func stated(was, is int) bool { return was > 0 && is > 0 }

// garbled reports whether a text was decoded in a wrong charset: what differs
// from the earlier reading is nothing but broken characters.
func garbled(was, is string) bool {
	if was == is || !broken(is) || broken(was) {
		return false
	}
	return plain(was) == plain(is)
}

// broken finds what a wrong charset leaves: the replacement character, or UTF-8
// read as Windows-1252.
func broken(text string) bool {
	if strings.ContainsRune(text, '\ufffd') {
		return true
	}
	lead := false
	for _, r := range text {
		if lead && r >= 0x80 && r <= 0xbf {
			return true
		}
		lead = r == 'Ã' || r == 'Â' || r == 'Ð' || r == 'Ñ'
	}
	return strings.Contains(text, "â€")
}

// plain keeps the ASCII letters and digits of a text.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && isWordRune(r) {
			return r
		}
		return -1
	}, text)
}

// leastLead is how long a description must be, in bytes, to be the beginning
// of another.
const leastLead = 40

// leadChanged compares descriptions. One that is cut elsewhere is the same.
func leadChanged(was, is string) bool {
	if was == "" || is == "" || garbled(was, is) || sameForm(was, is) {
		return false
	}
	a, b := cutLead(was), cutLead(is)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != b && (len(a) < leastLead || !strings.HasPrefix(b, a) || len(b) == len(a))
}

func cutLead(lead string) string {
	lead = SteadyText(lead)
	if cut, ok := strings.CutSuffix(lead, "..."); ok {
		// The last word may be a part of one.
		if i := strings.LastIndexByte(cut, ' '); i > 0 {
			cut = cut[:i]
		}
		return strings.TrimRight(cut, " ,;:-")
	}
	return lead
}

// names folds a list of authors: their order and what stands before them are
// layout.
func names(authors []string) []string {
	out := make([]string, 0, len(authors))
	for _, a := range authors {
		words := strings.FieldsFunc(strings.ToLower(Form(a)), func(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) })
		if len(words) > 1 && slices.Contains([]string{"by", "par", "von", "por", "di", "de", "door", "av"}, words[0]) {
			words = words[1:]
		}
		out = append(out, strings.Join(words, " "))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ticking is how close a publication may be to the moment of reading before it
// may be the page's clock. One that stays is an edit at the next look.
const ticking = 10 * time.Minute

// dateChanged compares the publication times. A time that got or lost its
// seconds, its zone or its hour is the same, and so is one that follows the
// clock.
func dateChanged(was, is veille.Snapshot) bool {
	a, b := was.Published, is.Published
	if a.IsZero() || b.IsZero() || a.Sub(b).Abs() < time.Minute {
		return false
	}
	if wall(a) == wall(b) || sameDay(a, b) && (dateOnly(a) || dateOnly(b)) {
		return false
	}
	if read := is.FetchedAt; !read.IsZero() && b.After(a) {
		return read.Sub(b) > ticking && (!dateOnly(b) || read.Sub(b) > 48*time.Hour)
	}
	return true
}

func wall(t time.Time) string   { return t.Format("2006-01-02 15:04") }
func dateOnly(t time.Time) bool { h, m, s := t.Clock(); return h+m+s == 0 }

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// pictureSize is a part of an address that says how large a picture is.
var pictureSize = regexp.MustCompile(`(?i)[-_@]?\b(?:w|h|width|height|q|c|s|x|fit|crop|resize|scale)?[-_=]?\d{2,4}(?:x\d{2,4})?(?:px|w|h|x)?\b|@\dx`)

// picture names what an image shows, whatever the server, the size and the
// signature with which it is sent.
func picture(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	// An image service has the address of the picture in its query.
	for _, key := range []string{"url", "src", "image", "img"} {
		if inner := u.Query().Get(key); len(inner) > 4 && len(inner) < len(address) {
			return picture(inner)
		}
	}
	name := u.Path
	ext := strings.ToLower(path.Ext(name))
	id := ""
	if !slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg"}, ext) {
		id = u.Query().Get("id")
	} else {
		name = name[:len(name)-len(ext)]
	}
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		if rest := pictureSize.ReplaceAllString(part, ""); strings.ContainsFunc(rest, isWordRune) {
			parts = append(parts, rest)
		} else if len(part) > 4 {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/") + "?" + id
}
