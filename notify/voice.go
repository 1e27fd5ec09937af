package notify

import (
	"slices"
	"text/template"
	"time"

	"veille"
)

// Voice is how a receiver speaks: the options that every kind with a text for
// people shares.
type Voice struct {
	Language string `yaml:"language" enum:"en,fr" doc:"The language of the text around the articles. Default: the language of the file."`
	Template string `yaml:"template" doc:"A Go template (text/template) that writes the text instead; it is tried on every type of event when it is loaded."`
}

// voice writes events in a language, with the times of a zone.
type voice struct {
	words *words
	zone  *time.Location
	// template may be nil.
	template *template.Template
}

// in makes a voice that writes a dialect. Problems found nothing wrong with v.
func (v Voice) in(d dialect, env Env) voice {
	out := voice{words: wordsOf(v.Language), zone: env.Zone}
	if v.Language == "" {
		out.words = wordsOf(env.Language)
	}
	if v.Template != "" {
		out.template, _ = parseTemplate(v.Template, d)
	}
	return out
}

func (v voice) date(t time.Time) string {
	if v.zone == nil {
		return v.words.date(t.UTC())
	}
	return v.words.date(t.In(v.zone))
}

// text writes a delivery in at most limit: as the template has it, else as
// every receiver does. A second try after a refusal does without the template.
func (v voice) text(d dialect, del veille.Delivery, limit int) string {
	if v.template != nil && !del.Degraded {
		if s, ok := v.render(d, del.Event, limit); ok {
			return s
		}
	}
	return v.compose(d, v.page(del.Event), limit)
}

// problems judges the options of a voice that writes a dialect.
func (v Voice) problems(d dialect, check func(string) error) []veille.Problem {
	var out []veille.Problem
	if v.Language != "" && !slices.Contains(languages(), v.Language) {
		out = append(out, veille.Problem{Path: "language", What: "is not a language that alerts are written in", Help: "write en or fr"})
	}
	if v.Template != "" {
		if p := checkTemplate(v.Template, d, check); p != nil {
			out = append(out, *p)
		}
	}
	return out
}
