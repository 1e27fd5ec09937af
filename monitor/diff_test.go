package monitor

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
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
			Added: []string{"SEPT"}, Removed: []string{"sept"}, Words: veille.WordsChange{Added: 1, Removed: 1},
			Diff: "… deux trois quatre cinq six [-sept-] {+SEPT+} huit neuf dix onze douze …",
		}},
		{"title only", "Trois morts", long, "Quatre morts", long, veille.Change{
			Title: &veille.FieldChange{From: "Trois morts", To: "Quatre morts"},
			Added: []string{"Quatre"}, Removed: []string{"Trois"}, Words: veille.WordsChange{Added: 1, Removed: 1},
			Diff: "… [-Trois-] {+Quatre+} morts un deux trois quatre …",
		}},
		{"a paragraph more", "T", "un\n\ndeux", "T", "un\n\nentre eux\n\ndeux", veille.Change{
			Added: []string{"entre eux"}, Removed: []string{}, Words: veille.WordsChange{Added: 2},
			Diff: "… T un {+entre eux+} deux",
		}},
		{"one ideograph", "題", "北朝鮮がロシアに武器を供与した", "題", "北朝鮮がロシアに弾薬を供与した", veille.Change{
			Added: []string{"弾薬"}, Removed: []string{"武器"}, Words: veille.WordsChange{Added: 2, Removed: 2},
			Diff: "…がロシアに[-武器-]{+弾薬+}を供与した",
		}},
		{"only layout", "T", "un «deux» l’an", "T ", "un « deux » l'an", veille.Change{Added: []string{}, Removed: []string{}}},
	} {
		got := change(c.oldTitle, c.oldBody, c.newTitle, c.newBody)
		if diff := cmp.Diff(c.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestChange_IsBounded(t *testing.T) {
	was, is := prose(3000, 1), prose(3000, 2)
	c := change("a", was, "b", is)
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
		a, b := in.paragraphs("", was), in.paragraphs("", is)
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
		if want := texts(join(a)); strings.Join(back, "|") != want {
			t.Errorf("old %q, want %q", back, want)
		}
		if want := texts(join(b)); strings.Join(forth, "|") != want {
			t.Errorf("new %q, want %q", forth, want)
		}
		_ = change(was, is, is, was)
	})
}

func texts(tokens []token) string {
	var out []string
	for _, t := range tokens {
		out = append(out, t.text)
	}
	return strings.Join(out, "|")
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
		for b.Loop() {
			change("t", was, "t", edited)
		}
	})
	b.Run("rewritten", func(b *testing.B) {
		b.SetBytes(int64(len(was)))
		for b.Loop() {
			change("t", was, "t", rewritten)
		}
	})
	b.Run("one paragraph of 100 kB", func(b *testing.B) {
		flat, other := strings.ReplaceAll(was, "\n\n", ""), strings.ReplaceAll(edited, "\n\n", "")
		for b.Loop() {
			change("t", flat, "t", other)
		}
	})
}
