package monitor

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/store/bolt"
)

// TestAttend_OverARealStore lets two sources list an article before and after
// it is read, with a restart on the file in between.
func TestAttend_OverARealStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "veille.db")
		var store *bolt.Store
		web := newSite(func(url string) veille.Validators {
			v, _ := store.Validators(context.Background(), url)
			return v
		})
		n := &newsroom{t: t, web: web, plan: Plan{
			Sources:  []veille.Source{{Name: "nk", URL: section, Schedule: "@every 5m", Recheck: ladder}},
			Lookback: 24 * time.Hour, Parallel: 8,
		}}
		twoSources(n)
		run := func(work func()) {
			var err error
			if store, err = bolt.Open(path, bolt.Options{MinFree: -1}); err != nil {
				t.Fatal(err)
			}
			n.m = New(Options{Crawler: web, Store: store})
			n.m.Apply(n.plan)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- n.m.Run(ctx) }()
			work()
			stop()
			if err := <-ended; err != nil {
				t.Errorf("Run = %v", err)
			}
		}
		shut := func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		}
		run(func() {
			n.after(10 * time.Minute)
			web.publish(section, view(1), "lue", body("a"), time.Time{})
			web.publish(section, view(2), "en attente", body("b"), time.Time{})
			web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
			n.after(10 * time.Minute)
			n.list(wire, view(1))
			n.list(wire, view(2))
			n.after(6 * time.Minute)
		})
		shut()
		run(func() {
			web.edit(view(2), func(p *page) { p.err = nil })
			n.after(4 * time.Hour)
		})
		defer shut()

		events, err := store.Events(t.Context(), veille.EventFilter{})
		if err != nil {
			t.Fatal(err)
		}
		told := map[string][]string{}
		for _, e := range events {
			told[e.Article.Title] = append(told[e.Article.Title], e.Watches...)
		}
		both := []string{"of nk", "of wire"}
		if diff := cmp.Diff(map[string][]string{"lue": both, "en attente": both}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		rows := map[string]int{}
		deliveries, err := store.Deliveries(t.Context(), veille.DeliveryFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range deliveries {
			rows[d.Receiver+" "+d.Watches[0]]++
		}
		if diff := cmp.Diff(map[string]int{"desk of nk": 2, "hook of wire": 2}, rows); diff != "" {
			t.Errorf("deliveries (-want +got):\n%s", diff)
		}
	})
}
