package notify

import (
	"fmt"
	"strings"

	"veille"
)

// The limits of a Slack message, kept with a margin (Block Kit reference:
// 50 blocks, 3,000 characters a section, 40,000 of text; a message whose
// blocks exceed some 13,200 characters is refused as msg_blocks_too_long).
const (
	slackMaxBlocks  = 45
	slackMaxSection = 2900
	slackMaxContext = 1000
	slackMaxTotal   = 12000
	slackMaxText    = 3000
	slackMaxTitle   = 300
	// slackBlockCost is what the JSON around the text of a block counts.
	slackBlockCost = 90
)

type slackText struct {
	Type string `json:"type"`
	Text string `json:"text"`
	// Verbatim keeps Slack from making links of what looks like one.
	Verbatim bool `json:"verbatim"`
}

type slackBlock struct {
	Type     string      `json:"type"`
	Text     *slackText  `json:"text,omitempty"`
	Elements []slackText `json:"elements,omitempty"`
}

type slackMessage struct {
	Text        string       `json:"text"`
	Mrkdwn      bool         `json:"mrkdwn"`
	Blocks      []slackBlock `json:"blocks,omitempty"`
	Parse       string       `json:"parse"`
	LinkNames   bool         `json:"link_names"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
}

// layout collects blocks while they fit into one message.
type layout struct {
	blocks []slackBlock
	room   int
}

// add appends a block and reports whether there was room for it.
func (l *layout) add(kind, text string) bool {
	// Three characters count twice in JSON.
	cost := units(text) + slackBlockCost
	for _, twice := range []string{`"`, `\`, "\n"} {
		cost += strings.Count(text, twice)
	}
	if text == "" {
		return true
	}
	if len(l.blocks) >= slackMaxBlocks || cost > l.room {
		return false
	}
	l.room -= cost
	t := slackText{Type: "mrkdwn", Text: text, Verbatim: true}
	if kind == "context" {
		l.blocks = append(l.blocks, slackBlock{Type: kind, Elements: []slackText{t}})
	} else {
		l.blocks = append(l.blocks, slackBlock{Type: kind, Text: &t})
	}
	return true
}

// slackBlocks renders an event in Block Kit, within every limit.
func slackBlocks(e veille.Event) slackMessage {
	l := &layout{room: slackMaxTotal}
	prefix := ""
	if h := heading(e.Type); h != "" {
		prefix = "*" + mrkdwn(h, 80) + ":* "
	}
	switch {
	case e.Article != nil:
		l.article(e, prefix)
	default:
		l.add("section", prefix+mrkdwn(messageOf(e, slackMaxSection), slackMaxSection-100))
		l.add("context", mrkdwn("Veille · "+moment(e.Time), slackMaxContext))
	}
	return slackMessage{Text: slackFallback(e), Mrkdwn: true, Blocks: l.blocks, Parse: "none"}
}

func (l *layout) article(e veille.Event, prefix string) {
	title := mrkdwnLink(e.Article.URL, titleOf(e.Article, slackMaxTitle), slackMaxSection-100)
	l.add("section", prefix+"*"+title+"*")
	parts := facts(e.Article)
	if s := outlets(e.Story); s != "" {
		parts = append(parts, s)
	}
	l.add("context", mrkdwn(strings.Join(parts, " · "), slackMaxContext))
	if e.Message != "" {
		l.add("section", mrkdwn(line(e.Message, 1000), 1000))
	}
	switch {
	case e.Type == veille.ArticleWithdrawn:
		l.add("section", mrkdwn(withdrawal(e), 300))
	case e.Revision != nil && e.Revision.Change != nil:
		l.change(e.Revision.Change)
	}
	l.matches(e)
}

func (l *layout) change(c *veille.Change) {
	var b strings.Builder
	room := slackMaxSection
	for _, text := range edit(c, 300) {
		text = mrkdwn(text, 400)
		if room -= units(text) + 1; room < 0 {
			break
		}
		b.WriteString(text + "\n")
	}
	l.add("section", strings.TrimSuffix(b.String(), "\n"))
}

// matches adds a section for the excerpt of each watch, and names the watches
// for which no room is left.
func (l *layout) matches(e veille.Event) {
	const rest = 1000 // kept for the names of the others
	told := make(map[string]bool, len(e.Matches))
	limit := slackMaxSection
	if len(e.Matches) > 1 {
		limit = max(300, (l.room-rest)/len(e.Matches)-slackBlockCost)
	}
	l.room -= rest
	for _, m := range e.Matches {
		if len(l.blocks) >= slackMaxBlocks-1 {
			break
		}
		if text := matchText(m, min(limit, slackMaxSection)); !l.add("section", text) {
			break
		}
		told[m.Watch] = true
	}
	l.room += rest
	if len(e.Matches) == 0 && e.Article.Summary != nil {
		l.add("section", mrkdwn(line(*e.Article.Summary, 600), 600))
	}
	var others []string
	for _, w := range e.Watches {
		if !told[w] {
			others = append(others, w)
		}
	}
	if len(others) > 0 {
		l.add("context", mrkdwn(watchNames(others, 700), rest-slackBlockCost))
	}
}

func matchText(m veille.Match, limit int) string {
	name := "*" + mrkdwn(line(m.Watch, 100), 120) + "*"
	excerpt := mrkdwnSpans(spans(m), limit-units(name)-1)
	if excerpt == "" {
		return name
	}
	return name + "\n" + excerpt
}

// watchNames lists watches by name, as many as have room, and counts the rest.
func watchNames(names []string, limit int) string {
	var b strings.Builder
	b.WriteString("Watches: ")
	for i, n := range names {
		n = line(n, 100)
		if units(b.String())+units(n)+30 > limit {
			fmt.Fprintf(&b, " and %d more", len(names)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(n)
	}
	return b.String()
}

// messageOf is the text of an event without an article.
func messageOf(e veille.Event, limit int) string {
	if m := line(e.Message, limit); m != "" {
		return m
	}
	return "no more is known"
}

// slackFallback is the text of the notification on a telephone or a desktop.
func slackFallback(e veille.Event) string {
	parts := []string{}
	if h := heading(e.Type); h != "" {
		parts = append(parts, h+":")
	}
	if e.Article != nil {
		parts = append(parts, titleOf(e.Article, slackMaxTitle), "—", line(e.Article.Source, 120))
		if len(e.Watches) > 0 {
			parts = append(parts, "("+watchNames(e.Watches, 300)+")")
		}
	} else {
		parts = append(parts, messageOf(e, 1000))
	}
	return mrkdwn(strings.Join(parts, " "), slackMaxText)
}

// slackPlain renders an event without blocks, for a second try after Slack
// refused the first.
func slackPlain(e veille.Event) slackMessage {
	text := slackFallback(e)
	add := func(row string) {
		if row != "" && units(text)+1+units(row) <= slackMaxText {
			text += "\n" + row
		}
	}
	if a := e.Article; a != nil {
		add(mrkdwn(strings.Join(facts(a), " · "), 500))
		if link(a.URL) != "" {
			add(mrkdwnLink(a.URL, "open the article", slackMaxText))
		}
		if e.Type == veille.ArticleWithdrawn {
			add(mrkdwn(withdrawal(e), 300))
		}
		if len(e.Matches) > 0 {
			add(mrkdwn(clean(around(e.Matches[0].Excerpt)), min(slackMaxText-units(text)-1, 1200)))
		}
	}
	return slackMessage{Text: text, Parse: "none"}
}
