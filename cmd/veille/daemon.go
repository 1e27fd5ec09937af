package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/crawler"
	"veille/monitor"
	"veille/store/bolt"
	"veille/trace"
	"veille/web"
	"veille/web/access"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Watch until told to stop: poll, match, deliver, serve HTTP",
		Long: `The daemon. It polls every source on its schedule, reads new articles, delivers
alerts through a durable outbox and serves the dashboard, the API and metrics. It
reloads its configuration when a file changes or on SIGHUP, and stops cleanly on
SIGTERM. Without a configuration file it runs the embedded example.`,
		Example: "  veille run\n  veille run -c /etc/veille/veille.yaml --data /data --log-format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, path, err := a.load()
			if err != nil {
				return err
			}
			return a.daemon(cmd.Context(), conf, daemonOptions{configPath: path, dataDir: a.data(), http: conf.HTTP})
		},
	}
}

// daemonOptions are what `veille run` and `veille demo` differ in.
type daemonOptions struct {
	// configPath is watched for changes; empty watches nothing.
	configPath string
	dataDir    string
	// http is the server's configuration; without an address none is served.
	http config.HTTP
	// listening is told the server's address; nil is allowed.
	listening func(net.Addr)
	// withdrawalSpacing overrides the time between checks of a gone page.
	withdrawalSpacing time.Duration
}

// daemon wires everything and runs it until ctx ends or something fails.
func (a *app) daemon(ctx context.Context, conf *config.Config, o daemonOptions) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log := a.log()
	env := a.notifyEnv(log)
	a.warnOfProxies(log)

	// All that can fail comes before anything runs.
	tracer, err := a.tracing(ctx, log)
	if err != nil {
		return err
	}
	wired, err := build(conf, env, restoring(o.dataDir, log), tracer)
	if err != nil {
		return err
	}
	store, err := openStore(o.dataDir, conf, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := store.Close(); err != nil {
			log.Error("close the store", "error", err)
		}
	}()
	evidence, err := openEvidence(o.dataDir, conf, store, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := evidence.Close(); err != nil {
			log.Error("close the archive", "error", err)
		}
	}()
	keepRules(o.dataDir, wired.matcher, len(conf.Watches), log)
	control, err := listenControl(ctx, socketPath(o.dataDir))
	if err != nil {
		return err
	}
	defer control.Close()
	var listener net.Listener
	if o.http.Listen != "" {
		if listener, err = new(net.ListenConfig).Listen(ctx, "tcp", o.http.Listen); err != nil {
			return fmt.Errorf("http.listen: %w: %w", err, errUsage)
		}
		defer listener.Close()
	}

	fetch := crawler.New(crawlerOptions(conf, store, log))
	defer fetch.Close()
	tells, dispatcher := newAnnouncer(store, conf, log)
	dispatcher.Apply(wired.notifiers)
	var visits monitor.Crawler = fetch
	if tracer != nil {
		defer stopTracing(ctx, tracer)
		visits, evidence.tracer = tracer.Crawler(fetch), tracer
	}
	live, tally := web.NewLive(store), web.NewTally(store)
	watcher := monitor.New(monitor.Options{
		Crawler: visits, Store: evidence, Log: log, WithdrawalSpacing: o.withdrawalSpacing,
		Wake: func(receivers []string) {
			dispatcher.Wake(receivers)
			live.Nudge()
		},
	})
	watcher.Apply(wired.plan)
	desk := &desk{monitor: watcher}
	desk.put(conf, wired.matcher, time.Now())
	status := &status{store: store, crawler: fetch, monitor: watcher, dispatcher: dispatcher, announcer: tells,
		keeper: &keeper{store: store, conf: desk.configuration, log: log}}
	reload := &reloader{app: a, path: o.configPath, current: conf, inputs: conf.Inputs, env: env,
		announcer: tells, monitor: watcher, dispatcher: dispatcher, status: status, desk: desk, tracer: tracer, log: log, loaded: time.Now()}
	index, err := openIndex(o.dataDir, log)
	if err != nil {
		log.Warn("searching without an index", "error", err)
	} else {
		defer index.Close()
	}
	own := &operator{Store: store, looker: looker{fetch, learned{store}, func() []veille.Source { return desk.Setup().Sources }}, past: watcher, dispatcher: dispatcher, searcher: newSearcher(store, index, desk.setting)}
	policy := accessPolicy(o.http)
	policy.Log = log
	server, err := web.NewServer(web.Options{
		Reader: store, Chronicle: chronicle{own, desk}, Operator: own, Searcher: own, Status: status, Desk: desk,
		Live: live, Tally: tally, Guard: access.New(policy), Version: version(), Log: log,
	})
	if err != nil {
		return err
	}

	tasks := newTasks(ctx, cancel)
	tasks.start("monitor", watcher.Run)
	tasks.start("dispatcher", dispatcher.Run)
	tasks.start("announcer", tells.Run)
	tasks.start("control socket", func(ctx context.Context) error {
		return web.Serve(ctx, control, controlHandler(status, own), log)
	})
	tasks.start("keeper", status.keeper.Run)
	if index != nil {
		tasks.start("search index", newIndexer(store, index, log).Run)
	}
	if listener != nil {
		tasks.start("http", func(ctx context.Context) error { return web.Serve(ctx, listener, server.Handler(), log) })
		tasks.start("live", live.Run)
		tasks.start("tally", tally.Run)
		log.Info("listening", "address", "http://"+listener.Addr().String())
		if o.listening != nil {
			o.listening(listener.Addr())
		}
	}
	if o.configPath != "" {
		tasks.start("reload", reload.Run)
	}
	log.Info("watching", "sources", len(conf.Sources), "watches", len(conf.Watches), "receivers", len(conf.Receivers))
	err = tasks.wait()
	log.Info("stopped")
	return err
}

// stopTracing sends the last spans, for a short time.
func stopTracing(ctx context.Context, tracer *trace.Tracer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	_ = tracer.Stop(ctx) // what could not be sent was logged
}

// openStore makes the data folder and opens its one file.
func openStore(dir string, conf *config.Config, log *slog.Logger) (*bolt.Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w: %w", err, errUsage)
	}
	return bolt.Open(storePath(dir), bolt.Options{MaxSize: conf.Store.Bolt.MaxSize, Log: log})
}

// listenControl opens the operator's socket in the data folder. Whoever may
// write there may command the daemon; nobody else can reach it. The store's
// lock is held, so a socket found here belongs to nobody.
func listenControl(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket %s (a socket's path holds about 100 bytes: use a shorter --data): %w", filepath.Base(path), err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("control socket: %w", err)
	}
	return l, nil
}
