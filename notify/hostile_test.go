package notify

import (
	"fmt"
	"slices"
	"strings"

	"veille"
)

// hostile are texts that try to be more than text: the list of bad inputs,
// F84 to F90, and what else renderers were seen to trip over.
var hostile = []string{
	"<!channel> <@U123> <http://evil|Bank> &amp; <!here> <#C1> @everyone",
	"@everyone [x](javascript:1) ||spoiler|| *bold* _it_ ~gone~ `code` ```pre``` :fire: :100:",
	"title\r\nBcc: x@y\n\n> quoted\n*bold*",
	"=HYPERLINK(\"http://evil\")",
	"\x1b[2J\x1b]0;owned\x07 \u009b31m level=ERROR msg=fake\x00\x7f",
	"<script>alert(1)</script> \"onmouseover=\"x",
	"\u202egnp.exe\u202c \u2066x\u2069 \u200bzero\u200b\ufeff \U000e0041",
	"invalid \xff\xfe\xc3 bytes",
	"z" + strings.Repeat("\u0301", 5000) + " algo",
	strings.Repeat("👩‍👩‍👧‍👦", 3000),
	strings.Repeat("&<>", 4000),
	strings.Repeat("*_~`", 4000),
	strings.Repeat("«x» ", 4000),
	"《》「」«" + strings.Repeat("北韓", 3000),
	"", " ", "\u00a0", "«", "»", "«»", "»«", "&", "&am", "…",
}

// events are one of each type: as the monitor makes them, with the least, with
// every hostile text in every field, and as large as they come.
func events() map[string]veille.Event {
	out := map[string]veille.Event{}
	for _, t := range append(veille.EventTypes(), "a.type <of> *tomorrow*") {
		out["plain "+string(t)] = Example(t)
		out["sparse "+string(t)] = sparse(Example(t))
		switch t {
		case veille.ArticlePublished, veille.ArticleEdited, veille.Digest, veille.ConfigRejected, veille.SourceFailing, veille.ReceiverDisabled:
		default:
			continue // written as one of these is
		}
		for i, text := range hostile {
			out[fmt.Sprintf("hostile %d %s", i, t)] = hostileEvent(t, text)
		}
		out["huge "+string(t)] = hugeEvent(t)
	}
	return out
}

func hostileEvent(t veille.EventType, text string) veille.Event {
	e := Example(t)
	e.Message = text
	if e.Trouble != nil {
		e.Source, e.Receiver, e.Trouble.Cause, e.Trouble.Detail = text, text, text, text
	}
	for i := range e.Events {
		e.Events[i] = hostileEvent(e.Events[i].Type, text)
	}
	if e.Article == nil {
		return e
	}
	e.Watches = []string{text, text + "2"}
	a := e.Article
	a.Title, a.Source, a.Summary, a.Language, a.Image, a.Authors = text, text, &text, &text, &text, []string{text}
	a.URL = "https://example.org/?q=|<x>&y=*_~`\"' " + text
	e.Matches = []veille.Match{
		{Watch: text, Excerpt: text, Terms: []veille.Term{{Term: text, Field: "body", Text: text}}},
		{Watch: text + "2", Excerpt: "a «" + text + "» b", Terms: []veille.Term{{Term: text, Field: "title", Text: text}}},
	}
	if e.Revision.Change != nil {
		e.Revision.Change = &veille.Change{
			Title: &veille.FieldChange{From: text, To: text}, Added: []string{text}, Removed: []string{text}, Diff: text,
		}
	}
	e.Story = &veille.Story{ID: "sto_1", Outlets: 2, First: text}
	return e
}

func hugeEvent(t veille.EventType) veille.Event {
	e := Example(t)
	e.Message = strings.Repeat("long message ", 50000)
	if e.Trouble != nil {
		e.Trouble.Detail = e.Message
	}
	if t == veille.Digest {
		e.Events = nil
		for range 20 {
			e.Events = append(e.Events, Example(veille.ArticleEdited), Example(veille.ArticlePublished), hostileEvent(veille.ArticleWithdrawn, hostile[0]))
		}
	}
	if e.Article == nil {
		return e
	}
	million := strings.Repeat("mot ", 250000)
	e.Article.Title, e.Article.Summary = million, &million
	terms := slices.Repeat(e.Matches[0].Terms, 150)
	excerpt := million + "«Russie» " + million
	e.Matches, e.Watches = nil, nil
	for i := range 300 {
		name := fmt.Sprintf("watch %d", i)
		e.Watches = append(e.Watches, name)
		e.Matches = append(e.Matches, veille.Match{Watch: name, Terms: terms, Excerpt: excerpt})
	}
	if c := e.Revision.Change; c != nil {
		c.Diff, c.Added, c.Removed = million, []string{million, million}, slices.Repeat([]string{"gone"}, 5000)
	}
	return e
}
