package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"time"

	"veille"
	"veille/config"
	"veille/monitor"
	"veille/notify"
	"veille/trace"
)

// reloader swaps the wiring when the configuration changes. A bad file keeps
// the last good configuration running, and says so everywhere.
type reloader struct {
	app     *app
	path    string
	current *config.Config
	// inputs are what was read last, rejected or not: a correction shows
	// against them.
	inputs     config.Inputs
	env        notify.Env
	announcer  *announcer
	monitor    *monitor.Monitor
	dispatcher *notify.Dispatcher
	status     *status
	desk       *desk
	tracer     *trace.Tracer
	log        *slog.Logger
	// loaded tells one episode of rejections from the next.
	loaded time.Time
	// told is when receivers were last told of a rejection, untold the newest one
	// that they do not know.
	told   time.Time
	untold *veille.Event
}

// tellEvery keeps an editor that saves as one types from telling each state of a
// line, of which some are valid: the first rejection is told at once, a later one
// when it still stands so long after the last telling.
const tellEvery = 5 * time.Minute

func (r *reloader) Run(ctx context.Context) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		// Which files count changes with what is included.
		watching, stop := context.WithCancel(ctx)
		changed := config.Watch(watching, r.inputs, r.log)
		var due <-chan time.Time
		if r.untold != nil {
			due = time.After(time.Until(r.told.Add(tellEvery)))
		}
		overdue := false
		select {
		case <-ctx.Done():
		case <-hangup:
		case <-changed:
		case <-due:
			overdue = true
		}
		stop()
		for range changed {
			// The watcher ends before the next one starts.
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case overdue:
			r.tell(ctx)
		default:
			r.reload(ctx)
		}
	}
}

// halfWritten is how long a file with mistakes may take to be whole: an editor or
// a copy over a slow line empties it first.
const halfWritten = 2 * time.Second

// reload builds the new wiring completely, then swaps.
func (r *reloader) reload(ctx context.Context) {
	conf, err := config.Load(r.path, r.app.lookup, checks())
	var wired wiring
	if _, bad := errors.AsType[*config.Errors](err); bad {
		if !pause(ctx, halfWritten) {
			return
		}
		conf, err = config.Load(r.path, r.app.lookup, checks())
	}
	if mistakes, ok := errors.AsType[*config.Errors](err); ok {
		r.inputs = mistakes.Inputs
	}
	if err == nil {
		r.inputs = conf.Inputs
		_, rules := r.desk.inForce()
		wired, err = build(conf, r.env, rules.With, r.tracer)
	}
	if err != nil {
		r.reject(ctx, err)
		return
	}
	if fixed := r.needRestart(conf); len(fixed) > 0 {
		r.log.Warn("restart to apply", "sections", fixed)
	}
	r.announcer.apply(conf)
	r.dispatcher.Apply(wired.notifiers)
	r.monitor.Apply(wired.plan)
	r.current, r.loaded = conf, time.Now()
	r.desk.put(conf, wired.matcher, r.loaded)
	r.status.setRejected("")
	r.untold = nil
	if parked := r.status.parked(); len(parked) > 0 {
		r.log.Warn("deliveries wait for receivers that left the configuration", "receivers", parked)
	}
	r.log.Info("configuration loaded", "sources", len(conf.Sources), "watches", len(conf.Watches), "receivers", len(conf.Receivers))
}

// needRestart names the sections that changed but are read only at start.
func (r *reloader) needRestart(next *config.Config) []string {
	var names []string
	for name, same := range map[string]bool{
		"contact": r.current.Contact == next.Contact,
		"crawl":   reflect.DeepEqual(r.current.Crawl, next.Crawl),
		"http":    reflect.DeepEqual(r.current.HTTP, next.HTTP),
		"store":   reflect.DeepEqual(r.current.Store, next.Store),
		"archive": r.current.Archive == next.Archive,
	} {
		if !same {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// reject keeps what runs and tells every receiver, once for each different
// mistake.
func (r *reloader) reject(ctx context.Context, cause error) {
	r.desk.reject(cause.Error(), time.Now())
	if !r.status.setRejected(cause.Error()) {
		r.log.Info("configuration still rejected: veille check lists its mistakes")
		return
	}
	r.log.Error("configuration rejected, the last good one stays", "error", cause)
	detail := brief(cause)
	r.untold = &veille.Event{
		ID:      veille.SystemEventID(veille.ConfigRejected, r.path, r.loaded.UTC().Format(time.RFC3339Nano)+cause.Error()),
		Type:    veille.ConfigRejected,
		Time:    time.Now().UTC(),
		Message: "The configuration was rejected; the last good one stays in force.\n" + detail,
		Trouble: &veille.EventTrouble{Detail: detail},
	}
	if time.Since(r.told) >= tellEvery {
		r.tell(ctx)
	}
}

// tell tells of the newest rejection that was not told yet.
func (r *reloader) tell(ctx context.Context) {
	if r.untold != nil {
		r.announcer.tell(ctx, "", *r.untold)
		r.untold, r.told = nil, time.Now()
	}
}

// mostTold is how many mistakes a message names.
const mostTold = 10

// brief is what a message says of a rejection: the first mistakes, a line each and
// without the texts that they are in, whose carets only a terminal shows.
func brief(cause error) string {
	var mistakes *config.Errors
	if !errors.As(cause, &mistakes) {
		return cause.Error()
	}
	var lines []string
	for i, m := range mistakes.Mistakes {
		if i == mostTold {
			lines = append(lines, fmt.Sprintf("… and %d more: veille check lists them", len(mistakes.Mistakes)-i))
			break
		}
		lines = append(lines, m.String())
	}
	return strings.Join(lines, "\n")
}
