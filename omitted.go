package veille

import (
	"math"
	"strings"
)

// Omitted is what a reading left out of an article because other articles of
// its site show it too (see Site). It is kept, so that what the site teaches
// between two readings never looks like an edit.
type Omitted struct {
	// Suffix is the end of the title, separator and all.
	Suffix     string             `json:"suffix,omitempty"`
	Paragraphs []OmittedParagraph `json:"paragraphs,omitempty"`
}

// OmittedParagraph is one that stood before the paragraph of the body with the
// index Before.
type OmittedParagraph struct {
	Before int    `json:"before"`
	Text   string `json:"text"`
}

// ReadLike returns the snapshot as the page reads with what was known when
// earlier was read: what that one shows is shown, and what it left out is left
// out. Where neither left out anything, that is the snapshot itself.
func (s Snapshot) ReadLike(earlier Snapshot) Snapshot {
	if s.Body == "" || s.Omitted.empty() && earlier.Omitted.empty() {
		return s
	}
	switch now, then := s.Omitted.Suffix, earlier.Omitted.Suffix; {
	case now != "" && then == "" && strings.HasSuffix(earlier.Title, now):
		s.Title, s.Omitted.Suffix = s.Title+now, ""
	case now == "" && then != "" && len(s.Title) > len(then) && strings.HasSuffix(s.Title, then):
		s.Title, s.Omitted.Suffix = strings.TrimSuffix(s.Title, then), then
	}
	shown, hidden := map[uint64]bool{}, map[uint64]bool{}
	for p := range strings.SplitSeq(earlier.Body, "\n\n") {
		shown[HashText(p)] = true
	}
	for _, p := range earlier.Omitted.Paragraphs {
		hidden[HashText(p.Text)] = true
	}
	var kept []string
	var omitted []OmittedParagraph
	leave := func(text string) { omitted = append(omitted, OmittedParagraph{Before: len(kept), Text: text}) }
	waiting := s.Omitted.Paragraphs
	giveBack := func(at int) {
		for ; len(waiting) > 0 && waiting[0].Before <= at; waiting = waiting[1:] {
			if text := waiting[0].Text; shown[HashText(text)] {
				kept = append(kept, text)
			} else {
				leave(text)
			}
		}
	}
	i := 0
	for p := range strings.SplitSeq(s.Body, "\n\n") {
		giveBack(i)
		if h := HashText(p); hidden[h] && !shown[h] {
			leave(p)
		} else {
			kept = append(kept, p)
		}
		i++
	}
	giveBack(math.MaxInt)
	if len(kept) == 0 {
		return s // What is left of the article is what its site repeats.
	}
	s.Body, s.Omitted.Paragraphs = strings.Join(kept, "\n\n"), omitted
	return s
}

func (o Omitted) empty() bool { return o.Suffix == "" && len(o.Paragraphs) == 0 }
