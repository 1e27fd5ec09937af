package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"veille"
	"veille/config"
	"veille/monitor/backtest"
	"veille/monitor/query"
)

const (
	// linted is how many of the newest articles a watch is tried on, and
	// leastLinted how many there must be.
	linted, leastLinted = 2000, 50
	// tooMany is the part of them that a watch may match, one in so many.
	tooMany = 5
)

// lint lists what of a configuration without mistakes does nothing, or too much.
func (a *app) lint(ctx context.Context, conf *config.Config, set *query.Set) []string {
	var out []string
	checker := query.NewChecker(conf.Concepts, nil)
	for _, w := range conf.Watches {
		for _, p := range checker.Lint(w) {
			out = append(out, fmt.Sprintf("watch %q: %v", w.Name, p))
		}
	}
	used := checker.Uses(conf.Watches)
	for _, name := range slices.Sorted(maps.Keys(conf.Concepts)) {
		if !used[name] {
			out = append(out, "concept "+name+": no watch uses it")
		}
	}
	for _, r := range conf.Receivers {
		named := slices.ContainsFunc(conf.Watches, func(w veille.Watch) bool { return slices.Contains(w.Notify, r.Name) })
		if !named && !slices.Contains(conf.Health, r.Name) {
			out = append(out, "receiver "+r.Name+": no watch names it, and it is not under health")
		}
	}
	out = append(out, lintPolls(conf)...)
	return append(out, a.lintBreadth(ctx, conf, set)...)
}

// lintBreadth tries the watches on the newest stored articles, where there is a
// store.
func (a *app) lintBreadth(ctx context.Context, conf *config.Config, set *query.Set) []string {
	if none(storePath(a.data())) {
		return nil
	}
	from, err := a.openRecords(ctx)
	if err != nil {
		return []string{"the stored articles could not be read, so that no watch was tried on them: " + err.Error()}
	}
	defer from.Close()
	run := backtest.New(backtest.Rules{Sources: conf.Sources, Watches: conf.Watches, Matcher: set}, nil, time.Now(), time.Now())
	articles, err := from.Articles(ctx, veille.ArticleFilter{Page: veille.Page{Limit: linted}})
	if err != nil {
		return []string{"the stored articles could not be read, so that no watch was tried on them: " + err.Error()}
	}
	for _, article := range articles {
		run.Add(article)
	}
	report := run.Report()
	var out []string
	for i, w := range report.Watches {
		if report.Articles >= leastLinted && w.Hits*tooMany > report.Articles && !conf.Watches[i].Broad {
			out = append(out, fmt.Sprintf("watch %q: it matches %d %% of the newest %d stored articles; veille backtest shows which", w.Watch, 100*w.Hits/report.Articles, report.Articles))
		}
	}
	return out
}
