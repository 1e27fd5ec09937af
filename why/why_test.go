package why_test

import (
	"strings"
	"testing"
	"time"

	"veille"
	"veille/why"
)

// never is a matcher whose every watch misses.
type never []string

func (n never) Match(s veille.Snapshot, _ []string) ([]veille.Match, string) { return nil, s.Language }

func (n never) Misses(veille.Snapshot, []string) (out []veille.Miss) {
	for _, w := range n {
		out = append(out, veille.Miss{Watch: w, Failed: "Russie", Why: "not in title or body", Found: []string{"Pyongyang"}})
	}
	return out
}

// alerted are the facts of an article that alerted a watch.
func alerted(watch string) why.Facts {
	at := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	a := veille.Article{ID: "art_1", URL: "https://a.example/1", Source: "wire", FirstSeen: at, Revision: 1, Alerted: []string{watch},
		Snapshot: veille.Snapshot{Title: "T", Kind: veille.KindArticle}}
	e := veille.Event{ID: "evt_1", Type: veille.ArticlePublished, Time: at, Watches: []string{watch}}
	return why.Facts{URL: a.URL, Article: &a, Events: []veille.Event{e}, Deliveries: []why.Delivery{
		{Delivery: veille.Delivery{Seq: 1, EventID: e.ID, Receiver: "desk", State: veille.DeliverySent, Watches: []string{watch}}},
	}}
}

func TestExplain_TellsOfAWatchThatIsNoLongerConfigured(t *testing.T) {
	rules := why.Rules{Watches: []veille.Watch{{Name: "new"}}, Matcher: never{"new"}}
	e := why.Explain(alerted("old"), rules, nil, "en")
	if e.Stage != why.Delivered || len(e.Deliveries) != 1 {
		t.Errorf("stage %s (%s), %d deliveries: what alerted a watch that is gone is forgotten", e.Stage, e.Because, len(e.Deliveries))
	}
	again := why.Explain(alerted("new"), rules, nil, "en")
	if v := again.Watches[0]; v.Result != why.VerdictTold || v.Why != "it alerted this watch; its words no longer match: Russie: not in title or body; found: Pyongyang" {
		t.Errorf("a watch that alerted and matches no more: %+v", v)
	}
	if len(e.Watches) != 2 || e.Watches[1].Watch != "old" || e.Watches[1].Result != why.VerdictTold {
		t.Errorf("verdicts: %+v", e.Watches)
	}
	rules.Only = "new"
	if e := why.Explain(alerted("old"), rules, nil, "en"); e.Stage != why.Unmatched || !strings.Contains(e.Because, "new does not ask for it") || len(e.Watches) != 1 || len(e.Deliveries) != 0 {
		t.Errorf("asked about another watch: %s %+v", e.Stage, e.Watches)
	}
}

func TestExplain_TellsWhatHappenedInItsOrder(t *testing.T) {
	f := alerted("w")
	at := f.Events[0].Time
	for i, after := range []time.Duration{time.Hour, 2 * time.Hour} {
		r := veille.Revision{Number: i + 2, At: at.Add(after), Change: &veille.Change{Fields: []string{"body"}}}
		f.Revisions = append(f.Revisions, r)
		f.Events = append(f.Events, veille.Event{ID: "evt_2", Type: veille.ArticleEdited, Time: r.At, Watches: []string{"w"}})
	}
	f.Revisions[1].Joins = "https://b.example/1"
	f.Revisions = append([]veille.Revision{{Number: 1, At: at}}, f.Revisions...)
	f.Article.Sources = []string{"other"}
	e := why.Explain(f, why.Rules{Watches: []veille.Watch{{Name: "w"}}, Matcher: never{"w"}}, nil, "en")
	var got []string
	for _, s := range e.Steps {
		got = append(got, s.Name)
	}
	if want := "seen seen read stored told edited told edited told"; strings.Join(got, " ") != want {
		t.Errorf("steps %s, want %s", got, want)
	}
	if s := e.Steps[7]; !strings.HasSuffix(s.Text, "the same edit of https://b.example/1 was told before") {
		t.Errorf("a joined edit: %q", s.Text)
	}
}

// TestExplain_NamesTheStagesThatPassQuickly is for those that the command's test
// cannot hold on to.
func TestExplain_NamesTheStagesThatPassQuickly(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	visit := veille.Visit{URL: "https://a.example/1", Source: "wire", Seen: at, Due: at.Add(time.Hour)}
	challenge := visit
	challenge.Attempt, challenge.Failure = 2, veille.Failure{At: at, Read: veille.KindChallenge, Why: "bot challenge"}
	grouped := alerted("w")
	grouped.Deliveries[0].State, grouped.Deliveries[0].Batch = veille.DeliveryGrouped, "evt_digest"
	split := alerted("w")
	split.Deliveries[0].State = veille.DeliverySplit
	for _, c := range []struct {
		name  string
		facts why.Facts
		stage why.Stage
		en    string
		fr    string
	}{
		{"waits for its first reading", why.Facts{URL: visit.URL, Trace: &veille.Trace{Waits: &visit}}, why.Waiting,
			"It waits to be read, due 2026-11-23 09:15 UTC.", "Il attend d'être lu, prévu le 2026-11-23 09:15 UTC."},
		{"met a wall", why.Facts{URL: visit.URL, Trace: &veille.Trace{Waits: &challenge}}, why.Failed,
			"read as challenge, because bot challenge", "lu comme épreuve pour robots : elle met les robots à l'épreuve"},
		{"is in a digest", grouped, why.Digested, "the digest that waits for desk", "le récapitulatif qui attend pour desk"},
		{"was in a digest that was split", split, why.Delivered, "told to desk.", "arrivée : desk."},
	} {
		en := why.Explain(c.facts, why.Rules{Watches: []veille.Watch{{Name: "w"}}}, nil, "en")
		fr := why.Explain(c.facts, why.Rules{Watches: []veille.Watch{{Name: "w"}}}, nil, "fr")
		if en.Stage != c.stage || fr.Stage != c.stage || !strings.Contains(en.Because, c.en) || !strings.Contains(fr.Because, c.fr) {
			t.Errorf("what %s: %s, %q, %q; want %s", c.name, en.Stage, en.Because, fr.Because, c.stage)
		}
	}
}

// An event's time has no more than milliseconds: its alert did not come before
// the reading that caused it.
func TestExplain_TellsAnAlertAfterItsReading(t *testing.T) {
	f := alerted("new")
	f.Article.FirstSeen = f.Article.FirstSeen.Add(400 * time.Microsecond)
	e := why.Explain(f, why.Rules{Watches: []veille.Watch{{Name: "new"}}, Matcher: never{"new"}}, nil, "en")
	var order []string
	for _, s := range e.Steps {
		order = append(order, s.Name)
	}
	if got := strings.Join(order, " "); got != "seen read stored told" {
		t.Errorf("the steps are %s", got)
	}
}

func TestExplain_SaysTheSameInFrench(t *testing.T) {
	rules := why.Rules{Watches: []veille.Watch{{Name: "new"}}, Matcher: never{"new"}}
	f := alerted("old")
	en, fr := why.Explain(f, rules, nil, "en"), why.Explain(f, rules, nil, "fr")
	if fr.Because != "L'alerte est arrivée : desk." || !strings.HasSuffix(fr.Watches[0].Why, "ni dans le titre ni dans le corps ; trouvé : Pyongyang") {
		t.Errorf("%s\n%+v", fr.Because, fr.Watches)
	}
	if en.Stage != fr.Stage || len(en.Steps) != len(fr.Steps) {
		t.Fatalf("%+v\n%+v", en, fr)
	}
	for i := range en.Steps {
		if en.Steps[i].Name != fr.Steps[i].Name || en.Steps[i].Text == fr.Steps[i].Text || strings.Contains(fr.Steps[i].Text, "%!") {
			t.Errorf("step %q in French: %q", en.Steps[i].Text, fr.Steps[i].Text)
		}
	}
}
