package monitor

import (
	"slices"
	"strings"
	"unicode/utf8"

	"veille"
	"veille/monitor/edit"
)

// addedMatches runs the watches that look only at the words that an edit adds.
// All of a watch's terms must be such words; of a phrase that the edit
// completed, one word is enough.
func (p *plan) addedMatches(old, snap veille.Snapshot, sources ...*veille.Source) map[string]veille.Match {
	scoped := func(name string) bool {
		w := p.watches[name]
		return w != nil && w.Added && slices.ContainsFunc(sources, func(s *veille.Source) bool { return looksAt(w, s, snap.Language) })
	}
	if p.Matcher == nil || !slices.ContainsFunc(p.Watches, func(w veille.Watch) bool { return scoped(w.Name) }) {
		return nil
	}
	additions := edit.Added(old, snap)
	if additions == nil {
		return nil
	}
	out := map[string]veille.Match{}
	around, _ := p.match(additions.Around, sources)
	for _, match := range around {
		if scoped(match.Watch) && allAdded(additions, match) {
			out[match.Watch] = placed(match, additions.Around, snap)
		}
	}
	alone, _ := p.match(additions.Words, sources)
	for _, match := range alone {
		if _, found := out[match.Watch]; !found && scoped(match.Watch) {
			out[match.Watch] = placed(match, additions.Words, snap)
		}
	}
	return out
}

// allAdded reports whether each term of a match was found at an added word.
func allAdded(additions *edit.Additions, match veille.Match) bool {
	added := map[string]bool{}
	for _, t := range match.Terms {
		added[t.Term] = added[t.Term] || t.Field != "title" && t.Field != "body" || additions.Touch(t.Field, t.Start, t.End)
	}
	for _, ok := range added {
		if !ok {
			return false
		}
	}
	return len(added) > 0
}

// placed moves the terms of a match from a part of an article to where they
// are in the whole; what cannot be found there is left out.
func placed(match veille.Match, part, whole veille.Snapshot) veille.Match {
	terms := make([]veille.Term, 0, len(match.Terms))
	for _, t := range match.Terms {
		from, in := part.Body, whole.Body
		switch t.Field {
		case "title":
			from, in = part.Title, whole.Title
		case "body":
		default:
			terms = append(terms, t)
			continue
		}
		if start, ok := locate(from, in, t); ok {
			t.End += start - t.Start
			t.Start = start
			terms = append(terms, t)
		}
	}
	match.Terms = terms
	return match
}

// locate finds a term of a part in the whole, with the same words before it
// where it can be told, in characters.
func locate(part, whole string, t veille.Term) (int, bool) {
	runes := []rune(part)
	if t.Start < 0 || t.Start > len(runes) {
		return 0, false
	}
	before := string(runes[max(0, t.Start-lookBack):t.Start])
	at := strings.Index(whole, before+t.Text)
	if at >= 0 {
		at += len(before)
	} else if at = strings.Index(whole, t.Text); at < 0 {
		return 0, false
	}
	return utf8.RuneCountInString(whole[:at]), true
}

// lookBack is how many characters before a term tell it from another place.
const lookBack = 12
