package veille

import (
	"path"
	"slices"
	"strings"
)

// Watch is what somebody wants to be told about. Query and the list form may
// be used together; an article must satisfy both.
type Watch struct {
	Name  string
	Query string
	// List is the list form; its Item and Languages are empty.
	List Clause
	// Broad says that the author means a watch which nearly every article
	// satisfies.
	Broad bool
	// Sources are globs over source names, or "tag:NAME"; empty means all.
	Sources []string
	// Languages are ISO 639-1 codes; empty means all.
	Languages []string
	// On lists the event types that this watch wants: article.published,
	// article.edited, article.withdrawn, story.grown.
	On []EventType
	// OnlyTitle tells of an edit only where the title changed.
	OnlyTitle bool
	// Added looks at the words that an edit adds, and at nothing else: such a
	// watch is satisfied by no first reading.
	Added bool
	// MinChange is the least Change.Size that is told as an edit, in words.
	MinChange int
	// Severity and Labels tell receivers what kind of alert this is; both may be
	// empty.
	Severity string
	Labels   map[string]string
	// EachCopy tells of every near copy of an article, instead of once a story.
	EachCopy bool
	// Notify names the receivers.
	Notify []string
}

// Clause is an item of the list form: a word or phrase, or a group of which all
// that is given must hold. A nil list is not given.
type Clause struct {
	// Item is a word or phrase, or @concept; nothing else is given then.
	Item string
	// Of All every member must hold, of Any one, of None none.
	All, Any, None []Clause
	AtLeast        *AtLeast
	// Near is how many words may stand between the members of All, at most;
	// 0 is not given.
	Near int
	// In names the fields in which the items are looked for, where no group
	// inside names its own; not given, title and body.
	In []string
	// Languages are ISO 639 codes; an article in another language does not
	// satisfy the group.
	Languages []string
}

// AtLeast asks for N of some clauses.
type AtLeast struct {
	N  int
	Of []Clause
}

// Covers reports whether the watch looks at a source.
func (w Watch) Covers(s Source) bool {
	if len(w.Sources) == 0 {
		return true
	}
	return slices.ContainsFunc(w.Sources, func(pattern string) bool {
		if tag, ok := strings.CutPrefix(pattern, "tag:"); ok {
			return slices.Contains(s.Tags, tag)
		}
		ok, err := path.Match(pattern, s.Name)
		return err == nil && ok
	})
}

// Reads reports whether the watch looks at a language. A page whose language
// is unknown is read by every watch: a miss would be worse than a false alert.
func (w Watch) Reads(language string) bool {
	if len(w.Languages) == 0 || language == "" {
		return true
	}
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	return slices.ContainsFunc(w.Languages, func(l string) bool { return strings.EqualFold(l, base) })
}

// Wants reports whether the watch asked for events of a type.
func (w Watch) Wants(t EventType) bool { return slices.Contains(w.On, t) }

// Match says why an article satisfies a watch.
type Match struct {
	Watch string `json:"watch"`
	// Severity and Labels are those of the watch.
	Severity string            `json:"severity,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"`
	Terms    []Term            `json:"terms"`
	// Excerpt is the text around the densest group of terms, with «» around
	// each matched word.
	Excerpt string `json:"excerpt"`
}

// Term is one place where a term of a watch was found.
type Term struct {
	// Term is the term as the watch wrote it, Text what the article says.
	Term string `json:"term"`
	// Field is title, body, url or author.
	Field string `json:"field"`
	Text  string `json:"text"`
	// Start and End are offsets in Unicode code points in the field.
	Start int `json:"start"`
	End   int `json:"end"`
}

// Miss says which clause of a watch an article failed first.
type Miss struct {
	Watch string `json:"watch"`
	// Failed is the clause as the watch wrote it.
	Failed string `json:"failed"`
	// Why is a short phrase for people: "not in title or body".
	Why string `json:"why"`
	// Found are the terms of the watch that the article has all the same.
	Found []string `json:"found,omitempty"`
}
