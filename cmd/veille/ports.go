package main

import (
	"veille/crawler"
	"veille/monitor"
	"veille/monitor/query"
	"veille/notify"
	"veille/store/bolt"
	"veille/web"
	"veille/why"
)

// Callers declare the interfaces; here is where the two sides meet.
var (
	_ monitor.Crawler = (*crawler.Crawler)(nil)
	_ monitor.Matcher = (*query.Set)(nil)
	_ monitor.Store   = (*bolt.Store)(nil)
	_ notify.Outbox   = (*bolt.Store)(nil)
	_ crawler.Memory  = (*bolt.Store)(nil)
	_ web.Reader      = (*bolt.Store)(nil)
	_ why.Store       = (*bolt.Store)(nil)
	_ why.Matcher     = (*query.Set)(nil)
	_ web.Operator    = (*operator)(nil)
	_ web.Searcher    = (*operator)(nil)
	_ web.Chronicle   = chronicle{}
	_ web.Status      = (*status)(nil)
	_ web.Desk        = (*desk)(nil)
	_ records         = (*controlClient)(nil)
	_ records         = (*operator)(nil)
)
