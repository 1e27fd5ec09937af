package edit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestChange_ShowsWhatChangedWordByWord(t *testing.T) {
	long := "un deux trois quatre cinq six sept huit neuf dix onze douze treize"
	for _, c := range []struct {
		name                                 string
		oldTitle, oldBody, newTitle, newBody string
		want                                 veille.Change
	}{
		{"one word", "T", long, "T", strings.Replace(long, "sept", "SEPT", 1), veille.Change{
			Fields: []string{"body"},
			Added:  []string{"SEPT"}, Removed: []string{"sept"}, Words: veille.WordsChange{Added: 1, Removed: 1},
			Diff: "… deux trois quatre cinq six [-sept-] {+SEPT+} huit neuf dix onze douze …",
		}},
		{"title only", "Trois morts", long, "Quatre morts", long, veille.Change{
			Fields: []string{"title"},
			Title:  &veille.FieldChange{From: "Trois morts", To: "Quatre morts"},
			Added:  []string{"Quatre"}, Removed: []string{"Trois"}, Words: veille.WordsChange{Added: 1, Removed: 1},
			Diff: "… [-Trois-] {+Quatre+} morts un deux trois quatre …",
		}},
		{"a paragraph more", "T", "un\n\ndeux", "T", "un\n\nentre eux\n\ndeux", veille.Change{
			Fields: []string{"body"},
			Added:  []string{"entre eux"}, Removed: []string{}, Words: veille.WordsChange{Added: 2},
			Diff: "… T un {+entre eux+} deux",
		}},
		{"one ideograph", "題", "北朝鮮がロシアに武器を供与した", "題", "北朝鮮がロシアに弾薬を供与した", veille.Change{
			Fields: []string{"body"},
			Added:  []string{"弾薬"}, Removed: []string{"武器"}, Words: veille.WordsChange{Added: 2, Removed: 2},
			Diff: "…がロシアに[-武器-]{+弾薬+}を供与した",
		}},
		{"only layout", "T", "un «deux» l’an", "T ", "un « deux » l'an", veille.Change{Added: []string{}, Removed: []string{}}},
	} {
		got := textChange(c.oldTitle, c.oldBody, c.newTitle, c.newBody)
		if diff := cmp.Diff(c.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestChange_IsBounded(t *testing.T) {
	was, is := prose(3000, 1), prose(3000, 2)
	c := textChange("a", was, "b", is)
	if len(c.Diff) > diffLimit+16 || len(c.Added) > runsLimit || !utf8.ValidString(c.Diff) {
		t.Errorf("diff of %d bytes, %d runs", len(c.Diff), len(c.Added))
	}
	for _, run := range c.Added {
		if len(run) > runLimit {
			t.Errorf("a run of %d bytes", len(run))
		}
	}
}

// FuzzChange holds that the words counted as removed and added turn one text
// into the other.
func FuzzChange(f *testing.F) {
	f.Add("a b c", "a c d")
	f.Add("x x x x", "x x")
	f.Add("北朝鮮 b", "朝鮮")
	f.Fuzz(func(t *testing.T, was, is string) {
		in := interner{}
		a, b := in.paragraphs(Steady(was)), in.paragraphs(Steady(is))
		var back, forth []string
		diffParagraphs(a, b, func(o op, tokens []token) {
			for _, tok := range tokens {
				if o != added {
					back = append(back, tok.text)
				}
				if o != removed {
					forth = append(forth, tok.text)
				}
			}
		})
		// What moved stands where it is now.
		old := texts(a)
		slices.Sort(old)
		slices.Sort(back)
		if diff := cmp.Diff(old, back); diff != "" {
			t.Errorf("old (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(texts(b), forth); diff != "" {
			t.Errorf("new (-want +got):\n%s", diff)
		}
		_ = textChange(was, is, is, was)
	})
}

func texts(paragraphs []paragraph) []string {
	var out []string
	for _, p := range paragraphs {
		for _, t := range p.tokens {
			out = append(out, t.text)
		}
	}
	return out
}

// textChange is Between for a title and a body; an empty Change for no edit.
func textChange(oldTitle, oldBody, title, body string) *veille.Change {
	c := Between(veille.Snapshot{Title: oldTitle, Body: oldBody}, veille.Snapshot{Title: title, Body: body})
	if c == nil {
		return &veille.Change{Added: []string{}, Removed: []string{}}
	}
	return c
}

// prose is a text of so many words, drawn as words are: few often, many rarely.
func prose(n int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	z := rand.NewZipf(r, 1.2, 3, 20000)
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "mot%d ", z.Uint64())
		if i%60 == 59 {
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// cpu reports the processor time of each round: wall time says little on a
// machine that others use.
func cpu(b *testing.B, round func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	least := time.Hour
	for b.Loop() {
		before := used()
		round()
		least = min(least, used()-before)
	}
	b.ReportMetric(float64(least)/1e6, "cpu-ms/least")
}

func BenchmarkChange_100kB(b *testing.B) {
	was := prose(15000, 1)
	paragraphs := strings.Split(was, "\n\n")
	for i := 0; i < len(paragraphs); i += 9 {
		paragraphs[i] = strings.Replace(paragraphs[i], "mot1 ", "autre chose ", 2)
	}
	paragraphs[20] = prose(60, 7)
	edited, rewritten := strings.Join(paragraphs, "\n\n"), prose(15000, 2)
	b.Run("edited", func(b *testing.B) {
		b.SetBytes(int64(len(was)))
		cpu(b, func() { textChange("t", was, "t", edited) })
	})
	b.Run("rewritten", func(b *testing.B) {
		b.SetBytes(int64(len(was)))
		cpu(b, func() { textChange("t", was, "t", rewritten) })
	})
	b.Run("one paragraph of 100 kB", func(b *testing.B) {
		flat, other := strings.ReplaceAll(was, "\n\n", ""), strings.ReplaceAll(edited, "\n\n", "")
		cpu(b, func() { textChange("t", flat, "t", other) })
	})
}

// TestChange_OfHostileTextsIsBounded compares texts made to be slow to align.
func TestChange_OfHostileTextsIsBounded(t *testing.T) {
	const size = 512 << 10
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for _, c := range [][2]string{
		{repeat("a b "), repeat("b a ")},
		{repeat("a\n\n"), repeat("b\n\n")},
		{repeat("a b c d\n\nd c b a\n\n"), repeat("d c b a\n\na b c d\n\n")},
		{repeat("\""), repeat("il y a 3 minutes ")},
		{repeat("é"), repeat("e\u0301")},
		{repeat("北"), repeat("北朝")},
		{repeat("[-{+{~ "), repeat("~}+}-] ")},
		{repeat("1 2 3 4 5 6 views "), repeat("Most read\n1\n")},
	} {
		if change := textChange("", c[0], "", c[1]); len(change.Diff) > diffLimit+64 {
			t.Errorf("a diff of %d bytes", len(change.Diff))
		}
	}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}
