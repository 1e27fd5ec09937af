package bolt

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// glimpse is an article with what skim reads of it.
func glimpse(a veille.Article) veille.Article {
	s := a.Snapshot
	return veille.Article{
		ID: a.ID, URL: a.URL, Source: a.Source, Sources: a.Sources, FirstSeen: a.FirstSeen, Revision: a.Revision, Alerted: a.Alerted,
		Snapshot: veille.Snapshot{
			URL: s.URL, Canonical: s.Canonical, Title: s.Title, Authors: s.Authors, Published: s.Published, Language: s.Language,
			Description: s.Description, Image: s.Image, Site: s.Site, Body: s.Body, Kind: s.Kind,
		},
	}
}

func randomArticle(rng *rand.Rand) veille.Article {
	pieces := []string{"Corée", " du Nord", "\n\n", `"cité"`, `\`, "<b>", "&amp;", "\t", "北朝鮮", "😀", "\u2028", "\x00", "\x1f", "\xff", "é", "/", "}", "]", ",", ":", "{", "["}
	text := func() string {
		var b strings.Builder
		for range rng.IntN(12) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		return b.String()
	}
	texts := func() []string {
		var out []string
		for range rng.IntN(4) {
			out = append(out, text())
		}
		if len(out) == 0 && rng.IntN(2) == 0 {
			return []string{}
		}
		return out
	}
	when := func() time.Time {
		if rng.IntN(3) == 0 {
			return time.Time{}
		}
		return time.Unix(rng.Int64N(1<<33), rng.Int64N(1e9)).In(time.FixedZone("", rng.IntN(24)*3600-12*3600))
	}
	return veille.Article{
		ID: text(), URL: text(), Source: text(), Sources: texts(), FirstSeen: when(), CheckedAt: when(), Revision: rng.IntN(5), TextHash: text(),
		Story:   veille.Story{ID: text(), Outlets: rng.IntN(9), Score: rng.Float64(), FirstSeen: when()},
		Alerted: texts(), ToldByCopy: texts(), Silent: text(), GoneChecks: rng.IntN(3), Withdrawn: rng.IntN(2) == 0, Condition: veille.Condition(text()),
		Snapshot: veille.Snapshot{
			URL: text(), Canonical: text(), Title: text(), Authors: texts(), Published: when(), Modified: when(), Language: text(), Description: text(),
			Image: text(), Site: text(), Body: text(), Kind: veille.PageKind(text()), KindReason: text(), Live: rng.IntN(2) == 0, Charset: text(),
			SelectMissed: texts(), NoIndex: rng.IntN(2) == 0, FetchedAt: when(), Cut: rng.IntN(3),
			Validators: veille.Validators{ETag: text()},
		},
	}
}

func TestSkim_ReadsWhatTheWholeReadingReads(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		raw, err := json.Marshal(randomArticle(rng))
		if err != nil {
			t.Fatal(err)
		}
		var whole, got veille.Article
		if err := json.Unmarshal(raw, &whole); err != nil {
			t.Fatal(err)
		}
		if !skim(raw, &got) {
			t.Fatalf("not read: %s", raw)
		}
		if diff := cmp.Diff(glimpse(whole), got); diff != "" {
			t.Fatalf("%s (-whole +skimmed):\n%s", raw, diff)
		}
	}
}

// Whatever stands in a record, skim ends, and what encoding/json wrote is read
// as it was.
func FuzzSkim(f *testing.F) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 20 {
		raw, err := json.Marshal(randomArticle(rng))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		for range 20 {
			spoiled := append([]byte{}, raw...)
			spoiled[rng.IntN(len(spoiled))] = `"\{}[]:,u0nt`[rng.IntN(12)]
			f.Add(spoiled[:rng.IntN(len(spoiled)+1)])
			f.Add(spoiled)
		}
	}
	f.Add([]byte(strings.Repeat(`{"x":`, 500)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var whole, got veille.Article
		if !skim(raw, &got) || json.Unmarshal(raw, &whole) != nil {
			return
		}
		// What a sum guards is as it was written.
		if again, err := json.Marshal(whole); err != nil || !bytes.Equal(again, raw) {
			return
		}
		if diff := cmp.Diff(glimpse(whole), got); diff != "" {
			t.Errorf("%q (-whole +skimmed):\n%s", raw, diff)
		}
	})
}

func TestGlance_LeavesOutWhatNobodyLooksAt(t *testing.T) {
	s := open(t)
	c := testCommit(1)
	c.Article.Silent, c.Article.Alerted, c.Article.Snapshot.Authors = "old", []string{"w"}, []string{"A", "B"}
	if err := s.CommitArticle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	got, err := s.Glance(t.Context(), c.Article.ID)
	if diff := cmp.Diff(glimpse(c.Article), got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := s.Glance(t.Context(), "art_none"); err == nil {
		t.Error("an article that is none was found")
	}
}
