package monitor

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestAttend_AnOutlinkThatBecomesAnArticleDuringThePollIsNotForgotten(t *testing.T) {
	for name, first := range map[string]bool{"unknown to the poll": true, "waiting to the poll": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				twoSources(n)
				n.plan.Sources[1].Schedule = "@every 7m"
				n.start()
				n.after(11 * time.Minute)
				n.web.publish(section, view(1), "rapide", body("a"), time.Time{})
				n.web.edit(view(1), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
				n.list(wire, view(1))
				lingered, polled := 0, 0
				n.store.mu.Lock()
				n.store.linger = func(act string) {
					// The second source is polled at 14 minutes, the first at 15.
					if act != map[bool]string{true: "Known", false: "Article"}[first] {
						return
					}
					n.store.mu.Lock()
					_, known := n.store.known[view(1)]
					n.store.mu.Unlock()
					if polled++; polled == 1 && known != first {
						lingered++
						n.web.edit(view(1), func(p *page) { p.err = nil })
						time.Sleep(6 * time.Minute)
					}
				}
				n.store.mu.Unlock()
				if !first {
					// The first source has listed it when the second one looks.
					n.m.PollNow("nk")
				}
				n.after(2 * time.Hour)
				if lingered != 1 {
					t.Fatalf("lingered %d times", lingered)
				}
				expectTold(t, n, "published rapide [of nk of wire] r1")
				n.halt()
			})
		})
	}
}

// TestAttend_AndARecheckOfTheSameArticleForgetNothing runs both at once: they
// leave the revision the same, so that only a lock keeps them apart.
func TestAttend_AndARecheckOfTheSameArticleForgetNothing(t *testing.T) {
	for range 100 {
		n := newNewsroom(t)
		twoSources(n)
		n.m = New(Options{Crawler: n.web, Store: n.store})
		n.m.Apply(n.plan)
		p := n.m.plan.Load()
		snap := veille.Snapshot{URL: view(1), Canonical: view(1), Title: "une", Body: body("a"), Kind: veille.KindArticle}
		n.m.record(t.Context(), p, p.sources["nk"], veille.Visit{URL: view(1), Source: "nk"}, snap)
		id := veille.ArticleID(view(1))
		n.store.linger = func(string) {
			for range 20 {
				runtime.Gosched()
			}
		}
		var both sync.WaitGroup
		both.Go(func() {
			n.m.conclude(t.Context(), look{
				plan: p, source: p.sources["nk"], visit: veille.Visit{URL: view(1), Source: "nk", ArticleID: id}, snap: snap, at: view(1),
			})
		})
		both.Go(func() {
			if err := n.m.attendOne(t.Context(), p, id, veille.Listed{Source: "wire"}); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		if a := n.article(view(1)); len(a.Sources) != 1 || len(a.Alerted) != 2 {
			t.Fatalf("of %q too, alerted %q", a.Sources, a.Alerted)
		}
	}
}

// TestAttend_WhateverHappensEachWatchIsToldOnceOfWhatItsSourceLists lists
// random articles on both sources in random order, while pages fail, writes do
// not fit and the process restarts.
func TestAttend_WhateverHappensEachWatchIsToldOnceOfWhatItsSourceLists(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				twoSources(n)
				rnd := rand.New(rand.NewPCG(seed, 7))
				n.start()
				n.after(10 * time.Minute)
				want := map[string][]string{}
				link := func(source, url, title string) {
					at := map[string]string{"nk": section, "wire": wire}[source]
					n.list(at, url)
					if watch := "of " + source; !slices.Contains(want[title], watch) {
						want[title] = append(want[title], watch)
						slices.Sort(want[title])
					}
				}
				for i := range 30 {
					url, mobile, title := view(i), fmt.Sprintf("https://m%d.example/", i%3), fmt.Sprint("article ", i)
					mobile += fmt.Sprint(i)
					n.web.publish("", url, title, body(title), time.Time{})
					n.web.publish("", mobile, title, body(title), time.Time{})
					n.web.edit(mobile, func(p *page) { p.snap.Canonical = url })
					if rnd.IntN(3) == 0 {
						n.web.edit([]string{url, mobile}[rnd.IntN(2)], func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
					}
				}
				for range 80 {
					i := rnd.IntN(30)
					url, title := view(i), fmt.Sprint("article ", i)
					if rnd.IntN(3) == 0 {
						url = fmt.Sprintf("https://m%d.example/%d", i%3, i)
					}
					link([]string{"nk", "wire"}[rnd.IntN(2)], url, title)
					switch rnd.IntN(8) {
					case 0:
						n.restart()
					case 1:
						n.store.mu.Lock()
						left := rnd.IntN(6)
						n.store.fail = func(string) error {
							if left--; left < 0 {
								return veille.ErrStoreFull
							}
							return nil
						}
						n.store.mu.Unlock()
					case 2:
						n.store.failing(nil)
					}
					n.after(time.Duration(rnd.IntN(400)) * time.Second)
				}
				n.store.failing(nil)
				n.web.with(func() {
					for _, p := range n.web.pages {
						p.err = nil
					}
				})
				n.after(48 * time.Hour)
				n.halt()
				got := map[string][]string{}
				for _, e := range n.events() {
					got[e.Article.Title] = append(got[e.Article.Title], e.Watches...)
					slices.Sort(got[e.Article.Title])
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
				for _, d := range n.store.deliveries {
					if slices.ContainsFunc(n.store.deliveries, func(o veille.Delivery) bool {
						return o.Seq != d.Seq && o.Receiver == d.Receiver && o.EventID == d.EventID
					}) {
						t.Errorf("two deliveries of %s to %s", d.EventID, d.Receiver)
					}
				}
			})
		})
	}
}
