package query

import (
	"fmt"
	"strings"

	"veille"
)

// Explanation says how one part of a query is read.
type Explanation struct {
	// Kind is and, or, not, near, before, at_least, field, concept or term.
	Kind string `json:"kind"`
	// Text is the part in canonical form.
	Text string `json:"text"`
	// Means says the same in words.
	Means string `json:"means"`
	// Compared is what the words of a term are compared as.
	Compared string        `json:"compared,omitempty"`
	Parts    []Explanation `json:"parts,omitempty"`
}

// Explain says how a query is read. The concepts are opened once: those that
// they name stay names. The error is Errors.
func Explain(query string, concepts map[string][]string) (Explanation, error) {
	e, err := Parse(query)
	if err != nil {
		return Explanation{}, err
	}
	c := NewChecker(concepts, nil)
	var errs Errors
	for _, p := range c.known("", e) {
		errs = append(errs, &Error{p.Offset, p.What, p.Help})
	}
	if errs != nil {
		return Explanation{}, errs.sorted()
	}
	return explain(e, concepts), nil
}

// ExplainWatch says how a watch is read, its query and lists together. The
// error joins every veille.Problem.
func ExplainWatch(w veille.Watch, concepts map[string][]string) (Explanation, error) {
	e, err := treeOf(w)
	if err != nil {
		return Explanation{}, err
	}
	return explain(e, concepts), nil
}

func explain(e *Expr, concepts map[string][]string) Explanation {
	r := Explanation{Text: e.String()}
	switch e.Op {
	case OpTerm:
		r.Kind = "term"
		r.Means, r.Compared = e.meaning()
		return r
	case OpConcept:
		r.Kind, r.Means = "concept", fmt.Sprintf("any of the %d of the concept", len(concepts[e.Text]))
		for _, item := range concepts[e.Text] {
			k, err := treeOfItem(item)
			if err != nil {
				continue // the configuration is refused for it
			}
			part := Explanation{Kind: "concept", Text: k.String(), Means: "another concept"}
			if k.Op == OpTerm {
				part = explain(k, nil)
			}
			r.Parts = append(r.Parts, part)
		}
		return r
	case OpAnd:
		r.Kind, r.Means = "and", "all of them"
	case OpOr:
		r.Kind, r.Means = "or", "any of them"
	case OpNot:
		r.Kind, r.Means = "not", "it is absent"
	case OpAtLeast:
		r.Kind, r.Means = "at_least", fmt.Sprintf("at least %d of the %d", e.N, len(e.Kids))
	case OpNear:
		r.Kind = "near"
		between := map[int]string{0: "side by side", 1: "at most 1 word between them"}[e.N]
		if between == "" {
			between = fmt.Sprintf("at most %d words between them", e.N)
		}
		if r.Means = between + ", in any order"; e.Ordered {
			r.Kind, r.Means = "before", between+", in this order"
		}
	case OpField:
		r.Kind, r.Means = "field", fieldMeaning(e)
		if isLabel(e.Text) {
			return r
		}
	}
	for _, k := range e.Kids {
		r.Parts = append(r.Parts, explain(k, concepts))
	}
	return r
}

// fieldMeaning says where a field looks, or which label it asks for.
func fieldMeaning(e *Expr) string {
	var labels []string
	if isLabel(e.Text) {
		kids := e.Kids
		if kids[0].Op == OpOr {
			kids = kids[0].Kids
		}
		for _, k := range kids {
			labels = append(labels, k.Text)
		}
	}
	switch or := strings.Join(labels, " or "); e.Text {
	case "lead":
		return "in the first paragraph, with the next ones until it has 30 words"
	case "text":
		return "in the title or the body"
	case "url":
		return "in the address"
	case "author":
		return "in the names of the authors"
	case "site":
		return "the host is " + or + ", or below it"
	case "tag":
		return "a source that shows the article has the tag " + or
	case "lang":
		return "the language is " + or + ", or unknown"
	default:
		return "in the " + e.Text
	}
}

// meaning says what a term finds, and as what it is compared.
func (e *Expr) meaning() (means, compared string) {
	words := wordsOf(e.Text)
	compared = keyOf(words)
	switch {
	case e.Form == Exact:
		return "exactly " + e.Text + ", with its case, accents and signs", e.Text
	case e.Form == Inflected:
		return "the word " + compared + " and its inflections", compared
	case e.Prefix && len(words) == 1:
		return "words that begin with " + compared, compared + "*"
	case e.Prefix:
		compared += "*"
	}
	switch {
	case len(words) == 1:
		return "the word " + compared, compared
	case words[1].glued:
		return compared + ", written together", compared
	}
	return "the phrase " + compared, compared
}
