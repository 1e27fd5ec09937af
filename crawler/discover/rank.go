package discover

import (
	"slices"
	"unicode/utf8"

	"veille"
)

// sparsePage is the number of addresses up to which a page is a plain list: its
// links outside the menus are then articles unless something speaks against it.
// So are, on a longer page, those of the shape that most of its links have.
const sparsePage = 80

// sureShape is what only a shape with its own folders reaches, not one of all
// sections (veille.Site.Expects).
const sureShape = 0.7

// group is what the links of one shape on a page have in common.
type group struct {
	words, runes []int
}

func (g *group) add(words, runes int) {
	g.words = append(g.words, words)
	g.runes = append(g.runes, runes)
}

func median(v []int) int {
	slices.Sort(v)
	return v[len(v)/2]
}

// rank scores the candidates: what the address says, what the link says, and
// where on the page it stands.
func (s *sectionReader) rank() {
	shapes, places := map[string]*group{}, map[uint64]*group{}
	content, inContent := 0, map[string]int{}
	for i := range s.candidates {
		x := &s.candidates[i]
		s.frame(x)
		words, runes := x.words(), utf8.RuneCountInString(x.label())
		addTo(shapes, x.shape, words, runes)
		if chrome(x.place) == 0 {
			addTo(places, x.sig, words, runes)
			content++
			inContent[x.shape]++
		}
	}
	shapeMedian, placeMedian := map[string]int{}, map[uint64]int{}
	for k, g := range shapes {
		if len(g.words) >= 5 {
			shapeMedian[k] = median(g.words)
		}
	}
	for k, g := range places {
		if len(g.runes) >= 3 {
			placeMedian[k] = median(g.runes)
		}
	}
	away := s.awayPenalty()
	var self splitAddress
	if s.links.self != "" {
		self = splitURL(s.links.self)
	}
	for i := range s.candidates {
		x := &s.candidates[i]
		x.score.tell = s.why
		x.score.address(x.address)
		x.anchorScore()
		x.placeScore()
		if m, ok := shapeMedian[x.shape]; ok {
			if m >= 5 {
				x.score.add(1, "like other links with long texts")
			} else if m <= 2 {
				x.score.add(-1, "like other links with short texts")
			}
		}
		if placeMedian[x.sig] >= 25 && chrome(x.place) == 0 {
			x.score.add(1, "among links with long texts")
		}
		if x.offSite {
			penalty := away
			if x.sister {
				penalty = min(penalty, 1)
			}
			x.score.add(-penalty, "another site")
		}
		if x.listed && !x.address.hasMenuWord() {
			x.score.add(3, "in the page's list of items")
			x.score.raise(1, "in the page's list of items")
		}
		plain := len(s.candidates) <= sparsePage || 2*inContent[x.shape] > content
		switch {
		case x.address.leadsUp(self):
			x.score.add(-3, "leads up")
		case plain && x.isPlainEntry():
			x.score.raise(0.5, "an entry of a plain list")
		}
		if x.address.isMedia() {
			x.score.sink(-1, "something to watch or to hear")
		}
		s.learned(x)
		s.chosen(x)
	}
}

// learned weighs in what the site's addresses of this shape have been before.
// A shape that always was an article's comes in, but from the menus; one that
// never was stays out unless everything else speaks for it, as a headline does:
// what is not visited cannot prove the contrary, and a wasted visit costs less
// than a missed article.
func (s *sectionReader) learned(x *candidate) {
	v := s.site.Expects(x.url)
	term := "articles of the site had this shape"
	if v < 0 {
		term = "pages of the site of this shape were no articles"
	}
	if x.score.tell {
		term += ": " + veille.ShapeOf(x.url)
	}
	switch {
	case v > 0 && v < sureShape && x.address.hasMenuWord():
		// /world/12345 says nothing about /videos/12345.
	case v > 0 && chrome(x.place) == 3:
		x.score.add(v, term)
	case v < 0 && x.heading && chrome(x.place) == 0 && x.words() >= 6:
		x.score.add(1.5*v, term)
	case v != 0:
		x.score.add(4*v, term)
	}
}

// chosen takes the user at his word: a link that his include names is an
// article, whatever it looks like. In the menus and at the foot of the page,
// where a pattern as wide as a section's folder matches too much, the score
// still decides.
func (s *sectionReader) chosen(x *candidate) {
	if s.links.explicit && s.links.keeps(x.url) && chrome(x.place) < 3 {
		x.score.raise(1, "named by links.include")
	}
}

// awayPenalty is what a link to another site loses: little on a page that
// gathers the articles of others, much on an outlet's own.
func (s *sectionReader) awayPenalty() float64 {
	own, away := 0, 0
	for i := range s.candidates {
		switch x := &s.candidates[i]; {
		case chrome(x.place) > 0 || x.words() < 4:
		case x.offSite:
			away++
		default:
			own++
		}
	}
	switch {
	case away > 2*own:
		return 1
	case own >= 8 && own > 2*away:
		return 6.5
	}
	return 4.5
}

func addTo[K comparable](groups map[K]*group, key K, words, runes int) {
	g := groups[key]
	if g == nil {
		g = &group{}
		groups[key] = g
	}
	g.add(words, runes)
}

// frame reads what stands around the links of a candidate: a heading and a
// date that belong to it alone.
func (s *sectionReader) frame(x *candidate) {
	for _, at := range x.blocks {
		for range maxFrame {
			if at <= 0 {
				break
			}
			b := s.out.blocks[at]
			if b.link >= 0 && b.heading >= 0 && !x.heading {
				x.heading = true
				if isMoreAnchor(x.text) {
					x.title = s.headings[b.heading]
				}
			}
			if b.date != none {
				if b.date >= 0 && b.heading != many && (b.link >= 0 || b.heading >= 0 || b.entry) && x.published.IsZero() {
					x.published = s.dates[b.date]
				}
				break
			}
			at = b.parent
		}
	}
}
