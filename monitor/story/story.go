// Package story tells which articles are one story: near copies of one text,
// cut, wrapped or rewritten, in any outlet. It is pure: it is given the articles
// that may be near copies, and answers with the story they form.
package story

import (
	"slices"
	"time"

	"veille"
)

const (
	// Window is how long after a copy another one still joins its story.
	Window = 72 * time.Hour
	// LeastWords is how long a text must be for its copies to be one story:
	// two short texts may be alike by chance.
	LeastWords = 40
)

// Grouping is the story of an article and what is known of it already.
type Grouping struct {
	Story veille.Story
	// Alerted names the watches that were told of the story by another copy.
	// It is empty for an update, which is told anew.
	Alerted map[string]bool
}

// Place finds the story of a new article among the articles that may be near
// copies of it, earliest first. Without one in the window the article begins a
// story of its own. The story's Outlets are those of its known members.
func Place(article veille.Article, text *Text, candidates []veille.Article) Grouping {
	own := Grouping{Story: veille.Story{
		ID: veille.StoryID(article.ID), Outlets: 1, First: article.URL, FirstSource: article.Source, FirstSeen: article.FirstSeen,
	}}
	if text.Words < LeastWords {
		return own
	}
	best, nearest := Likeness{}, -1
	var near []int
	kinds := map[string]veille.StoryKind{}
	for i, c := range candidates {
		age := article.FirstSeen.Sub(c.FirstSeen)
		if c.ID == article.ID || age > Window || -age > Window {
			continue
		}
		l, kind := beside(article, text, c)
		if !l.Near() {
			continue
		}
		near = append(near, i)
		kinds[c.ID] = kind
		if l.Score > best.Score {
			best, nearest = l, i
		}
	}
	if nearest < 0 {
		return own
	}
	found := candidates[nearest]
	g := Grouping{Story: found.Story, Alerted: map[string]bool{}}
	g.Story.Score, g.Story.Of, g.Story.Kind = best.Score, found.ID, kinds[found.ID]
	for _, i := range near {
		c := candidates[i]
		// A watch was told of what this article says by any near copy that it adds
		// nothing to.
		if kinds[c.ID] == veille.StoryUpdate {
			continue
		}
		for _, told := range [][]string{c.Heard(), c.ToldByCopy} {
			for _, watch := range told {
				g.Alerted[watch] = true
			}
		}
	}
	return g
}

// beside compares an article with an earlier one, and says what it is to it.
func beside(article veille.Article, text *Text, c veille.Article) (Likeness, veille.StoryKind) {
	earlier := Read(c.Snapshot.Body)
	l := Compare(text, earlier)
	own := veille.Outlet(c.URL) == veille.Outlet(article.URL)
	if own && l.Near() && refilled(Read(article.Snapshot.Title), text, Read(c.Snapshot.Title), earlier) {
		return l, veille.StoryUpdate
	}
	return l, l.Kind(own)
}

// Adds reports whether an article, of which text is the body, says something that
// another one does not: it is no near copy of it, or an update.
func Adds(article veille.Article, text *Text, other veille.Article) bool {
	l, kind := beside(article, text, other)
	return !l.Near() || kind == veille.StoryUpdate
}

// refilled reports whether a title names what the text speaks of and an earlier
// article of the same outlet does not: a form that is filled in anew, such as the
// warning of a flood in another town, is no repetition. A new title alone is
// none, and other outlets give a wire titles of their own.
func refilled(title, text, before, earlier *Text) bool {
	has := func(t *Text, word uint64) bool {
		_, found := slices.BinarySearch(t.words, word)
		return found
	}
	return slices.ContainsFunc(title.words, func(word uint64) bool {
		return has(text, word) && !has(before, word) && !has(earlier, word)
	})
}
