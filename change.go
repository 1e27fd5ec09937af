package veille

import "strings"

// Change is the difference between two revisions.
type Change struct {
	// Since is the revision that it counts from, where that is not the one
	// before: edits of a live blog are told together.
	Since int `json:"since,omitempty"`
	// Fields names what changed, of title, lead, body, authors, published and
	// image, in this order.
	Fields []string `json:"fields,omitempty"`
	// Title is nil when the title stayed, and so are the other fields. Lead is
	// the page's own description; Authors are joined by ", "; Published is
	// RFC 3339.
	Title     *FieldChange `json:"title,omitempty"`
	Lead      *FieldChange `json:"lead,omitempty"`
	Authors   *FieldChange `json:"authors,omitempty"`
	Published *FieldChange `json:"published,omitempty"`
	Image     *FieldChange `json:"image,omitempty"`
	// Added and Removed are runs of words of the title and the body.
	Added   []string    `json:"added"`
	Removed []string    `json:"removed"`
	Words   WordsChange `json:"words"`
	// Moved are the beginnings of paragraphs that only changed their place;
	// their words are neither added nor removed.
	Moved []string `json:"moved,omitempty"`
	// Reverts is the earlier revision whose text this one has again; 0 for none.
	Reverts int `json:"reverts,omitempty"`
	// Returned says that the article had been withdrawn and is back.
	Returned bool `json:"returned,omitempty"`
	// Reread says that the page was read in another way than before, so that what
	// differs may be the reading's: nobody is told of an edit.
	Reread bool `json:"reread,omitempty"`
	// Diff shows the changed places: "… [-old-] {+new+} {~moved~} …"; Segments
	// takes it apart.
	Diff string `json:"diff"`
}

// FieldChange is an edited field: what it said, and says.
type FieldChange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// WordsChange counts words.
type WordsChange struct {
	Added   int `json:"added"`
	Removed int `json:"removed"`
}

// Size is how large the change is, in words: those added or those removed,
// whichever are more. A change that moves paragraphs, or other fields than the
// title and the body, has no words.
func (c Change) Size() int { return max(c.Words.Added, c.Words.Removed) }

// Segment is a piece of a text in which an edit is shown. The pieces joined are
// the text, its spaces included.
type Segment struct {
	Op   SegmentOp `json:"op"`
	Text string    `json:"text"`
}

// SegmentOp says what an edit did with a piece of text.
type SegmentOp string

// What an edit does with a piece of text. A moved piece stands where it is now.
const (
	SegmentKept    SegmentOp = "kept"
	SegmentRemoved SegmentOp = "removed"
	SegmentAdded   SegmentOp = "added"
	SegmentMoved   SegmentOp = "moved"
)

// diffMarks are the marks around what is not kept.
var diffMarks = [...]struct {
	op         SegmentOp
	start, end string
}{
	{SegmentRemoved, "[-", "-]"},
	{SegmentAdded, "{+", "+}"},
	{SegmentMoved, "{~", "~}"},
}

// Segments takes the diff apart, for whoever shows it in colour or in HTML. A
// mark whose end was cut off reaches to the end.
func (c Change) Segments() []Segment {
	var out []Segment
	kept := func(text string) {
		if text != "" {
			out = append(out, Segment{SegmentKept, text})
		}
	}
	rest := c.Diff
	for rest != "" {
		at, mark := -1, 0
		for i, m := range diffMarks {
			if j := strings.Index(rest, m.start); j >= 0 && (at < 0 || j < at) {
				at, mark = j, i
			}
		}
		if at < 0 {
			break
		}
		m := diffMarks[mark]
		kept(rest[:at])
		text, after, _ := strings.Cut(rest[at+len(m.start):], m.end)
		if text != "" {
			out = append(out, Segment{m.op, text})
		}
		rest = after
	}
	kept(rest)
	return out
}

// Marked writes segments as a Change's Diff shows them, but empty ones. Marks that
// the text itself holds are broken by a space, so that Segments finds only ours.
func Marked(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		if s.Text == "" {
			continue
		}
		text := unmarked.Replace(unmarked.Replace(s.Text)) // twice: marks overlap
		start, end := "", ""
		for _, m := range diffMarks {
			if m.op == s.Op {
				start, end = m.start, m.end
			}
		}
		b.WriteString(start + text + end)
	}
	return b.String()
}

// unmarked breaks what looks like a mark.
var unmarked = strings.NewReplacer("[-", "[ -", "-]", "- ]", "{+", "{ +", "+}", "+ }", "{~", "{ ~", "~}", "~ }")
