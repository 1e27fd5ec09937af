package main

import (
	"context"
	"errors"

	"veille"
	"veille/config"
	"veille/crawler/discover"
)

// learned asks for every page afresh, and knows what the sites have taught: a
// command reads a page as the daemon would. Without a store it knows nothing.
type learned struct {
	from interface {
		Site(ctx context.Context, name string) (veille.Site, error)
	}
}

// openLearned asks the running daemon, or opens its file; what neither can say
// is done without.
func (a *app) openLearned(ctx context.Context) (known learned, done func()) {
	from, err := a.openRecords(ctx)
	if err != nil {
		if !errors.Is(err, errNoStore) {
			a.log().Warn("read without what the sites have taught", "error", err)
		}
		return learned{}, func() {}
	}
	return learned{from}, func() { _ = from.Close() }
}

func (learned) Validators(context.Context, string) (veille.Validators, error) {
	return veille.Validators{}, veille.ErrNotFound
}

func (l learned) Site(ctx context.Context, name string) (veille.Site, error) {
	if l.from == nil {
		return veille.Site{}, veille.ErrNotFound
	}
	return l.from.Site(ctx, name)
}

// of returns what the site of a page has taught, nil if nothing.
func (l learned) of(ctx context.Context, address string) *veille.Site {
	name := discover.SiteOf(address)
	if name == "" {
		return nil
	}
	site, err := l.Site(ctx, name)
	if err != nil {
		return nil
	}
	return &site
}

// loadIfAny reads the configuration where there is one; nil without.
func (a *app) loadIfAny() (*config.Config, error) {
	path, err := a.configFile()
	if path == "" || err != nil {
		return nil, err
	}
	return config.Load(path, a.lookup, checks())
}
