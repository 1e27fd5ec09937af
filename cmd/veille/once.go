package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"veille/config"
	"veille/crawler"
	"veille/monitor"
	"veille/monitor/query"
)

func (a *app) onceCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "once",
		Short:   "Poll every source once, deliver what waits, and exit",
		Long:    "For a Kubernetes CronJob or CI. Exits with 1 if a source or a delivery failed. Forgets once a day\nwhat is older than the configuration retains.",
		Example: "  veille once -c veille.yaml --data /data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			conf, _, err := a.load()
			if err != nil {
				return err
			}
			log := a.log()
			a.warnOfProxies(log)
			wired, err := build(conf, a.notifyEnv(log), query.Compile, nil)
			if err != nil {
				return err
			}
			store, err := openStore(a.data(), conf, log)
			if err != nil {
				return err
			}
			defer store.Close()
			fetch := crawler.New(crawlerOptions(conf, store, log))
			defer fetch.Close()
			_, dispatcher := newAnnouncer(store, conf, log)
			dispatcher.Apply(wired.notifiers)
			evidence, err := openEvidence(a.data(), conf, store, log)
			if err != nil {
				return err
			}
			defer func() {
				if err := evidence.Close(); err != nil {
					log.Error("close the archive", "error", err)
				}
			}()
			watcher := monitor.New(monitor.Options{Crawler: fetch, Store: evidence, Log: log, Wake: dispatcher.Wake})
			watcher.Apply(wired.plan)

			// What is committed goes out also when polling ended early, as it
			// does on a full disk.
			polled, pollErr := watcher.Once(ctx)
			delivered, err := dispatcher.Drain(ctx)
			// A full store needs it most.
			keeper := &keeper{store: store, conf: func() *config.Config { return conf }, log: log}
			keeper.shrink(ctx)
			if err := errors.Join(pollErr, err, watcher.Retain(ctx)); err != nil {
				return err
			}
			for _, f := range polled.Failed {
				_, _ = fmt.Fprintf(a.stderr, "%s: %v\n", f.Source, f.Err)
			}
			_, _ = fmt.Fprintf(a.stderr, "%d sources polled, %d failed; %d new articles, %d alerts; %d delivered, %d failed, %d waiting, %d held for a digest or quiet hours\n",
				polled.Polled, len(polled.Failed), polled.Articles, polled.Events, delivered.Sent, delivered.Failed, delivered.Waiting, delivered.Held)
			if len(polled.Failed) > 0 || delivered.Failed > 0 || delivered.Waiting > 0 {
				return fmt.Errorf("%d sources failed, %d deliveries failed, %d wait", len(polled.Failed), delivered.Failed, delivered.Waiting)
			}
			return nil
		},
	}
}
