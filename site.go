package veille

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// The bounds of what is remembered of a site. A Site at all of them is less
// than maxSiteSize bytes of JSON.
const (
	maxSiteSize = 64 << 10

	maxShapes     = 192
	maxParagraphs = 512
	maxSuffixes   = 16
	maxContainers = 32
	maxSuffixLen  = 64 // bytes
	maxNewOnAPage = 64 // paragraphs of one page that are learned
	// maxTally is where a count stops; what a listing says stops at maxHearsay.
	maxTally   = 1000
	maxHearsay = 5
	// halfLife is how many articles later a count is worth half.
	halfLife = 128
)

// Site is what the pages of one site have taught: a registrable domain, or a
// host that has none. It sharpens the reading of the next page and is never
// needed for it: a nil or empty Site changes nothing, what stops being true
// fades, and every table is bounded, the least used entries going first.
type Site struct {
	Name string `json:"name"`
	// Pages counts the articles learned from: the clock of the fading.
	Pages int `json:"pages"`
	// Shapes are the patterns of addresses (ShapeOf), each with how often a page
	// behind it was an article or something else.
	Shapes map[string]Tally `json:"shapes,omitempty"`
	// Suffixes are what the titles of articles end in besides the headline.
	Suffixes map[string]Sighting `json:"suffixes,omitempty"`
	// Paragraphs are the paragraphs of articles, by HashText.
	Paragraphs map[uint64]Sighting `json:"paragraphs,omitempty"`
	// Containers are the signatures of the elements that held the body.
	Containers map[string]Sighting `json:"containers,omitempty"`
}

// Tally counts what pages behind addresses of one shape turned out to be.
type Tally struct {
	Articles int `json:"a,omitempty"`
	Others   int `json:"o,omitempty"`
	// Page is Site.Pages at the last change.
	Page int `json:"p,omitempty"`
}

// Observation is what one page, or one entry of a listing, says about its site.
type Observation struct {
	// Site names the Site that learns: the registrable domain of URL's host.
	Site string
	// URL is the address that was judged, canonical.
	URL string
	// Article says that the page is an article; otherwise it is none, and only
	// its shape is learned.
	Article bool
	// Listed says that the page was not read: a feed or news sitemap calls it an
	// article. It counts little, and never against what was read.
	Listed bool
	// Suffix is the end of the page's title that may be the site's name,
	// without the separator.
	Suffix string
	// Paragraphs are the hashes (HashText) of the paragraphs before any was
	// dropped for being repeated: one that is no longer shown fades.
	Paragraphs []uint64
	// Container is the signature of the element that held the body, at most 64
	// bytes; what it is made of is the reader's business.
	Container string
}

// Learn adds what a page showed. An article must be observed once, not at
// every recheck: its own paragraphs would count as repeated.
func (s *Site) Learn(o Observation) {
	if specific := ShapeOf(o.URL); specific != "" {
		for _, shape := range []string{specific, general(specific)} {
			s.learnShape(shape, o)
		}
	}
	if !o.Article || o.Listed {
		return
	}
	s.Pages++
	if o.Suffix != "" && len(o.Suffix) <= maxSuffixLen && utf8.ValidString(o.Suffix) {
		s.Suffixes = sight(s.Suffixes, o.Suffix, s.Pages, maxSuffixes)
	}
	if o.Container != "" && len(o.Container) <= maxSuffixLen && utf8.ValidString(o.Container) {
		s.Containers = sight(s.Containers, o.Container, s.Pages, maxContainers)
	}
	seen := make(map[uint64]bool, len(o.Paragraphs))
	fresh := 0
	for _, h := range o.Paragraphs {
		_, known := s.Paragraphs[h]
		if seen[h] || !known && fresh >= maxNewOnAPage {
			continue
		}
		seen[h] = true
		if !known {
			fresh++
		}
		s.Paragraphs = sight(s.Paragraphs, h, s.Pages, maxParagraphs+maxNewOnAPage)
	}
	trim(s.Paragraphs, maxParagraphs, s.Pages)
}

// learnShape counts a page for its shape, and halves what the shape counted to
// the contrary: a template that fails loses in a few pages what it won in many.
func (s *Site) learnShape(shape string, o Observation) {
	t := s.Shapes[shape]
	switch {
	case o.Listed && (t.Articles >= maxHearsay || t.Others > 0):
		return
	case o.Article:
		t.Articles = min(t.Articles+1, maxTally)
		t.Others /= 2
	default:
		t.Others = min(t.Others+1, maxTally)
		t.Articles /= 2
	}
	t.Page = s.Pages
	if s.Shapes == nil {
		s.Shapes = map[string]Tally{}
	}
	s.Shapes[shape] = t
	if len(s.Shapes) <= maxShapes {
		return
	}
	keys := slices.SortedFunc(maps.Keys(s.Shapes), func(a, b string) int {
		x, y := s.Shapes[a], s.Shapes[b]
		return cmp.Or(
			cmp.Compare(faded(y.Articles+y.Others, y.Page, s.Pages), faded(x.Articles+x.Others, x.Page, s.Pages)),
			cmp.Compare(y.Page, x.Page), strings.Compare(a, b))
	})
	// An eighth goes at once: the newcomer, weak as it is, must be able to stay.
	for _, k := range keys[maxShapes-maxShapes/8:] {
		if k != shape {
			delete(s.Shapes, k)
		}
	}
}

// Expects says what the site's addresses of this shape have been, from -1,
// never an article, to 1, always one; 0 means that it is not known. A shape of
// plain words ("/about", "/sport/tennis") can speak against an address only.
func (s *Site) Expects(url string) float64 {
	if s == nil || len(s.Shapes) == 0 {
		return 0
	}
	specific := ShapeOf(url)
	if specific == "" {
		return 0
	}
	v := s.verdict(specific, 2)
	if v == 0 {
		v = s.verdict(general(specific), 4) * 0.7
	}
	if v > 0 && !telling(specific) {
		return 0
	}
	return v
}

// verdict is 0 until least pages agree.
func (s *Site) verdict(shape string, least int) float64 {
	t := s.Shapes[shape]
	articles, others := faded(t.Articles, t.Page, s.Pages), faded(t.Others, t.Page, s.Pages)
	if max(articles, others) < least {
		return 0
	}
	return float64(articles-others) / float64(articles+others+1)
}

// Suffix reports whether articles of this site end their titles in a text
// besides the headline: at least three of them, and a quarter of the recent.
func (s *Site) Suffix(text string) bool {
	if s == nil {
		return false
	}
	x, ok := s.Suffixes[text]
	return ok && s.strong(x)
}

// Container returns the signature of the element that has held the bodies of
// this site most often, empty while none did three times, and a quarter of the
// recent.
func (s *Site) Container() string {
	if s == nil {
		return ""
	}
	best := ""
	for k, x := range s.Containers {
		if s.strong(x) && (best == "" || cmp.Or(cmp.Compare(x.Count, s.Containers[best].Count), strings.Compare(best, k)) > 0) {
			best = k
		}
	}
	return best
}

// Repeated returns how many recent articles showed a paragraph, 0 for one that
// is not known.
func (s *Site) Repeated(hash uint64) int {
	if s == nil {
		return 0
	}
	x := s.Paragraphs[hash]
	return faded(x.Count, x.Page, s.Pages)
}
