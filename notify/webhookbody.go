package notify

import (
	"fmt"

	"veille"
)

const (
	// maxWebhookBody is the largest body of a webhook, in bytes.
	maxWebhookBody = 20000
	// plainWebhookBody is the largest body of the second try after a refusal.
	plainWebhookBody = 3000
	// webhookMembers is how many alerts of a digest fit with their titles and
	// addresses.
	webhookMembers = 25
	// memberName is what each member of a digest may take besides: its name.
	memberName = 120
)

// cuts are the bounds of one step of shortening; bytes, and counts of items.
type cuts struct {
	excerpt, summary, diff, text       int
	terms, changes, matches, authors   int
	title, watches, message, url, name int
}

// shortening goes from what is missed least to what is missed most: excerpts,
// terms, summary and diff first; the title, the address and the names of the
// watches last.
func shortening() []cuts {
	const all = 1 << 30
	return []cuts{
		{excerpt: 2000, summary: 1500, diff: 4000, text: 400, terms: 50, changes: 20, matches: all, authors: all, title: all, watches: all, message: all, url: all, name: all},
		{excerpt: 600, summary: 600, diff: 2000, text: 200, terms: 10, changes: 10, matches: 50, authors: 20, title: all, watches: all, message: 4000, url: all, name: all},
		{excerpt: 300, summary: 200, diff: 600, text: 100, terms: 3, changes: 4, matches: 20, authors: 5, title: 1000, watches: 100, message: 2000, url: 4000, name: 300},
		{excerpt: 200, terms: 1, text: 60, matches: 6, authors: 2, title: 500, watches: 50, message: 1000, url: 2048, name: 120},
		{excerpt: 100, matches: 3, title: 300, watches: 10, message: 500, url: 1024, name: 80},
		{title: 200, watches: 3, message: 300, url: 1024, name: 60},
		{title: 60, message: 60, url: 300, name: 30},
	}
}

// encodeEvent writes an event as JSON of at most limit bytes, and marks it
// truncated if something had to go. The same event gives the same bytes. Of a
// digest no member may go, for each is told with it: at the least its id stays,
// and one whose ids do not fit is an error, after which they are told one by
// one.
func encodeEvent(e veille.Event, limit int) ([]byte, error) {
	// Where even one part is far too long, encoding it to find out is skipped.
	if weight(e) <= 2*limit {
		body, err := marshal(e)
		if err != nil || len(body) <= limit {
			return body, err
		}
	}
	for _, c := range shortening() {
		if len(e.Events) > 0 && c.watches == 0 {
			break // listed tells more
		}
		body, err := marshal(c.apply(e))
		if err != nil || len(body) <= limit {
			return body, err
		}
	}
	for _, shorten := range []func(veille.Event) veille.Event{listed, linked, named} {
		if len(e.Events) == 0 {
			break
		}
		body, err := marshal(shorten(e))
		if err != nil || len(body) <= limit {
			return body, err
		}
	}
	if len(e.Events) > 0 {
		return nil, fmt.Errorf("the %d events of the digest do not fit into %d bytes", len(e.Events), limit)
	}
	short := bare(e)
	short.Truncated = true
	return marshal(short)
}

// listed is a digest that says of its members no more than where to read them.
func listed(e veille.Event) veille.Event {
	c := cuts{title: 60, watches: 2, message: 60, url: 300, name: 30}
	return members(e, func(one veille.Event) veille.Event { return c.apply(linkOnly(one)) })
}

// linked is a digest that gives the ids of its members, which the API knows, and
// their addresses.
func linked(e veille.Event) veille.Event {
	return members(e, func(one veille.Event) veille.Event {
		short := bare(one)
		if one.Article != nil && len(one.Article.URL) <= 300 {
			short.Message = one.Article.URL
		}
		return short
	})
}

// named is a digest that gives the ids of its members.
func named(e veille.Event) veille.Event { return members(e, bare) }

func bare(e veille.Event) veille.Event { return veille.Event{ID: e.ID, Type: e.Type, Time: e.Time} }

func members(e veille.Event, shorten func(veille.Event) veille.Event) veille.Event {
	out := bare(e)
	out.Truncated = true
	for _, one := range e.Events {
		one = shorten(one)
		one.Truncated = false // the digest says it for all
		out.Events = append(out.Events, one)
	}
	return out
}

func marshal(e veille.Event) ([]byte, error) { return encodeJSON(e) }

// weight is less than the length of the event's JSON.
func weight(e veille.Event) int {
	n := len(e.Message)
	if e.Trouble != nil {
		n += len(e.Trouble.Detail)
	}
	for _, one := range e.Events {
		n += weight(one) + 60
	}
	for _, m := range e.Matches {
		n += len(m.Excerpt) + 60*len(m.Terms)
	}
	if e.Revision != nil && e.Revision.Change != nil {
		n += len(e.Revision.Change.Diff)
	}
	return n
}

// apply returns a shortened copy; the event itself is shared and stays.
func (c cuts) apply(e veille.Event) veille.Event {
	e.Truncated = true
	e.Message = cutBytes(e.Message, c.message)
	if e.Trouble != nil {
		trouble := *e.Trouble
		trouble.Cause, trouble.Detail = cutBytes(trouble.Cause, c.name), cutBytes(trouble.Detail, c.message)
		e.Trouble = &trouble
	}
	var events []veille.Event
	for _, one := range e.Events {
		one = c.apply(one)
		one.Truncated = false // the digest says it for all
		events = append(events, one)
	}
	e.Events = events
	e.Watches, e.Unmatched = c.names(e.Watches, c.watches), c.names(e.Unmatched, c.watches)
	e.Source, e.Receiver = cutBytes(e.Source, c.name), cutBytes(e.Receiver, c.name)
	if e.Article != nil {
		a := *e.Article
		a.Title = cutBytes(a.Title, c.title)
		a.Source = cutBytes(a.Source, c.name)
		a.Authors = c.names(a.Authors, c.authors)
		a.Summary = cutPointer(a.Summary, c.summary)
		if len(a.URL) > c.url {
			a.URL = ""
		}
		if a.Image != nil && len(*a.Image) > c.url/2 {
			a.Image = nil
		}
		a.Language = cutPointer(a.Language, c.name)
		e.Article = &a
	}
	matches := make([]veille.Match, 0, min(len(e.Matches), c.matches))
	for _, m := range e.Matches[:min(len(e.Matches), c.matches)] {
		matches = append(matches, c.match(m))
	}
	e.Matches = matches
	if e.Revision != nil && e.Revision.Change != nil {
		r := *e.Revision
		r.Change = c.change(*e.Revision.Change)
		e.Revision = &r
	}
	if e.Story != nil && len(e.Story.First) > c.url/2 {
		s := *e.Story
		s.First = ""
		e.Story = &s
	}
	return e
}

func (c cuts) match(m veille.Match) veille.Match {
	m.Watch = cutBytes(m.Watch, c.name)
	terms := make([]veille.Term, 0, min(len(m.Terms), c.terms))
	for _, t := range m.Terms[:min(len(m.Terms), c.terms)] {
		t.Term, t.Text = cutBytes(t.Term, c.text), cutBytes(t.Text, c.text)
		terms = append(terms, t)
	}
	m.Excerpt = cutExcerpt(m.Excerpt, c.excerpt)
	m.Terms = terms
	return m
}

func (c cuts) change(ch veille.Change) *veille.Change {
	for _, f := range []**veille.FieldChange{&ch.Title, &ch.Lead, &ch.Authors, &ch.Image} {
		if *f != nil {
			*f = &veille.FieldChange{From: cutBytes((*f).From, c.title), To: cutBytes((*f).To, c.title)}
		}
	}
	runs := func(in []string) []string {
		out := make([]string, 0, min(len(in), c.changes))
		for _, s := range in[:min(len(in), c.changes)] {
			out = append(out, cutBytes(s, c.text))
		}
		return out
	}
	ch.Added, ch.Removed = runs(ch.Added), runs(ch.Removed)
	if len(ch.Moved) > 0 {
		ch.Moved = runs(ch.Moved)
	}
	ch.Diff = cutBytes(ch.Diff, c.diff)
	return &ch
}

func (c cuts) names(in []string, count int) []string {
	if in == nil {
		return nil
	}
	out := make([]string, 0, min(len(in), count))
	for _, s := range in[:min(len(in), count)] {
		out = append(out, cutBytes(s, c.name))
	}
	return out
}

// cutPointer cuts a text that may be unknown; what is cut to nothing becomes
// unknown.
func cutPointer(s *string, limit int) *string {
	if s == nil || limit <= 0 {
		return nil
	}
	cut := cutBytes(*s, limit)
	return &cut
}

// cutExcerpt keeps the first matched word in sight, and no mark without its
// other half.
func cutExcerpt(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	if limit < 20 {
		return ""
	}
	return cutBytes(closeMarks(window(s, limit-8)), limit)
}
