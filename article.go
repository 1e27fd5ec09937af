package veille

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"
)

// PageKind is what a page turned out to be.
type PageKind string

// The kinds of page.
const (
	KindArticle   PageKind = "article"
	KindSection   PageKind = "section"
	KindFeed      PageKind = "feed"
	KindSitemap   PageKind = "sitemap"
	KindPaywall   PageKind = "paywall"
	KindConsent   PageKind = "consent"
	KindChallenge PageKind = "challenge"
	KindNotFound  PageKind = "not_found"
	KindOther     PageKind = "other"
)

// Snapshot is what one page said at one time. A zero time and an empty string
// mean that the page does not say; nothing is invented.
type Snapshot struct {
	// URL is the address that answered, after redirects.
	URL string `json:"url"`
	// Canonical is the identity of the article: the page's rel=canonical where
	// it stays on the same site, else URL; through CanonicalURL.
	Canonical   string    `json:"canonical_url"`
	Title       string    `json:"title"`
	Authors     []string  `json:"authors"`
	Published   time.Time `json:"published,omitzero"`
	Modified    time.Time `json:"modified,omitzero"`
	Language    string    `json:"language"`
	Description string    `json:"description"`
	Image       string    `json:"image"`
	Site        string    `json:"site"`
	// Body is plain text: paragraphs separated by one blank line.
	Body string   `json:"body"`
	Kind PageKind `json:"kind"`
	// KindReason says in a few words why the page is of its kind.
	KindReason string `json:"kind_reason,omitempty"`
	// Live says that the article is a live blog: it grows by entries, and the
	// early ones may leave the page.
	Live    bool   `json:"live,omitempty"`
	Charset string `json:"charset"`
	// SelectMissed names the fields whose selector (Selectors) yielded nothing,
	// so that the automatic reading stood in.
	SelectMissed []string `json:"select_missed,omitempty"`
	// Reading names the way in which the page was read (see Reading); empty if
	// that was before ways had names.
	Reading string `json:"reading,omitempty"`

	// NoIndex says that the page asks search engines not to list it.
	NoIndex bool `json:"noindex,omitempty"`

	FetchedAt  time.Time  `json:"fetched_at,omitzero"`
	Validators Validators `json:"validators,omitzero"`
	// NotModified says that the server answered 304 or the same bytes: only
	// URL, FetchedAt and Validators are set.
	NotModified bool `json:"-"`
	// Omitted is what other articles of the site show too.
	Omitted Omitted `json:"omitted,omitzero"`
	// Next is the page that continues the article; empty if there is none, or it
	// was read.
	Next string `json:"-"`
	// Cut is how many pages of the article were read where a further one could not
	// be had, CutBy why: the text ends there. 0 for an article read whole.
	Cut   int   `json:"cut,omitempty"`
	CutBy error `json:"-"`
	// Learned is what the page says about its site, to be stored with the
	// article's first visit; its Site is empty where there is nothing to learn.
	Learned Observation `json:"-"`
	// Exchanges are what the snapshot was read from, the page itself first; kept
	// only where an archive is.
	Exchanges []Exchange `json:"-"`
}

// Pages counts the pages that the text was read from.
func (s Snapshot) Pages() int { return max(s.Cut, s.Validators.Pages, 1) }

// Readable reports whether the snapshot holds an article's text: all of it, or
// what stands before a paywall. Only that is ever matched.
func (s Snapshot) Readable() bool {
	return s.Kind == KindArticle || s.Kind == KindPaywall && s.Body != ""
}

// Article is a page that Veille knows, at its newest revision.
type Article struct {
	ID string `json:"id"`
	// URL is canonical.
	URL string `json:"url"`
	// Source names the source that showed the article first.
	Source string `json:"source"`
	// Sources names the further sources that have shown it since.
	Sources   []string  `json:"sources,omitempty"`
	FirstSeen time.Time `json:"first_seen"`
	CheckedAt time.Time `json:"checked_at"`
	// Revision numbers the newest revision; the first is 1.
	Revision int      `json:"revision"`
	Snapshot Snapshot `json:"snapshot"`
	// TextHash identifies the title and body after normalisation.
	TextHash string `json:"text_hash"`
	Story    Story  `json:"story"`
	// Alerted names the watches that this article has alerted.
	Alerted []string `json:"alerted,omitempty"`
	// Hushed are those of them that did not hear of it, because its source was muted.
	Hushed []string `json:"hushed,omitempty"`
	// ToldByCopy names the watches that match this article and that a near copy
	// of it had alerted.
	ToldByCopy []string `json:"told_by_copy,omitempty"`
	// Silent says why the article was recorded without an alert; empty once
	// any source has shown it as news.
	Silent string `json:"silent,omitempty"`
	// ToldAt is when an alert of the article was last made. Untold is the
	// revision since which edits wait to be told, because a live blog is not
	// told of more often than every half hour; 0 without any.
	ToldAt time.Time `json:"told_at,omitzero"`
	Untold int       `json:"untold,omitempty"`
	// Unmatched are the watches, among Alerted, that were told that it no longer
	// matches.
	Unmatched []string `json:"unmatched,omitempty"`
	// Condition says how the last look found the page where that was not as
	// usual.
	Condition Condition `json:"condition,omitempty"`
	// GoneChecks counts the checks in a row that found the page gone, the first
	// at GoneSince, the last at GoneAt.
	GoneChecks int       `json:"gone_checks,omitempty"`
	GoneSince  time.Time `json:"gone_since,omitzero"`
	GoneAt     time.Time `json:"gone_at,omitzero"`
	Withdrawn  bool      `json:"withdrawn,omitempty"`
}

// Heard names the watches that the article alerted and that were not kept from
// hearing of it: copies need not tell them again.
func (a Article) Heard() []string {
	if len(a.Hushed) == 0 {
		return a.Alerted
	}
	return slices.DeleteFunc(slices.Clone(a.Alerted), func(name string) bool { return slices.Contains(a.Hushed, name) })
}

// Condition is how a look found the page of a known article; empty for an
// article in plain sight.
type Condition string

// The conditions. The first group is a withdrawal when it lasts; the second
// says that there was nothing to see; of the third the text is there.
const (
	ConditionNotFound     Condition = "404 not found"
	ConditionGone         Condition = "410 gone"
	ConditionSoftNotFound Condition = "not found, though the server says 200"
	ConditionHome         Condition = "redirected to the home page"
	ConditionSection      Condition = "redirected to a section"
	ConditionOther        Condition = "redirected to another article"
	ConditionRemoved      Condition = "a notice of removal"

	ConditionConsent    Condition = "consent wall"
	ConditionChallenge  Condition = "bot wall"
	ConditionUnreadable Condition = "no article to read"
	ConditionSiteFails  Condition = "gone, as other pages of the site are"

	ConditionPaywall  Condition = "behind a paywall"
	ConditionPartial  Condition = "a further page of it could not be had"
	ConditionUnlisted Condition = "closed to search engines"
)

// Revision is one state of an article's text, kept for the diff and for why.
type Revision struct {
	ArticleID string    `json:"article_id"`
	Number    int       `json:"number"`
	At        time.Time `json:"at"`
	Snapshot  Snapshot  `json:"snapshot"`
	Change    *Change   `json:"change"`
	// Joins is the URL of the article of the same story whose edit told what this
	// one would have; empty where nobody was spared anything.
	Joins string `json:"joins,omitempty"`
	// Evidence is nil without an archive.
	Evidence *Evidence `json:"evidence,omitempty"`
}

// ArticleID derives the identity of an article from its canonical URL.
func ArticleID(canonicalURL string) string { return deriveID("art_", canonicalURL) }

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// deriveID hashes parts into 26 base32 characters (130 bits) behind a prefix.
// Ids are derived, never drawn, so that doing the work twice names it alike.
func deriveID(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	return prefix + idEncoding.EncodeToString(sum[:])[:26]
}
