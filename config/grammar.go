package config

import (
	"time"

	"veille"
)

// document is the main file. Its tags are the grammar: the decoder, the schema
// and the manual all read them.
type document struct {
	fragment
	Schedule string        `yaml:"schedule" doc:"When to poll: a cron expression of five fields, or @every 5m, @hourly, @daily. A source may set its own."`
	Timezone string        `yaml:"timezone" doc:"The IANA time zone in which schedules are read and alerts show times, such as Europe/Paris."`
	Language string        `yaml:"language" enum:"en fr" doc:"The language of alerts, around what the articles say. A receiver may set its own."`
	Lookback time.Duration `yaml:"lookback" doc:"The first poll of a source alerts only on articles published within this time."`
	Contact  string        `yaml:"contact" doc:"How a site can reach the operator: a mailto: or https: address that goes into the User-Agent."`
	Include  []string      `yaml:"include" unique:"true" doc:"More files with sources, watches, concepts and receivers: paths or globs, relative to this file's folder."`
	Health   []string      `yaml:"health" unique:"true" doc:"The receivers of events about Veille itself: a source that fails, a rejected configuration. Default: those that no watch names, else all."`
	Crawl    crawl         `yaml:"crawl" doc:"What Veille does to the web, at most."`
	HTTP     httpServer    `yaml:"http" doc:"The daemon's own server: dashboard, API, feeds, health and metrics, and who may see them."`
	Store    store         `yaml:"store" doc:"What remembers."`
	Retain   retain        `yaml:"retain" doc:"How long things are remembered."`
	Backup   backup        `yaml:"backup" doc:"Copies of the store that the daemon makes by itself."`
	Archive  string        `yaml:"archive" enum:"warc off" doc:"warc: keep every fetched revision, request and answer, as WARC files in the data folder. Default: off."`
}

// fragment is what an included file may hold.
type fragment struct {
	At        place               `yaml:"-"`
	Sources   []source            `yaml:"sources" doc:"Where to look."`
	Concepts  map[string][]string `yaml:"concepts" trap:"word" doc:"Named sets of words and phrases that every watch may use as @name."`
	Watches   []watch             `yaml:"watches" doc:"What to look for, and whom to tell."`
	Receivers map[string]place    `yaml:"receivers" doc:"How to reach people: a name, then the kind with its options."`
}

type source struct {
	At           place                    `yaml:"-"`
	URL          string                   `yaml:"url" required:"true" pattern:"^https?://" doc:"A section page, an RSS, Atom or JSON feed, or a sitemap: told by its content."`
	Name         string                   `yaml:"name" doc:"The name in watches, logs and the store. Default: made from the URL."`
	Schedule     string                   `yaml:"schedule" doc:"When to poll this source. Default: the schedule of the file."`
	Timezone     string                   `yaml:"timezone" doc:"The time zone of this source's schedule. Default: the time zone of the file."`
	Language     string                   `yaml:"language" pattern:"^[a-z]{2,3}$" doc:"The language of the articles as an ISO 639 code. Default: what each page declares."`
	Tags         []string                 `yaml:"tags" unique:"true" doc:"Labels that watches select with tag:NAME."`
	Links        links                    `yaml:"links" doc:"Which links are articles, where the automatic choice needs help."`
	Select       selectors                `yaml:"select" doc:"CSS selectors for pages that the automatic reading gets wrong."`
	Headers      map[string]veille.Secret `yaml:"headers" doc:"Request headers for this source's host. Values are secrets."`
	AllowPrivate bool                     `yaml:"allow_private" doc:"Lets this source, and only it, live on a loopback or private address."`
	Recheck      []time.Duration          `yaml:"recheck" doc:"When to look again for edits, as growing ages since the article was first seen; [] never."`
}

type links struct {
	Include []string `yaml:"include" doc:"Regular expressions (RE2); a link is kept when its URL matches one of them."`
	Exclude []string `yaml:"exclude" doc:"Regular expressions (RE2); a link is dropped when its URL matches one of them."`
}

type selectors struct {
	Title     string `yaml:"title" doc:"The element that holds the title."`
	Body      string `yaml:"body" doc:"The element that holds the text."`
	Published string `yaml:"published" doc:"The element that holds the time of publication."`
	Author    string `yaml:"author" doc:"The elements that hold the authors."`
}

type watch struct {
	_     struct{} `later:"digest quiet"`
	At    place    `yaml:"-"`
	Name  string   `yaml:"name" required:"true" doc:"What alerts call this watch; unique."`
	Query string   `yaml:"query" trap:"query" doc:"A query with AND, OR, NOT, NEAR/n, BEFORE/n, n of (…), parentheses, \"phrases\", prefix*, ~inflected, =exact, field: and @concept."`
	group
	In        []string          `yaml:"in" unique:"true" alone:"added" enum:"added title lead body text url author" doc:"The fields in which the words of the lists are looked for, by default title and body; or added: look only at the words that an edit adds."`
	Only      string            `yaml:"only" enum:"title" doc:"title: tell of an edit only where the title changed."`
	MinChange int               `yaml:"min_change" doc:"The smallest edit to tell, in words added or removed, whichever are more. Default: any."`
	Broad     bool              `yaml:"broad" doc:"Says that a watch which nearly every article satisfies is meant."`
	Sources   []string          `yaml:"sources" unique:"true" doc:"Names or globs of sources, or tag:NAME. Default: all sources."`
	Languages []string          `yaml:"languages" unique:"true" pattern:"^[a-z]{2,3}$" doc:"ISO 639 codes of the languages to read. Default: all."`
	On        []string          `yaml:"on" unique:"true" enum:"published edited withdrawn grown" doc:"What to tell: a matching article, its edits, its withdrawal, that more outlets carry its story. Default: [published, edited]."`
	Story     string            `yaml:"story" enum:"once each" doc:"once: near copies of one text alert once; each: every copy alerts. Default: once."`
	Severity  string            `yaml:"severity" enum:"low normal high critical" doc:"How much the alerts of this watch matter. Receivers show it, and notify may use it."`
	Labels    map[string]string `yaml:"labels" doc:"Names with values, such as desk: asia. Alerts carry them, and notify may use them."`
	Tests     *tests            `yaml:"tests" doc:"Texts on which veille check tries the watch."`
	Notify    []string          `yaml:"notify" required:"true" unique:"true" doc:"The receivers to tell: names; severity or severity:LEVEL for those that list it; label:KEY or label:KEY=VALUE for those that have it."`
}

// tests are texts that a watch must match, and must not.
type tests struct {
	Match []string `yaml:"match" doc:"Texts that must match: the text itself (a title, a blank line and the body, or the body alone), a file as ./page.html, or a URL, which veille check --online reads."`
	Miss  []string `yaml:"miss" doc:"Texts that must not match, written likewise."`
}

// receiver is what may stand beside a receiver's kind.
type receiver struct {
	Digest   *digest           `yaml:"digest" doc:"Gathers alerts into one message. Default: each alert at once."`
	Rate     string            `yaml:"rate" pattern:"^[0-9]+/[0-9].*$" doc:"The most messages in a time, such as 20/1m, beside what its service allows."`
	Quiet    *quiet            `yaml:"quiet" doc:"Hours in which only what needs a person is told; the rest goes as a digest when they end."`
	Severity []string          `yaml:"severity" unique:"true" enum:"low normal high critical" doc:"The severities that a watch may name this receiver by."`
	Labels   map[string]string `yaml:"labels" doc:"The labels that a watch may name this receiver by."`
}

type digest struct {
	Every time.Duration `yaml:"every" doc:"A digest so long after the oldest alert in it, at least 1m."`
	At    string        `yaml:"at" doc:"A digest at the times of a cron expression, such as 0 7 * * *, in the time zone of the file."`
	Max   int           `yaml:"max" doc:"How many alerts a digest shows in full, 1 to 100; the others are links. Default: 20."`
	Above int           `yaml:"above" doc:"Gathers also what goes at once when more alerts of one watch than this wait; 0 never. Default: 20 for people, 0 for programs."`
}

type quiet struct {
	From     string `yaml:"from" required:"true" pattern:"^([01]?[0-9]|2[0-3]):[0-5][0-9]$" doc:"When the quiet hours begin, such as 22:00."`
	To       string `yaml:"to" required:"true" pattern:"^([01]?[0-9]|2[0-3]):[0-5][0-9]$" doc:"When they end, such as 07:00; before from, it is the next day."`
	Timezone string `yaml:"timezone" doc:"The IANA time zone of both. Default: the time zone of the file."`
}

// group are the keys of the list form.
type group struct {
	All     []clause `yaml:"all" doc:"What must all be there: words, phrases, or groups with keys of their own."`
	Any     []clause `yaml:"any" doc:"What of which one must be there."`
	None    []clause `yaml:"none" doc:"What must not be there."`
	AtLeast *atLeast `yaml:"at_least" doc:"What of which some must be there."`
	Near    *int     `yaml:"near" doc:"How many words may stand between the members of all, at most."`
}

// clause is an item of the list form: a word or phrase, or a mapping.
type clause struct {
	At   place  `yaml:"-"`
	Item string `yaml:"-" trap:"word"`
	group
	In        []string `yaml:"in" unique:"true" enum:"title lead body text url author" doc:"The fields in which the words are looked for. Default: those of the group around."`
	Languages []string `yaml:"languages" unique:"true" pattern:"^[a-z]{2,3}$" doc:"ISO 639 codes: an article in another language does not satisfy the group."`
}

type atLeast struct {
	N  int      `yaml:"n" required:"true" doc:"How many of them, at least."`
	Of []clause `yaml:"of" required:"true" doc:"The members."`
}

type crawl struct {
	Spacing  time.Duration `yaml:"spacing" doc:"The least time between two requests to one host, across all sources."`
	Parallel int           `yaml:"parallel" doc:"How many hosts may be visited at once: 1 to 1024."`
	Timeout  time.Duration `yaml:"timeout" doc:"How long one request may take, from the dial to the last byte; a redirect is a request of its own."`
	MaxBody  int64         `yaml:"max_body" unit:"bytes" doc:"The largest answer that is read, after decompression."`
}

type httpServer struct {
	Listen         string        `yaml:"listen" doc:"host:port to listen on, or off. Beyond loopback, a password, a token or forward_auth is required."`
	Password       veille.Secret `yaml:"password" doc:"The password of the dashboard; at least eight characters."`
	Tokens         []httpToken   `yaml:"tokens" doc:"Bearer tokens for the API, the feeds and the metrics."`
	Insecure       bool          `yaml:"insecure" doc:"Lets the server listen beyond loopback without a password: everybody who reaches it reads and commands all."`
	Hosts          []string      `yaml:"hosts" unique:"true" doc:"Further names under which browsers reach the server, such as veille.example.org; IP addresses and localhost always are."`
	TrustedProxies []string      `yaml:"trusted_proxies" unique:"true" doc:"Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed."`
	ForwardAuth    string        `yaml:"forward_auth" pattern:"^[A-Za-z][A-Za-z0-9-]*$" doc:"The header in which a trusted proxy names the person that it has let in, such as X-Forwarded-User."`
}

type httpToken struct {
	At    place         `yaml:"-"`
	Name  string        `yaml:"name" required:"true" doc:"What the log calls the token; unique."`
	Token veille.Secret `yaml:"token" required:"true" doc:"The secret itself; at least 16 characters."`
	Write bool          `yaml:"write" doc:"Lets the token retry and drop deliveries and poll sources, beside reading."`
}

type store struct {
	_    struct{} `later:"nats"`
	Bolt bolt     `yaml:"bolt" doc:"One file in the data folder."`
}

type bolt struct {
	MaxSize int64 `yaml:"max_size" unit:"bytes" doc:"The size that the file may reach. Default: what the disk holds."`
}

type retain struct {
	Articles   time.Duration `yaml:"articles" doc:"How long an article is remembered after it was last seen."`
	Deliveries time.Duration `yaml:"deliveries" doc:"How long settled deliveries are remembered."`
	Size       int64         `yaml:"size" unit:"bytes" doc:"What the data of the store may take; beyond it the oldest articles go first. Default: no limit."`
}

type backup struct {
	To       string `yaml:"to" doc:"The folder that the copies go to, relative to this file's folder; a place on another disk survives this one."`
	Schedule string `yaml:"schedule" doc:"When to make a copy: a cron expression of five fields, or @daily."`
	Keep     int    `yaml:"keep" doc:"How many copies stay; older ones are removed."`
}

// defaults is a main file that says nothing.
func defaults() document {
	return document{
		Schedule: "*/10 * * * *",
		Timezone: "UTC",
		Language: "en",
		Lookback: 24 * time.Hour,
		Crawl:    crawl{Spacing: time.Second, Parallel: 32, Timeout: 30 * time.Second, MaxBody: 8 << 20},
		HTTP:     httpServer{Listen: "127.0.0.1:8080"},
		Retain:   retain{Articles: 90 * day, Deliveries: 30 * day},
		Backup:   backup{Schedule: "30 3 * * *", Keep: 7},
	}
}

// defaultRecheck is when articles are read again where a source does not say.
func defaultRecheck() []time.Duration {
	return []time.Duration{15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}
}
