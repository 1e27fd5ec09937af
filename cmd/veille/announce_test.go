package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"veille"
	"veille/config"
	"veille/store/bolt"
)

// TestAnnouncer_TellsWhatAFullStoreDidNotTake rejects configurations while the
// store takes nothing, and gives it room again.
func TestAnnouncer_TellsWhatAFullStoreDidNotTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "veille.db")
	open := func(o bolt.Options) *bolt.Store {
		s, err := bolt.Open(path, o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := open(bolt.Options{MinFree: -1}).Close(); err != nil {
		t.Fatal(err)
	}
	// Far more than has room in the file as it is, and nothing that packs well.
	mistakes := make([]byte, 256<<10)
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range mistakes {
		mistakes[i] = "abcdefghijklmnopqrstuvwxyz0123456789+-"[chance.IntN(38)]
	}
	synctest.Test(t, func(t *testing.T) {
		var logs bytes.Buffer
		log := slog.New(slog.NewTextHandler(&logs, nil))
		full := open(bolt.Options{MinFree: -1, MaxSize: 128 << 10, Reserve: 1})
		conf := &config.Config{Receivers: []veille.Receiver{{Name: "desk"}, {Name: "hook"}}, Health: []string{"desk"}}
		a, _ := newAnnouncer(full, conf, log)
		rejected := func(n int) veille.Event {
			return veille.Event{ID: fmt.Sprintf("evt_%03d", n), Type: veille.ConfigRejected, Time: time.Now(), Message: string(mistakes)}
		}
		const many = mostUntold + 3
		for n := range many {
			a.tell(t.Context(), "", rejected(n))
			a.tell(t.Context(), "", rejected(n)) // the same waits once
		}
		a.retell(t.Context()) // still full: it waits on
		if len(a.untold) != mostUntold || a.untold[0].event.ID != rejected(3).ID {
			t.Fatalf("%d wait, the first is %+v", len(a.untold), a.untold[0])
		}
		if n := strings.Count(logs.String(), "event not told yet"); n != 2*many || !strings.Contains(logs.String(), "store full") {
			t.Errorf("%d warnings:\n%.300s", n, logs.String())
		}
		if err := full.Close(); err != nil {
			t.Fatal(err)
		}
		a.store = open(bolt.Options{MinFree: -1})
		defer a.store.Close()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- a.Run(ctx) }()
		time.Sleep(retellEvery + time.Second)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := a.store.Pending("desk"); n != mostUntold || a.store.Pending("hook") != 0 {
			t.Errorf("%d wait for the desk, %d for the hook", n, a.store.Pending("hook"))
		}
		if len(a.untold) != 0 {
			t.Errorf("%d are still untold", len(a.untold))
		}
		// What was told is not told again.
		a.tell(t.Context(), "", rejected(5))
		if n := a.store.Pending("desk"); n != mostUntold {
			t.Errorf("told again: %d wait", n)
		}
	})
}
