package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"veille"
	"veille/config"
	"veille/monitor/query"
)

// tryWatches runs the tests that stand beside the watches. Those that name a URL
// run online only.
func (a *app) tryWatches(ctx context.Context, conf *config.Config, set *query.Set, online bool) error {
	if len(conf.Tests) == 0 {
		return nil
	}
	r, closeReader := a.newReader(conf, learned{})
	defer closeReader()
	failed, ran := 0, 0
	for _, t := range conf.Tests {
		i := slices.IndexFunc(conf.Watches, func(w veille.Watch) bool { return w.Name == t.Watch })
		w := conf.Watches[i]
		for n, text := range slices.Concat(t.Match, t.Miss) {
			if isURL(text) && !online {
				continue
			}
			ran++
			want, name := n < len(t.Match), fmt.Sprintf("tests.match[%d]", n)
			if !want {
				name = fmt.Sprintf("tests.miss[%d]", n-len(t.Match))
			}
			if problem := r.tryWatch(ctx, set, w, t.Dir, text, want); problem != "" {
				failed++
				_, _ = fmt.Fprintf(a.stderr, "watch %q: %s: %s\n", plain(w.Name), name, plain(problem))
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %s of the watches failed: %w", failed, counted(ran, "test"), errUsage)
	}
	return nil
}

// tryWatch says why a test does not hold; empty where it does.
func (r *reader) tryWatch(ctx context.Context, set *query.Set, w veille.Watch, dir, text string, want bool) string {
	snap, err := r.testText(ctx, dir, text)
	if err != nil {
		return err.Error()
	}
	matches, misses := judge(set, []veille.Watch{w}, nil, snap)
	if got := slices.ContainsFunc(matches, func(m veille.Match) bool { return m.Watch == w.Name }); got == want {
		return ""
	}
	if !want {
		i := slices.IndexFunc(matches, func(m veille.Match) bool { return m.Watch == w.Name })
		return fmt.Sprintf("%q must not match, and does: %s", cut(text, 60), matches[i].Excerpt)
	}
	i := slices.IndexFunc(misses, func(m veille.Miss) bool { return m.Watch == w.Name })
	return fmt.Sprintf("%q must match, and does not: %s: %s", cut(text, 60), misses[i].Failed, misses[i].Why)
}

// testText is an article of which a test speaks.
func (r *reader) testText(ctx context.Context, dir, text string) (veille.Snapshot, error) {
	switch {
	case isURL(text):
		return r.extract(ctx, input{Name: text, URL: text})
	case strings.HasPrefix(text, "./"), strings.HasPrefix(text, "../"):
		return r.extract(ctx, input{Name: text, path: filepath.Join(dir, text)})
	case strings.HasPrefix(text, "/") && !strings.ContainsAny(text, " \n"):
		return r.extract(ctx, input{Name: text, path: text})
	}
	title, body, both := strings.Cut(strings.TrimSpace(text), "\n\n")
	if !both {
		title, body = "", text
	}
	return veille.Snapshot{Kind: veille.KindArticle, Title: title, Body: body}, nil
}
