package config

import (
	"net/url"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// settings checks what only the main file may say.
func (l *loader) settings(doc document) {
	c := &l.config
	c.Schedule, c.TimeZone, c.Lookback, c.Contact = doc.Schedule, doc.Timezone, doc.Lookback, doc.Contact
	c.Language = doc.Language
	c.Crawl = doc.Crawl.public()
	c.Store = Store{Bolt: Bolt{MaxSize: doc.Store.Bolt.MaxSize}}
	c.Retain = Retain(doc.Retain)
	c.Archive = doc.Archive == "warc"

	if doc.Contact != "" {
		l.contact(doc.At.key("contact"), doc.Contact)
	}
	l.crawlLimits(doc.At.key("crawl"), doc.Crawl)
	l.server(doc.At.key("http"), doc.HTTP)
	if size := doc.Store.Bolt.MaxSize; size != 0 && size < 1<<20 {
		doc.At.key("store").key("bolt").key("max_size").wrong("too small for a store", "write at least 1MiB")
	}
	at := doc.At.key("retain")
	if doc.Retain.Articles < day {
		at.key("articles").wrong("too short: a source would alert again on what it still lists", "write at least 1d")
	}
	if doc.Retain.Deliveries < day {
		at.key("deliveries").wrong("too short to look at what was sent", "write at least 1d")
	}
	if size := doc.Retain.Size; size != 0 && size < 1<<20 {
		at.key("size").wrong("too small for a store", "write at least 1MiB")
	}
	l.backup(doc)
	if zone := doc.At.key("timezone"); !zone.failed() {
		l.zone(zone, doc.Timezone)
	}
}

// backup checks the copies of the store.
func (l *loader) backup(doc document) {
	at, b := doc.At.key("backup"), doc.Backup
	c := Backup(b)
	switch to := at.key("to"); {
	case at.missing:
		return
	case to.missing || b.To == "":
		at.wrong("copies without a place to go to", "write to: a folder, best on another disk")
	case !filepath.IsAbs(b.To):
		c.To = filepath.Join(doc.At.in.text.dir, b.To)
	}
	if b.Keep < 1 || b.Keep > 1000 {
		at.key("keep").wrong("out of range", "write 1 to 1000")
	}
	if when := at.key("schedule"); !when.failed() {
		l.schedule(when, doc.At.key("timezone"), schedule{b.Schedule, zoneOrUTC(doc.Timezone), true})
	}
	l.config.Backup = c
}

func (c crawl) public() Crawl {
	return Crawl{Spacing: c.Spacing, Timeout: c.Timeout, Parallel: c.Parallel, MaxBody: c.MaxBody}
}

func (l *loader) contact(at place, contact string) {
	u, err := url.Parse(contact)
	switch {
	case strings.ContainsFunc(contact, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r > 0x7E || strings.ContainsRune("()", r)
	}):
		at.wrong("a contact goes into an HTTP header", "write it in ASCII without blanks and parentheses")
	case err == nil && u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"):
	case err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "":
	default:
		at.wrong("this is no address to reach somebody at", "write mailto:you@example.org or https://example.org/contact")
	}
}

func (l *loader) crawlLimits(at place, c crawl) {
	if c.Spacing > time.Hour {
		at.key("spacing").wrong("too long", "write at most 1h")
	}
	if c.Parallel < 1 || c.Parallel > 1024 {
		at.key("parallel").wrong("out of range", "write 1 to 1024")
	}
	if c.Timeout < 100*time.Millisecond || c.Timeout > 10*time.Minute {
		at.key("timeout").wrong("out of range", "write 100ms to 10m")
	}
	if c.MaxBody < 1<<10 || c.MaxBody > 1<<30 {
		at.key("max_body").wrong("out of range", "write 1KiB to 1GiB")
	}
}
