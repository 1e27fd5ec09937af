package main

import (
	"sync"
	"time"

	"veille"
	"veille/config"
	"veille/monitor"
	"veille/monitor/query"
	"veille/web"
	"veille/web/access"
)

// desk is the configuration in force as the pages show it. A reload replaces
// it whole.
type desk struct {
	monitor *monitor.Monitor

	mu      sync.Mutex
	setup   web.Setup
	matcher *query.Set
	conf    *config.Config
}

// put brings a configuration into force.
func (d *desk) put(conf *config.Config, matcher *query.Set, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.matcher, d.conf = matcher, conf
	d.setup = web.Setup{
		Loaded: at, Files: conf.Files, TimeZone: conf.TimeZone,
		Sources: conf.Sources, Watches: conf.Watches, Receivers: conf.Receivers, Concepts: conf.Concepts,
	}
}

// reject says that the newest configuration is not in force; "" that it is.
func (d *desk) reject(why string, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setup.Rejected, d.setup.RejectedAt = why, at
}

func (d *desk) Setup() web.Setup {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.setup
}

// configuration is the one in force.
func (d *desk) configuration() *config.Config {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.conf
}

// setting is what a search must know.
func (d *desk) setting() setting {
	setup := d.Setup()
	zone, err := time.LoadLocation(setup.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return setting{setup.Concepts, setup.Sources, zone}
}

// inForce returns the configuration in force and its compiled watches.
func (d *desk) inForce() (web.Setup, *query.Set) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.setup, d.matcher
}

// Draft judges a watch as `veille check` would, and compiles it.
func (d *desk) Draft(w veille.Watch) (web.Matcher, []veille.Problem) {
	setup := d.Setup()
	concepts, tags := setup.Concepts, []string{}
	for _, source := range setup.Sources {
		tags = append(tags, source.Tags...)
	}
	if problems := query.NewChecker(concepts, tags).Watch(w); len(problems) > 0 {
		return nil, problems
	}
	set, err := query.Compile([]veille.Watch{w}, concepts)
	if err != nil {
		return nil, []veille.Problem{{Path: "query", What: err.Error()}}
	}
	return set, nil
}

func (d *desk) PollNow(source string) { d.monitor.PollNow(source) }

// accessPolicy is who may come in, as the configuration says.
func accessPolicy(h config.HTTP) access.Policy {
	p := access.Policy{Password: h.Password, Hosts: h.Hosts, TrustedProxies: h.TrustedProxies, ForwardAuth: h.ForwardAuth}
	for _, t := range h.Tokens {
		p.Tokens = append(p.Tokens, access.Token{Name: t.Name, Secret: t.Secret, Write: t.Write})
	}
	return p
}
