package monitor

import (
	"fmt"
	"testing"
	"time"

	"veille"
)

func TestLatency_CountsNewsOnlyAndBoundsItsLabels(t *testing.T) {
	l := newLatency()
	at := time.Unix(1_000_000, 0)
	commit := func(silent string, expect int, watches ...string) {
		l.note(veille.ArticleCommit{Expect: expect,
			Article: veille.Article{FirstSeen: at.Add(90 * time.Second), Silent: silent, Snapshot: veille.Snapshot{Published: at}},
			Events:  []veille.Event{{Type: veille.ArticlePublished, Time: at.Add(93 * time.Second), Watches: watches}}})
	}
	commit("", 0, "w")
	commit("backlog", 0)
	commit("", 1, "w")
	for i := range 2 * mostLabelled {
		commit("", 1, fmt.Sprint("watch ", i))
	}
	hits, labels := 0.0, 0
	for _, s := range l.samples() {
		switch s.Name {
		case "veille_article_seen_after_seconds":
			if s.Count != 1 || s.Value != 90 || s.Buckets[2].Count != 0 || s.Buckets[3].Count != 1 {
				t.Errorf("%+v", s)
			}
		case "veille_alert_committed_after_seconds":
			if s.Count != 2 || s.Value != 6 {
				t.Errorf("%+v", s)
			}
		default:
			hits, labels = hits+s.Value, labels+1
		}
	}
	if hits != 2+2*mostLabelled || labels != mostLabelled+1 {
		t.Errorf("%v alerts under %d labels", hits, labels)
	}
}
