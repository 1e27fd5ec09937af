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

// inherited judges what the file says for the sources that do not say it
// themselves: the schedule narrowly if one of them is public.
func (l *loader) inherited(root place) {
	if at := root.key("schedule"); !at.failed() {
		l.schedule(at, root.key("timezone"), schedule{l.config.Schedule, zoneOrUTC(l.config.TimeZone), !l.publicDefault})
	}
	ladder := defaultRecheck()
	if at := root.key("retain").key("articles"); l.ladderDefault && l.config.Retain.Articles >= day && l.config.Retain.Articles < ladder[len(ladder)-1] && !at.failed() {
		at.wrong("shorter than articles are looked at again for edits", "write at least "+formatDuration(ladder[len(ladder)-1])+", or give each source its recheck")
	}
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

// zone says so if a time zone is none.
func (l *loader) zone(at place, name string) {
	if name != "" && name != "Local" {
		if _, err := time.LoadLocation(name); err == nil {
			return
		}
	}
	help := "write an IANA name such as Europe/Paris or UTC"
	if did := didYouMean(name, commonZones[:]); did != "" && len(at.filled().values) == 0 {
		help = did
	}
	at.wrong(at.quoted()+" is not a time zone", help)
}

// commonZones are names to suggest, of the zones where news agencies are.
var commonZones = [...]string{
	"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
	"America/Chicago", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto",
	"Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Vladivostok",
	"Australia/Sydney", "Europe/Berlin", "Europe/Brussels", "Europe/Istanbul", "Europe/Kyiv", "Europe/London", "Europe/Madrid",
	"Europe/Moscow", "Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Zurich", "UTC",
}

// schedule is an expression as it is judged.
type schedule struct {
	expr, zone string
	private    bool
}

// schedule judges an expression, each different one once.
func (l *loader) schedule(at, zone place, s schedule) {
	if s.expr == "" {
		at.wrong("an empty schedule", `write a cron expression such as "*/10 * * * *", or @every 10m`)
		return
	}
	if l.checks.Schedule == nil {
		return
	}
	err, known := l.schedules[s]
	if !known {
		err = l.checks.Schedule(s.expr, s.zone, s.private)
		l.schedules[s] = err
	}
	if err == nil {
		return
	}
	// The zone is not at the place of the expression, but the message may name it.
	if e := zone.filled(); e.shownIn(err.Error()) {
		at.wrong("this schedule is refused", "values of the environment are not shown")
		return
	}
	at.wrong(err.Error(), "")
}

// checkName refuses names that cannot be shown on one line.
func checkName(at place, name string) bool {
	switch {
	case name == "":
		at.wrong("an empty name", "write one, or remove the key")
	case len([]rune(name)) > 100:
		at.wrong("this name is too long", "at most 100 characters")
	case strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl):
		at.wrong("a name with blanks around it or control characters in it", "remove them")
	default:
		return true
	}
	return false
}

// growing reports whether the ages grow strictly, from the least one on.
func growing(ages []time.Duration, least time.Duration) bool {
	for i, d := range ages {
		if d < least || i > 0 && d <= ages[i-1] {
			return false
		}
	}
	return true
}

// leastRecheck is the youngest age at which an article may be looked at again:
// a site of one's own bears more than a guest may ask of others.
func leastRecheck(allowPrivate bool) time.Duration {
	if allowPrivate {
		return time.Second
	}
	return time.Minute
}
