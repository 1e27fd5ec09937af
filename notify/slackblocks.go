package notify

import (
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

// slackMessageOf renders a delivery: in Block Kit, within every limit; as plain
// mrkdwn for a second try after a refusal, or where a template writes it.
func slackMessageOf(v voice, d veille.Delivery) slackMessage {
	dialect := slackDialect()
	if d.Degraded {
		return slackMessage{Text: v.compose(dialect, v.page(d.Event), slackMaxText), Mrkdwn: true, Parse: "none"}
	}
	if v.template != nil {
		if text, ok := v.render(dialect, d.Event, slackMaxText); ok {
			return slackMessage{Text: text, Mrkdwn: true, Parse: "none"}
		}
	}
	return slackBlocks(v, d.Event, v.page(d.Event))
}

// slackBlocks writes a page in Block Kit.
func slackBlocks(v voice, e veille.Event, page []paragraph) slackMessage {
	l := &layout{room: slackMaxTotal}
	items := 0
	for _, p := range page {
		if p.role == item {
			items++
		}
	}
	for _, p := range page {
		if p.role == address {
			continue
		}
		if p.role == item {
			// The last block is kept for how many have no room.
			if len(l.blocks) >= slackMaxBlocks-1 || l.room < 400+slackBlockCost {
				l.add("context", slackPlain(restOf(v.words, items), slackMaxContext))
				break
			}
			items--
		}
		l.paragraph(p)
	}
	return slackMessage{Text: slackFallback(v, e), Mrkdwn: true, Blocks: l.blocks, Parse: "none"}
}

// paragraph adds a paragraph, cut to the room that is left.
func (l *layout) paragraph(p paragraph) {
	kind, limit := "section", slackMaxSection
	if p.role == facts {
		kind, limit = "context", slackMaxContext
	}
	limit = min(limit, l.room-slackBlockCost)
	for ; limit >= leastLabel; limit /= 2 {
		text, _ := slackDialect().paragraph(p, limit)
		if l.add(kind, text) {
			return
		}
	}
}

// slackPlain is a cleaned text of at most limit units in which nothing acts.
func slackPlain(s string, limit int) string {
	return fit(inert(s, ' '), limit, mrkdwnEscape, units)
}

// slackFallback is the text of the notification on a telephone or a desktop.
func slackFallback(v voice, e veille.Event) string {
	s := v.summary(e, 1000)
	if a := e.Article; a != nil && e.Type != veille.Digest {
		s += " — " + line(a.Source, 120)
		if len(e.Watches) > 0 {
			s += " (" + v.watchNames(e.Watches, 300) + ")"
		}
	}
	return slackPlain(s, slackMaxText)
}
