package veille_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestChange_SegmentsTakeApartWhatMarkedWrote(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []veille.Segment
		diff string
		want []veille.Segment // nil: as in
	}{
		{"nothing", nil, "", nil},
		{"a word", []veille.Segment{{veille.SegmentKept, "… cinq "}, {veille.SegmentRemoved, "six"}, {veille.SegmentKept, " "}, {veille.SegmentAdded, "sept"}, {veille.SegmentKept, " huit …"}},
			"… cinq [-six-] {+sept+} huit …", nil},
		{"a moved paragraph", []veille.Segment{{veille.SegmentMoved, "Il pleut."}}, "{~Il pleut.~}", nil},
		{"marks in the text", []veille.Segment{{veille.SegmentAdded, "a[-b-]{+c+}[-]"}}, "{+a[ -b- ]{ +c+ }[ - ]+}", []veille.Segment{{veille.SegmentAdded, "a[ -b- ]{ +c+ }[ - ]"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			diff := veille.Marked(c.in)
			if diff != c.diff {
				t.Errorf("marked %q, want %q", diff, c.diff)
			}
			want := c.want
			if want == nil {
				want = c.in
			}
			if d := cmp.Diff(want, veille.Change{Diff: diff}.Segments()); d != "" {
				t.Errorf("segments (-want +got):\n%s", d)
			}
		})
	}
}

func TestChange_SegmentsOfACutDiffKeepWhatIsLeft(t *testing.T) {
	got := veille.Change{Diff: "un [-deux-] {+tro…"}.Segments()
	want := []veille.Segment{{veille.SegmentKept, "un "}, {veille.SegmentRemoved, "deux"}, {veille.SegmentKept, " "}, {veille.SegmentAdded, "tro…"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("segments (-want +got):\n%s", d)
	}
}

func TestEvent_ForWatchesNamesOnlyTheReceiversOwnUnmatched(t *testing.T) {
	e := veille.Event{
		Watches: []string{"a", "b", "c"}, Unmatched: []string{"a", "b"},
		Message: "Back. " + veille.UnmatchedMessage([]string{"a", "b"}),
	}
	for _, c := range []struct {
		watches []string
		want    string
	}{
		{[]string{"a", "c"}, "Back. No longer matches: a."},
		{[]string{"c"}, "Back."},
		{[]string{"a", "b", "c"}, e.Message},
	} {
		if got := e.ForWatches(c.watches).Message; got != c.want {
			t.Errorf("%v are told %q, want %q", c.watches, got, c.want)
		}
	}
}

func FuzzMarked(f *testing.F) {
	f.Add("il pleut", "[-x-]{+y", "~}", "{~")
	f.Add("", "-", "[", "-]")
	f.Fuzz(func(t *testing.T, kept, removed, added, moved string) {
		written := []veille.Segment{{veille.SegmentKept, kept}, {veille.SegmentRemoved, removed}, {veille.SegmentAdded, added}, {veille.SegmentMoved, moved}}
		diff := veille.Marked(written)
		found := veille.Change{Diff: diff}.Segments()
		if again := veille.Marked(found); again != diff {
			t.Errorf("%q is taken apart and written again as %q", diff, again)
		}
		for _, s := range found {
			if s.Op != veille.SegmentKept && s.Op != veille.SegmentRemoved && s.Op != veille.SegmentAdded && s.Op != veille.SegmentMoved || s.Text == "" {
				t.Errorf("%q yields %+v", diff, s)
			}
		}
	})
}
