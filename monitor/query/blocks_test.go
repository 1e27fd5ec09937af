package query

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClassify_IsTheSameForEveryProcessor(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, 64*300)
	for i := range text {
		text[i] = byte(i)
		if i >= 1<<14 {
			text[i] = byte(rng.Uint32())
		}
	}
	got, want := make([]classes, len(text)/64), make([]classes, len(text)/64)
	classify(&got[0], &text[0], len(got))
	classifyPlainly(want, text)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(classes{})); diff != "" {
		t.Error(diff)
	}
	for i, b := range text[:256] {
		isWord := b >= 0x80 || ascii[b] != asciiBreak
		isLead := b == 0xc2 || b == 0xe2
		c := want[i/64]
		if c.word>>(i%64)&1 != 0 != isWord || c.lead>>(i%64)&1 != 0 != isLead {
			t.Errorf("%#x: word %b lead %b", b, c.word>>(i%64)&1, c.lead>>(i%64)&1)
		}
	}
}
