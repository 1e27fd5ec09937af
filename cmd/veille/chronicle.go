package main

import (
	"context"
	"fmt"
	"slices"

	"veille"
	"veille/web"
	"veille/why"
)

// chronicle is what `veille why` says, for the pages: by the rules in force.
type chronicle struct {
	own  *operator
	desk *desk
}

// Life implements web.Chronicle.
func (c chronicle) Life(ctx context.Context, of, watch, language string) (web.Life, error) {
	return c.life(ctx, of, watch, language, false)
}

// Look implements web.Chronicle.
func (c chronicle) Look(ctx context.Context, of, watch, language string) (web.Life, error) {
	return c.life(ctx, of, watch, language, true)
}

func (c chronicle) life(ctx context.Context, of, watch, language string, now bool) (web.Life, error) {
	setup, rules := c.desk.inForce()
	if watch != "" && !slices.ContainsFunc(setup.Watches, func(w veille.Watch) bool { return w.Name == watch }) {
		return web.Life{}, fmt.Errorf("watch %q: %w", watch, veille.ErrNotFound)
	}
	facts, err := why.Gather(ctx, c.own, of)
	if err != nil {
		return web.Life{}, err
	}
	var seen []why.Sighting
	if now && facts.Unseen() {
		if seen, err = c.own.Look(ctx, facts.URL); err != nil {
			return web.Life{}, err
		}
	}
	life := lifeOf(why.Explain(facts, why.Rules{Sources: setup.Sources, Watches: setup.Watches, Matcher: rules, Only: watch}, seen, why.Language(language)))
	life.MayLook = facts.Unseen() && seen == nil && life.Stage == string(why.Unlisted)
	return life, nil
}

func lifeOf(e why.Explanation) web.Life {
	life := web.Life{URL: e.URL, Article: e.Article, Title: e.Title, Stage: string(e.Stage), Because: e.Because, Steps: []web.LifeStep{}}
	for _, s := range e.Steps {
		life.Steps = append(life.Steps, web.LifeStep(s))
	}
	for _, v := range e.Watches {
		life.Watches = append(life.Watches, web.LifeVerdict{Watch: v.Watch, Result: string(v.Result), Why: v.Why, Match: v.Match, Miss: v.Miss})
	}
	for _, d := range e.Deliveries {
		life.Deliveries = append(life.Deliveries, web.LifeAlert(d))
	}
	return life
}
