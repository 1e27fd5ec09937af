package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/crawler"
	"veille/monitor"
	"veille/monitor/backtest"
	"veille/monitor/query"
)

func (a *app) backtestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backtest",
		Short: "Run the watch-lists as they are now over the stored articles",
		Long: `Says what each watch of the configuration would have caught: hits a day, the newest
articles with the reason, watches that never fire and watches that catch the same.
--against compares with the watches of another file: what they caught and these do
not (lost), and the other way round (gained). It tells nobody; --deliver, with one
--watch that the daemon has loaded, queues an alert for each article (the oldest
first) of which that watch was not told before, itself or by a copy.`,
		Example: "  veille backtest --since 30d\n  veille backtest -c edited.yaml --against veille.yaml\n  veille backtest --watch \"My new watch\" --since 7d --deliver",
		Args:    cobra.NoArgs,
	}
	name := cmd.Flags().String("watch", "", "only this watch")
	since := cmd.Flags().String("since", "30d", "articles first seen within this `AGE`, such as 12h or 90d")
	against := cmd.Flags().String("against", "", "compare with the watches of this configuration `FILE`")
	deliver := cmd.Flags().Bool("deliver", false, "queue the alerts of --watch; never a repetition")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		age, err := config.ParseDuration(*since)
		if err != nil {
			return fmt.Errorf("--since: %w: %w", err, errUsage)
		}
		if *deliver && (*name == "" || *against != "") {
			return fmt.Errorf("--deliver needs one --watch, and no --against: %w", errUsage)
		}
		conf, _, err := a.load()
		if err != nil {
			return err
		}
		watches, err := chooseWatches(conf, *name)
		if err != nil {
			return err
		}
		test := pastTest{Since: time.Now().Add(-age).UTC(), Now: pastRulesOf(conf, watches)}
		if *against != "" {
			other, err := config.Load(*against, a.lookup, checks())
			if err != nil {
				return err
			}
			old := other.Watches
			if *name != "" {
				if old, err = chooseWatches(other, *name); err != nil {
					return fmt.Errorf("%s: %w", *against, err)
				}
			}
			before := pastRulesOf(other, old)
			test.Before = &before
		}
		if *deliver {
			test.Deliver = *name
		}
		from, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		if own, ok := from.(*operator); ok {
			own.past = pastMonitor(conf, own, watches)
		}
		report, err := from.Backtest(cmd.Context(), test)
		if closing := from.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
		if *asJSON {
			return newLines(a.stdout).write(report)
		}
		return showBacktest(a.stdout, report)
	}
	return cmd
}

// pastTest is a back-test as the daemon is asked for it.
type pastTest struct {
	Since  time.Time  `json:"since"`
	Now    pastRules  `json:"now"`
	Before *pastRules `json:"before,omitempty"`
	// Deliver names the watch whose alerts are queued; empty for none.
	Deliver string `json:"deliver,omitempty"`
}

// pastRules are a watch-list on its way to the daemon: of the sources only what
// watches ask for.
type pastRules struct {
	Sources  []pastSource        `json:"sources"`
	Watches  []veille.Watch      `json:"watches"`
	Concepts map[string][]string `json:"concepts"`
}

type pastSource struct {
	Name     string   `json:"name"`
	Language string   `json:"language,omitempty"`
	Tags     []string `json:"tags,omitempty"`
}

func pastRulesOf(conf *config.Config, watches []veille.Watch) pastRules {
	r := pastRules{Watches: watches, Concepts: conf.Concepts}
	for _, s := range conf.Sources {
		r.Sources = append(r.Sources, pastSource{s.Name, s.Language, s.Tags})
	}
	return r
}

func (r pastRules) compile() (backtest.Rules, error) {
	out := backtest.Rules{Watches: r.Watches}
	for _, s := range r.Sources {
		out.Sources = append(out.Sources, veille.Source{Name: s.Name, Language: s.Language, Tags: s.Tags})
	}
	set, err := query.Compile(r.Watches, r.Concepts)
	out.Matcher = set
	return out, err
}

// teller tells a watch of articles of the past.
type teller interface {
	TellPast(ctx context.Context, watch string, ids []string) (told int, err error)
}

// pastMonitor tells of the past where no daemon runs.
func pastMonitor(conf *config.Config, own *operator, watches []veille.Watch) teller {
	m := monitor.New(monitor.Options{Crawler: crawler.New(crawlerOptions(conf, own.Store, slog.New(slog.DiscardHandler))), Store: own.Store})
	set, err := query.Compile(watches, conf.Concepts)
	if err != nil {
		return nil // the configuration was checked
	}
	m.Apply(monitor.Plan{Sources: conf.Sources, Watches: watches, Matcher: set})
	return m
}

// Backtest runs watch-lists over the stored articles.
func (o *operator) Backtest(ctx context.Context, test pastTest) (backtest.Report, error) {
	now, err := test.Now.compile()
	if err != nil {
		return backtest.Report{}, err
	}
	var before *backtest.Rules
	if test.Before != nil {
		rules, err := test.Before.compile()
		if err != nil {
			return backtest.Report{}, err
		}
		before = &rules
	}
	run := backtest.New(now, before, test.Since, time.Now())
	run.Collect(test.Deliver)
	if err := o.EachArticle(ctx, test.Since, run.Add); err != nil {
		return backtest.Report{}, err
	}
	report := run.Report()
	if test.Deliver == "" {
		return report, nil
	}
	var ids []string
	for _, hit := range run.Hits() {
		ids = append(ids, hit.Article)
	}
	told, err := o.past.TellPast(ctx, test.Deliver, ids)
	report.Told = &told
	return report, err
}

// backtestPath is where the daemon's socket runs a back-test.
const backtestPath = "/backtest"

// mostRules bounds a watch-list sent over the socket, in bytes.
const mostRules = 256 << 20

func (o *operator) serveBacktest(w http.ResponseWriter, r *http.Request) {
	var test pastTest
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostRules)).Decode(&test)
	if err != nil {
		answer(w, nil, fmt.Errorf("read the back-test: %w: %w", err, errUsage))
		return
	}
	// It takes as long as there are articles; who asks waits for it. Where there
	// are no deadlines there is none to lift.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	report, err := o.Backtest(r.Context(), test)
	answer(w, report, err)
}

func (c *controlClient) Backtest(ctx context.Context, test pastTest) (report backtest.Report, err error) {
	body, err := json.Marshal(test)
	if err != nil {
		return report, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://veille"+backtestPath, bytes.NewReader(body))
	if err != nil {
		return report, err
	}
	got, err := c.http.Do(r)
	if err != nil {
		return report, err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		var p struct{ Detail string }
		_ = json.NewDecoder(io.LimitReader(got.Body, 64<<10)).Decode(&p)
		return report, errors.New(p.Detail)
	}
	err = json.NewDecoder(got.Body).Decode(&report)
	return report, err
}

// bars draws the hits of each day, a character a day, the oldest first; of more
// than 60 days several share one.
func bars(days []backtest.Day) string {
	const width = 60
	per := (len(days) + width - 1) / width
	var sums []int
	most := 0
	for i, d := range days {
		if i%max(per, 1) == 0 {
			sums = append(sums, 0)
		}
		sums[len(sums)-1] += d.Hits
		most = max(most, sums[len(sums)-1])
	}
	levels := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, n := range sums {
		if n == 0 {
			b.WriteRune('·')
			continue
		}
		b.WriteRune(levels[(n*len(levels)-1)/most])
	}
	return b.String()
}

func showBacktest(w io.Writer, r backtest.Report) error {
	var b strings.Builder
	days := r.Until.Sub(r.Since)
	if there := r.Until.Sub(r.Oldest); there < days {
		days = max(there, min(days, 24*time.Hour)) // there is nothing before
	}
	perDay := 24 / max(days.Hours(), 1)
	fmt.Fprintf(&b, "%s first seen since %s\n\n", counted(r.Articles, "article"), when(r.Since))
	for _, x := range r.Watches {
		fmt.Fprintf(&b, "%s: %s, %.1f a day", plain(x.Watch), counted(x.Hits, "hit"), float64(x.Hits)*perDay)
		if x.Hits == 0 {
			b.WriteString(": it never fires")
		} else if r.Articles > 0 && x.Hits*5 > r.Articles {
			fmt.Fprintf(&b, ": it matches %d %% of all articles", 100*x.Hits/r.Articles)
		}
		fmt.Fprintf(&b, "\n  %s\n", bars(x.Days))
		if c := x.Change; c != nil {
			fmt.Fprintf(&b, "  before: %s; gained %d, lost %d\n", counted(c.Before, "hit"), c.Gained, c.Lost)
			showSamples(&b, "+", c.New)
			showSamples(&b, "-", c.Gone)
		} else {
			showSamples(&b, " ", x.Samples)
		}
		b.WriteString("\n")
	}
	for i, o := range r.Overlaps {
		if i == 0 {
			b.WriteString("Caught by two watches:\n")
		}
		fmt.Fprintf(&b, "  %s and %s: %s\n", plain(o.Watches[0]), plain(o.Watches[1]), counted(o.Hits, "article"))
	}
	if r.Told != nil {
		fmt.Fprintf(&b, "%s queued; what was told before is not told again.\n", counted(*r.Told, "alert"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func showSamples(b *strings.Builder, mark string, samples []backtest.Sample) {
	for _, s := range samples {
		fmt.Fprintf(b, "  %s %s  %s\n      %s\n", mark, when(s.Seen), plain(cut(s.Title, 90)), plain(s.URL))
		if s.Match != nil {
			fmt.Fprintf(b, "      %s\n", plain(s.Match.Excerpt))
		}
	}
}
