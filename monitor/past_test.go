package monitor

import (
	"sync"
	"testing"
	"time"

	"veille"
)

// past is a newsroom whose articles were read before its watch came.
func past(t *testing.T, urls ...string) (n *newsroom, ids []string) {
	n = newNewsroom(t)
	outlets(n, "alpha", "beta", "gamma")
	watches := n.plan.Watches
	n.plan.Watches = nil
	n.m = New(Options{Crawler: n.web, Store: n.store})
	n.m.Apply(n.plan)
	p := n.m.plan.Load()
	for i, url := range urls {
		source := []string{"alpha", "beta"}[i%2]
		snap := veille.Snapshot{URL: url, Canonical: url, Title: "Dépêche", Body: dispatch("w"), Kind: veille.KindArticle}
		n.m.record(t.Context(), p, p.sources[source], veille.Visit{URL: url, Source: source}, snap)
		ids = append(ids, veille.ArticleID(url))
	}
	n.plan.Watches = watches
	n.m.Apply(n.plan)
	return n, ids
}

// A watch that is told of the past by two commands at once, or while a copy
// comes in, is told of each story once.
func TestTellPast_TellsAStoryOnceWhateverElseGoesOn(t *testing.T) {
	const first, second, third = "https://alpha.example/1", "https://beta.example/1", "https://gamma.example/1"
	for name, other := range map[string]func(t *testing.T, n *newsroom, ids []string){
		"the same articles told by another command": func(t *testing.T, n *newsroom, ids []string) {
			if _, err := n.m.TellPast(t.Context(), n.plan.Watches[0].Name, []string{ids[1], ids[0]}); err != nil {
				t.Error(err)
			}
		},
		"another copy is read": func(t *testing.T, n *newsroom, _ []string) {
			p := n.m.plan.Load()
			snap := veille.Snapshot{URL: third, Canonical: third, Title: "Dépêche", Body: dispatch("w"), Kind: veille.KindArticle}
			n.m.record(t.Context(), p, p.sources["gamma"], veille.Visit{URL: third, Source: "gamma"}, snap)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 10 {
				n, ids := past(t, first, second)
				if len(n.events()) > 0 {
					t.Fatalf("told %q before there was a watch", n.told())
				}
				n.store.linger = func(act string) {
					if act == "Story" {
						time.Sleep(time.Millisecond) // in which the other one goes on
					}
				}
				var both sync.WaitGroup
				both.Go(func() {
					if _, err := n.m.TellPast(t.Context(), n.plan.Watches[0].Name, ids); err != nil {
						t.Error(err)
					}
				})
				both.Go(func() { other(t, n, ids) })
				both.Wait()
				if got := n.told(); len(got) != 1 {
					t.Fatalf("told %q, want one alert", got)
				}
			}
		})
	}
}
