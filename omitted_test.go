package veille_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestSnapshot_ReadLike(t *testing.T) {
	const about = "About us: the paper of the coast."
	body := func(paragraphs ...string) string { return strings.Join(paragraphs, "\n\n") }
	knowing := veille.Snapshot{Title: "Dam bursts", Body: body("One.", "Two."),
		Omitted: veille.Omitted{Suffix: " - The Daily", Paragraphs: []veille.OmittedParagraph{{Before: 1, Text: about}}}}
	ignorant := veille.Snapshot{Title: "Dam bursts - The Daily", Body: body("One.", about, "Two.")}
	for _, c := range []struct {
		name             string
		now, earlier, is veille.Snapshot
	}{
		{"nothing was ever left out", ignorant, ignorant, ignorant},
		{"the lesson came between", knowing, ignorant, ignorant},
		{"the lesson faded", ignorant, knowing, knowing},
		{"the lesson stays", knowing, knowing, knowing},
		{"the page changed, and the lesson came between",
			veille.Snapshot{Title: "Dam has burst", Body: body("One.", "Three."), Omitted: knowing.Omitted}, ignorant,
			veille.Snapshot{Title: "Dam has burst - The Daily", Body: body("One.", about, "Three.")}},
		{"the repeated paragraph is new on the page", knowing, veille.Snapshot{Title: "Dam bursts", Body: body("One.", "Two.")}, knowing},
		{"all would be left out", veille.Snapshot{Body: about}, knowing, veille.Snapshot{Body: about}},
		{"no article any more", veille.Snapshot{Kind: veille.KindNotFound}, knowing, veille.Snapshot{Kind: veille.KindNotFound}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.is, c.now.ReadLike(c.earlier)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
