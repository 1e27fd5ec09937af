package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"syscall"
	"time"

	"veille"
	"veille/monitor/backtest"
	"veille/notify"
	"veille/store/bolt"
	"veille/web"
	"veille/why"
)

// records are what is stored, as the commands need it: the daemon's, asked
// through its socket, or the file's own while no daemon holds it.
type records interface {
	web.Lists
	web.Operator
	web.Searcher
	History(ctx context.Context, of string) (history, error)
	Facts(ctx context.Context, of string) (why.Facts, error)
	// Look reads the sources of an address's host now.
	Look(ctx context.Context, address string) ([]why.Sighting, error)
	Backtest(ctx context.Context, test pastTest) (backtest.Report, error)
	Close() error
}

// openRecords asks the running daemon, or opens the file where none runs.
func (a *app) openRecords(ctx context.Context) (records, error) {
	dir := a.data()
	client := newControlClient(socketPath(dir))
	err := client.ping(ctx)
	if err == nil {
		return client, nil
	}
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ECONNREFUSED) {
		return nil, fmt.Errorf("ask the daemon at %s: %w", socketPath(dir), err)
	}
	// A store that was here and is gone is bolt's to tell of.
	if none(storePath(dir)) && none(storePath(dir)+".initialised") {
		return nil, fmt.Errorf("%w in %s: name the --data of `veille run` or `veille once`: %w", errNoStore, dir, errUsage)
	}
	store, err := bolt.Open(storePath(dir), bolt.Options{Log: a.log()})
	if err != nil {
		return nil, err
	}
	return &operator{Store: store}, nil
}

var errNoStore = errors.New("no store")

func none(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// operator is the store as an operator commands it. In the daemon a retry also
// resumes the receivers it concerns.
type operator struct {
	*bolt.Store
	dispatcher *notify.Dispatcher
	// searcher is nil until somebody searches.
	searcher *searcher
	looker   looker
	// past is nil until somebody back-tests.
	past teller
}

func (o *operator) Retry(ctx context.Context, f veille.DeliveryFilter) (int, error) {
	if f.State != veille.DeliverySuppressed {
		f.State = veille.DeliveryDead
	}
	dead, err := o.Deliveries(ctx, f)
	if err != nil {
		return 0, err
	}
	n, err := o.Store.Retry(ctx, f, time.Now())
	if err != nil || o.dispatcher == nil {
		return n, err
	}
	names := map[string]bool{}
	if f.Receiver != "" {
		names[f.Receiver] = true // also without a dead letter: it may be disabled
	}
	for _, d := range dead {
		names[d.Receiver] = true
	}
	for name := range names {
		if f.State == veille.DeliveryDead {
			o.dispatcher.Resume(name)
		}
	}
	o.dispatcher.Wake(slices.Sorted(maps.Keys(names)))
	return n, nil
}

// controlHandler is what the daemon answers on its socket: the operator's
// commands, and its health for `veille healthcheck`.
func controlHandler(s *status, o *operator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", web.Control(o, o, o))
	mux.HandleFunc("GET "+historyPath, o.serveHistory)
	mux.HandleFunc("GET "+factsPath, o.serveFacts)
	mux.HandleFunc("POST "+lookPath, o.serveLook)
	mux.HandleFunc("POST "+backtestPath, o.serveBacktest)
	mux.Handle("/", web.Health(s))
	return mux
}
