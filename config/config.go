package config

import (
	"net/netip"
	"time"

	"veille"
)

// Checks are the judgements that other packages own; cmd/veille injects them.
// A nil function judges nothing.
type Checks struct {
	// Kinds are the receiver kinds, alphabetical.
	Kinds []veille.ReceiverKind
	// Schedule judges a cron expression in a time zone; allowPrivate is that of
	// the source, whose limits may be wider.
	Schedule func(expr, zone string, allowPrivate bool) error
	// Port judges the port of a source's URL, "" being the scheme's own.
	Port func(port string, allowPrivate bool) error
	// Selector judges a CSS selector.
	Selector func(css string) error
	// Rules makes the judge of what the watches look for, from the concepts and
	// the tags of the sources.
	Rules func(concepts map[string][]string, tags []string) Rules
}

// Rules judges what the watches of one configuration look for.
type Rules interface {
	// Watch judges a watch. Problem.Path is "query" or a way into the list form,
	// "all[0]" or "any[1].at_least.of[2]"; Offset is a byte offset within that
	// text.
	Watch(w veille.Watch) []veille.Problem
	// Concepts judges the named sets. Problem.Path is "name[2]".
	Concepts() []veille.Problem
}

// Config is a whole configuration. It never changes after Load and holds no
// run state.
type Config struct {
	// Files are the files that were read, the main one first; secret files are
	// among them.
	Files []string
	// Inputs say what to watch for changes.
	Inputs Inputs

	// Schedule and TimeZone are the defaults that the sources already carry.
	Schedule string
	TimeZone string
	// Language is that of alerts: "en" or "fr".
	Language string
	// Lookback bounds how old an article of a first poll may be to alert.
	Lookback time.Duration
	// Contact goes into the User-Agent; empty if none is given.
	Contact string

	Sources  []veille.Source
	Concepts map[string][]string
	Watches  []veille.Watch
	// Tests are those of the watches that have some.
	Tests []WatchTests
	// Receivers are sorted by name.
	Receivers []veille.Receiver
	// Health names the receivers of events about Veille itself.
	Health []string

	Crawl  Crawl
	HTTP   HTTP
	Store  Store
	Retain Retain
	Backup Backup
	// Archive keeps the pages that revisions were read from.
	Archive bool
}

// WatchTests are texts that a watch must match, and must not: the text itself,
// the path of a file behind ./, ../ or /, or a URL.
type WatchTests struct {
	Watch       string
	Match, Miss []string
	// Dir is the folder of the file that the tests are in; empty where they are
	// in none.
	Dir string
}

// Crawl bounds what Veille does to the web.
type Crawl struct {
	// Spacing is the least time between two requests to one host.
	Spacing time.Duration
	// Timeout bounds one request, from the dial to the last byte; a redirect is a
	// request of its own.
	Timeout time.Duration
	// Parallel is how many hosts may be visited at once.
	Parallel int
	// MaxBody bounds one answer in bytes, as sent and after decompression.
	MaxBody int64
}

// HTTP is the daemon's own server.
type HTTP struct {
	// Listen is host:port; empty when the server is off.
	Listen string
	// Password opens the dashboard; zero if none is set.
	Password veille.Secret
	Tokens   []Token
	// Insecure says that the operator wants no password beyond loopback.
	Insecure bool
	// Hosts are names that the Host header may hold, lower case, without port.
	Hosts []string
	// TrustedProxies are those whose forwarded headers are believed.
	TrustedProxies []netip.Prefix
	// ForwardAuth is the header that names whom a trusted proxy let in; empty
	// for none.
	ForwardAuth string
}

// Token lets a program in.
type Token struct {
	Name   string
	Secret veille.Secret
	Write  bool
}

// Store says what remembers.
type Store struct{ Bolt Bolt }

// Bolt is the store in one file.
type Bolt struct {
	// MaxSize bounds the file, in bytes; 0 leaves it to the disk.
	MaxSize int64
}

// Retain says how long things are remembered.
type Retain struct {
	Articles   time.Duration
	Deliveries time.Duration
	// Size bounds the data of the store, in bytes; 0 does not.
	Size int64
}

// Backup says when the daemon copies its store.
type Backup struct {
	// To is the folder of the copies; empty for none.
	To string
	// Schedule is read in the time zone of the configuration.
	Schedule string
	// Keep is how many copies stay.
	Keep int
}
