package notify

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"veille"
)

// heading names what happened, in words; empty for a publication, where the
// title says enough.
func heading(t veille.EventType) string {
	switch t {
	case veille.ArticlePublished:
		return ""
	case veille.ArticleEdited:
		return "Edited"
	case veille.ArticleWithdrawn:
		return "Withdrawn"
	case veille.ConfigRejected:
		return "Configuration rejected"
	case veille.ReceiverDisabled:
		return "Receiver disabled"
	case veille.ReceiverRecovered:
		return "Receiver recovered"
	case veille.TestEvent:
		return "Test alert"
	}
	return line(string(t), 60)
}

// titleOf is the headline of an article, or the words that stand for one.
func titleOf(a *veille.EventArticle, limit int) string {
	if t := line(a.Title, limit); t != "" {
		return t
	}
	return "(without a title)"
}

// moment shows a time with its own zone: "14 Sep 2023 10:24 +09:00".
func moment(t time.Time) string {
	if _, offset := t.Zone(); offset == 0 {
		return t.Format("2 Jan 2006 15:04") + " UTC"
	}
	return t.Format("2 Jan 2006 15:04 -07:00")
}

// facts are the source and the times of an article, one phrase each.
func facts(a *veille.EventArticle) []string {
	var out []string
	if s := line(a.Source, 120); s != "" {
		out = append(out, s)
	}
	if a.Published != nil && !a.Published.IsZero() {
		out = append(out, "published "+moment(*a.Published))
	} else {
		out = append(out, "publication time not stated")
	}
	if !a.FirstSeen.IsZero() {
		out = append(out, "first seen "+moment(a.FirstSeen))
	}
	return out
}

// outlets tells that other outlets carry the story, empty if none does.
func outlets(s *veille.Story) string {
	if s == nil || s.Outlets < 2 {
		return ""
	}
	return fmt.Sprintf("carried by %d outlets", s.Outlets)
}

// withdrawal says in words what a withdrawn article means.
func withdrawal(e veille.Event) string {
	return "The outlet has taken this article down; it was found gone at " + moment(e.Time) + "."
}

// editLimit bounds how many changed places an alert shows.
const editLimit = 8

// edit describes a change in lines that begin with "- " for what went and
// "+ " for what came, after a line that counts the words.
func edit(c *veille.Change, limit int) []string {
	out := []string{wordCount(c.Words)}
	if c.Title != nil {
		out = append(out, "- "+line(c.Title.From, limit), "+ "+line(c.Title.To, limit))
	}
	for i := range min(max(len(c.Removed), len(c.Added)), editLimit) {
		if i < len(c.Removed) {
			out = append(out, "- "+line(c.Removed[i], limit))
		}
		if i < len(c.Added) {
			out = append(out, "+ "+line(c.Added[i], limit))
		}
	}
	if n := max(len(c.Removed), len(c.Added)) - editLimit; n > 0 {
		out = append(out, fmt.Sprintf("… and %d more changed places", n))
	}
	return out
}

func wordCount(w veille.WordsChange) string {
	words := func(n int) string {
		if n == 1 {
			return "1 word"
		}
		return fmt.Sprintf("%d words", n)
	}
	switch {
	case w.Added == 0 && w.Removed == 0:
		return "The title changed."
	case w.Removed == 0:
		return words(w.Added) + " added."
	case w.Added == 0:
		return words(w.Removed) + " removed."
	}
	return words(w.Added) + " added, " + words(w.Removed) + " removed."
}

// maxLink is the longest URL that becomes a link, in bytes after encoding.
const maxLink = 2048

// link returns an article's URL in a form that no receiver can read as
// markup, and empty if it is not an address to open in a browser.
func link(raw string) string {
	if len(raw) > maxLink {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	var b strings.Builder
	for i := range len(raw) {
		c := raw[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("|<>\"`\\^{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	if b.Len() > maxLink {
		return ""
	}
	return b.String()
}
