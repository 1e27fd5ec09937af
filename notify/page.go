package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veille"
)

// style is how a piece of text differs from the text around it.
type style uint8

const (
	normal style = iota
	strong       // a name or a headline
	hit          // a matched word
	gone         // words that an edit removed
	come         // words that an edit added
	moved        // words that an edit put elsewhere
	faint        // what is read last
)

// run is a piece of cleaned text in one style; href, an address made by link,
// makes a link of it. A bare run is itself an address made by link, and stays
// one: it is read, copied and opened as it is written.
type run struct {
	text  string
	style style
	href  string
	bare  bool
}

// role is what a paragraph is for.
type role uint8

const (
	headline role = iota
	facts
	prose
	address // the article's address, for places that cannot link its title
	item    // one event of a digest
)

// paragraph is a part of an alert, the more important ones first.
type paragraph struct {
	role role
	// label names what the runs are about, such as a watch; may be empty.
	label string
	runs  []run
	// most bounds the runs, in what the place counts in, without their links.
	most int
}

const (
	maxTitle   = 300
	maxMatches = 8
	maxItems   = 50
	maxLines   = 12
	// matchRoom is shared by the excerpts of an alert.
	matchRoom = 2400
)

// page lays an event out: what every receiver writes in its own way.
func (v voice) page(e veille.Event) []paragraph {
	switch {
	case e.Type == veille.Digest && len(e.Events) > 0:
		return v.digestPage(e)
	case e.Article != nil:
		return v.articlePage(e)
	}
	first, rest, _ := strings.Cut(v.said(e), "\n")
	page := []paragraph{
		{role: headline, runs: append(v.prefix(e), run{text: line(first, 2000)}), most: 2000},
		{role: facts, runs: []run{{text: "Veille · " + v.date(e.Time)}}, most: 200},
	}
	// A line of its own for each mistake of a configuration.
	for _, l := range strings.SplitN(rest, "\n", maxLines) {
		if l = line(l, 500); l != "" {
			page = append(page, paragraph{role: prose, runs: []run{{text: l}}, most: 500})
		}
	}
	return page
}

func (v voice) articlePage(e veille.Event) []paragraph {
	a := e.Article
	title := run{text: v.title(a, maxTitle), style: strong, href: link(a.URL)}
	page := []paragraph{
		{role: headline, runs: append(v.prefix(e), title), most: 700},
		{role: facts, runs: []run{{text: strings.Join(v.facts(e), " · ")}}, most: 500},
	}
	if title.href != "" {
		page = append(page, paragraph{role: address, runs: []run{{text: title.href, bare: true}}, most: maxLink})
	}
	text := func(s string, most int) {
		if s = line(s, most); s != "" {
			page = append(page, paragraph{role: prose, runs: []run{{text: s}}, most: most})
		}
	}
	text(v.note(e), 1000)
	switch {
	case e.Type == veille.ArticleWithdrawn:
		text(fmt.Sprintf(v.words.withdrawn, v.date(e.Time)), 300)
	case e.Revision != nil && e.Revision.Change != nil:
		page = append(page, v.change(e.Revision.Change)...)
	}
	shown := e.Matches[:min(len(e.Matches), maxMatches)]
	var others []string
	for _, w := range e.Watches {
		if !slices.ContainsFunc(shown, func(m veille.Match) bool { return m.Watch == w }) {
			others = append(others, w)
		}
	}
	if len(others) > 0 {
		page = append(page, paragraph{role: facts, runs: []run{{text: v.watchNames(others, 400)}}, most: 600})
	}
	for _, m := range shown {
		p := paragraph{role: prose, label: line(m.Watch, 100), most: min(matchRoom/len(shown), 1200)}
		p.runs = excerptRuns(m)
		page = append(page, p)
	}
	if len(shown) == 0 && a.Summary != nil {
		text(*a.Summary, 600)
	}
	return page
}

// excerptRuns are the excerpt of a match, its matched words marked.
func excerptRuns(m veille.Match) []run {
	var out []run
	for _, s := range spans(m) {
		r := run{text: s.text}
		if s.hit {
			r.style = hit
		}
		out = append(out, r)
	}
	return out
}

func (v voice) digestPage(e veille.Event) []paragraph {
	page := []paragraph{
		{role: headline, runs: []run{{text: v.words.heading(e.Type) + v.words.colon + " " + v.words.digest.of(len(e.Events)), style: strong}}, most: 300},
		{role: facts, runs: []run{{text: v.date(e.Time)}}, most: 100},
	}
	if s := line(e.Message, 400); s != "" {
		page = append(page, paragraph{role: prose, runs: []run{{text: s}}, most: 800})
	}
	for _, one := range e.Events {
		p := paragraph{role: item, most: 600}
		if one.Article == nil {
			p.runs = append(v.prefix(one), run{text: v.message(one, 300)})
			page = append(page, p)
			continue
		}
		p.runs = append(v.prefix(one), run{text: v.title(one.Article, 200), href: link(one.Article.URL)})
		tail := " — " + line(one.Article.Source, 80)
		if at := one.Article.Published; at != nil && !at.IsZero() {
			tail += ", " + v.date(*at)
		}
		if len(one.Watches) > 0 {
			tail += " (" + v.names(one.Watches, 120) + ")"
		}
		p.runs = append(p.runs, run{text: tail})
		page = append(page, p)
	}
	return page
}

// prefix says what happened before a title says to what.
func (v voice) prefix(e veille.Event) []run {
	h := v.words.heading(e.Type)
	if h == "" {
		return nil
	}
	return []run{{text: h + v.words.colon, style: strong}, {text: " "}}
}

// change shows an edit: how much, the fields, the changed places in their
// context.
func (v voice) change(c *veille.Change) []paragraph {
	said := v.words.wordCount(c.Words)
	switch {
	case c.Returned:
		said = v.words.returned + " " + said
	case c.Reverts > 0:
		said += " " + fmt.Sprintf(v.words.reverts, c.Reverts)
	}
	out := []paragraph{{role: prose, runs: []run{{text: said}}, most: 300}}
	for _, f := range []struct {
		name   string
		change *veille.FieldChange
		most   int
	}{{"", c.Title, 800}, {v.words.lead, c.Lead, 600}, {v.words.authors, c.Authors, 300}, {v.words.time, v.dates(c.Published), 200}} {
		if f.change == nil {
			continue
		}
		runs := []run{{text: v.orNone(f.change.From), style: gone}, {text: " → "}, {text: v.orNone(f.change.To), style: come}}
		if f.name != "" {
			runs = append([]run{{text: f.name + v.words.colon + " "}}, runs...)
		}
		out = append(out, paragraph{role: prose, runs: runs, most: f.most})
	}
	runs := diffRuns(c.Diff)
	if len(runs) == 0 {
		runs = v.listedChange(c)
	}
	if len(runs) > 0 {
		out = append(out, paragraph{role: prose, runs: runs, most: 1500})
	}
	return out
}

// dates words a change of a time.
func (v voice) dates(c *veille.FieldChange) *veille.FieldChange {
	if c == nil {
		return nil
	}
	out := *c
	for _, s := range []*string{&out.From, &out.To} {
		if t, err := time.Parse(time.RFC3339, *s); err == nil {
			*s = v.date(t)
		}
	}
	return &out
}

// listedChange stands for the diff of a change that has none.
func (v voice) listedChange(c *veille.Change) []run {
	const most = 8
	var out []run
	add := func(s string, st style) {
		if s = line(s, 200); s == "" {
			return
		}
		if len(out) > 0 {
			out = append(out, run{text: " "})
		}
		out = append(out, run{text: s, style: st})
	}
	for i := range min(max(len(c.Removed), len(c.Added)), most) {
		if i < len(c.Removed) {
			add(c.Removed[i], gone)
		}
		if i < len(c.Added) {
			add(c.Added[i], come)
		}
	}
	if n := max(len(c.Removed), len(c.Added)) - most; n > 0 {
		out = append(out, run{text: " " + fmt.Sprintf(v.words.places, n)})
	}
	return out
}

// diffRuns takes a diff apart. Spaces between its pieces are kept, so it is
// cleaned as a whole.
func diffRuns(diff string) []run {
	styles := map[veille.SegmentOp]style{veille.SegmentRemoved: gone, veille.SegmentAdded: come, veille.SegmentMoved: moved}
	var out []run
	for _, s := range (veille.Change{Diff: clean(clip(diff, 6000))}).Segments() {
		out = append(out, run{text: s.Text, style: styles[s.Op]})
	}
	return out
}

// message is the text of an event without an article, in one line.
func (v voice) message(e veille.Event, limit int) string { return line(v.said(e), limit) }

// said is the same as it is, with its lines.
func (v voice) said(e veille.Event) string {
	if e.Type == veille.TestEvent {
		return v.words.test
	}
	for _, text := range []string{v.trouble(e), e.Message} {
		first, _, _ := strings.Cut(text, "\n")
		if line(first, 10) != "" {
			return text
		}
	}
	return v.words.unsaid
}

func (v voice) title(a *veille.EventArticle, limit int) string {
	if t := line(a.Title, limit); t != "" {
		return t
	}
	return v.words.untitled
}

func (v voice) orNone(s string) string {
	if s = line(s, maxTitle); s != "" {
		return s
	}
	return v.words.none
}

// facts are the source and the times of an article, one phrase each.
func (v voice) facts(e veille.Event) []string {
	a := e.Article
	var out []string
	if s := line(a.Source, 120); s != "" {
		out = append(out, s)
	}
	if a.Published != nil && !a.Published.IsZero() {
		out = append(out, fmt.Sprintf(v.words.published, v.date(*a.Published)))
	} else {
		out = append(out, v.words.unstated)
	}
	if !a.FirstSeen.IsZero() {
		out = append(out, fmt.Sprintf(v.words.firstSeen, v.date(a.FirstSeen)))
	}
	if e.Story != nil && e.Story.Outlets > 1 {
		out = append(out, v.words.outlets.of(e.Story.Outlets))
	}
	return out
}

// watchNames lists watches by name, as many as have room, and counts the rest.
func (v voice) watchNames(names []string, limit int) string {
	return v.words.watches + v.names(names, limit)
}

func (v voice) names(names []string, limit int) string {
	var b strings.Builder
	for i, n := range names {
		n = line(n, 100)
		if units(b.String())+units(n)+30 > limit && i > 0 {
			fmt.Fprintf(&b, " "+v.words.more, len(names)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(n)
	}
	return b.String()
}

// summary is an event in one line, without markup.
func (v voice) summary(e veille.Event, limit int) string {
	h := v.words.heading(e.Type)
	switch {
	case e.Type == veille.Digest && len(e.Events) > 0:
		h += v.words.colon + " " + v.words.digest.of(len(e.Events))
		if a := e.Events[0].Article; a != nil {
			h += " — " + v.title(a, 200)
		}
		return cutText(h, limit)
	case e.Article == nil:
		return cutText(h+v.words.colon+" "+v.message(e, limit), limit)
	}
	s := v.title(e.Article, maxTitle)
	if h != "" {
		s = h + v.words.colon + " " + s
	}
	return cutText(s, limit)
}
