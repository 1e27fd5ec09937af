package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"slices"
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
}

func (r *reloader) Run(ctx context.Context) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		// Which files count changes with what is included.
		watching, stop := context.WithCancel(ctx)
		changed := config.Watch(watching, r.inputs, r.log)
		select {
		case <-ctx.Done():
		case <-hangup:
		case <-changed:
		}
		stop()
		for range changed {
			// The watcher ends before the next one starts.
		}
		if ctx.Err() != nil {
			return nil
		}
		r.reload(ctx)
	}
}

// reload builds the new wiring completely, then swaps.
func (r *reloader) reload(ctx context.Context) {
	conf, err := config.Load(r.path, r.app.lookup, checks())
	var wired wiring
	var mistakes *config.Errors
	if errors.As(err, &mistakes) {
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
		return
	}
	r.log.Error("configuration rejected, the last good one stays", "error", cause)
	r.announcer.tell(ctx, "", veille.Event{
		ID:      veille.SystemEventID(veille.ConfigRejected, r.path, r.loaded.UTC().Format(time.RFC3339Nano)+cause.Error()),
		Type:    veille.ConfigRejected,
		Time:    time.Now().UTC(),
		Message: "The configuration was rejected; the last good one stays in force.\n" + cause.Error(),
		Trouble: &veille.EventTrouble{Detail: cause.Error()},
	})
}
