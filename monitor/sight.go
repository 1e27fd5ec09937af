package monitor

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"veille"
	"veille/monitor/edit"
)

// sight is what one look at a known article found.
type sight int

const (
	sightSame sight = iota
	sightChanged
	// sightGone is a page that is no longer there.
	sightGone
	// sightWalled is the article behind a paywall that it did not have, or without
	// a further page that it had: it is there, but its text is not to be compared.
	sightWalled
	// sightNothing is a wall, an empty or another page: no news of the article.
	sightNothing
)

// see judges what a look at a known article found, and names what was not as
// usual; pure. at is the address that was asked for, listings are the pages
// that list articles.
func see(a veille.Article, snap veille.Snapshot, at string, listing func(string) bool) (sight, veille.Condition) {
	away := redirected(at, snap.URL)
	switch {
	case snap.NotModified:
		return sightSame, unlisted(a.Snapshot)
	case snap.Kind == veille.KindConsent:
		return sightNothing, veille.ConditionConsent
	case snap.Kind == veille.KindChallenge:
		return sightNothing, veille.ConditionChallenge
	case snap.Kind == veille.KindNotFound:
		return sightGone, veille.ConditionSoftNotFound
	case away && isHome(snap.URL):
		return sightGone, veille.ConditionHome
	case away && (snap.Kind == veille.KindSection || listing(snap.URL) || snap.Kind != veille.KindArticle && isAbove(snap.URL, at)):
		return sightGone, veille.ConditionSection
	case edit.RemovalNotice(a.Snapshot, snap):
		return sightGone, veille.ConditionRemoved
	case snap.Kind == veille.KindPaywall && a.Snapshot.Kind != veille.KindPaywall:
		return sightWalled, veille.ConditionPaywall
	case snap.Kind != veille.KindArticle && snap.Kind != veille.KindPaywall,
		len(edit.Steady(snap.Body)) == 0 && len(edit.Steady(a.Snapshot.Body)) > 0:
		return sightNothing, veille.ConditionUnreadable
	case away && otherArticle(a, snap):
		return sightGone, veille.ConditionOther
	case snap.Cut > 0 && snap.Pages() < a.Snapshot.Pages():
		return sightWalled, veille.ConditionPartial
	case snap.Reading == a.Snapshot.Reading && !slices.Equal(snap.SelectMissed, a.Snapshot.SelectMissed):
		// Read without a selector, the same page would look edited.
		return sightNothing, veille.ConditionUnreadable
	}
	carryOver(&snap, a.Snapshot)
	if edit.Between(a.Snapshot, snap) != nil {
		return sightChanged, unlisted(snap)
	}
	return sightSame, unlisted(snap)
}

func unlisted(s veille.Snapshot) veille.Condition {
	if s.NoIndex {
		return veille.ConditionUnlisted
	}
	return ""
}

func redirected(from, to string) bool {
	if to == "" || from == to {
		return false
	}
	f, errF := url.Parse(from)
	t, errT := url.Parse(to)
	return errF == nil && errT == nil && (f.Path != t.Path || f.RawQuery != t.RawQuery)
}

// isHome reports whether an address is a site's front page, or that of one of
// its languages.
func isHome(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	p := strings.Trim(u.Path, "/")
	if name, ext, ok := strings.Cut(p, "."); ok && !strings.Contains(p, "/") && (name == "index" || name == "home" || name == "default") && len(ext) <= 5 {
		p = ""
	}
	return len(p) <= 2 && u.RawQuery == "" || p == "home"
}

// isAbove reports whether an address is a folder in which another one is.
func isAbove(folder, page string) bool {
	f, errF := url.Parse(folder)
	p, errP := url.Parse(page)
	if errF != nil || errP != nil || f.RawQuery != "" {
		return false
	}
	return strings.HasPrefix(path.Clean(p.Path), strings.TrimSuffix(f.Path, "/")+"/")
}
