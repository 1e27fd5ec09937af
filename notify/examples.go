package notify

import (
	"time"

	"veille"
)

// Example is an event of a type as the monitor makes them: what templates are
// tried on, and what a preview shows.
func Example(t veille.EventType) veille.Event {
	e := veille.Event{ID: veille.SystemEventID(t, "example", "1"), Type: t, Time: time.Date(2026, 11, 23, 8, 15, 2, 0, time.UTC)}
	switch t {
	case veille.ArticlePublished, veille.ArticleEdited, veille.ArticleWithdrawn, veille.StoryGrown:
		return exampleArticle(e)
	case veille.Digest:
		e.Watches = []string{"Corée du Nord et Russie", "Sommet"}
		for _, inner := range []veille.EventType{veille.ArticlePublished, veille.ArticleEdited, veille.ArticleWithdrawn} {
			e.Events = append(e.Events, Example(inner))
		}
	case veille.SourceFailing:
		e.Source = "agence-nk"
		e.Trouble = &veille.EventTrouble{Cause: string(veille.FetchServer), Since: e.Time.Add(-2*time.Hour - 5*time.Minute), Detail: "https://fr.example.org/nk: server_error (HTTP 503)"}
		e.Message = "Source agence-nk is failing: 5 polls in a row failed: https://fr.example.org/nk: server_error (HTTP 503); the site fails; it is asked again ever more seldom."
	case veille.SourceQuiet:
		e.Source = "agence-nk"
		e.Trouble = &veille.EventTrouble{Cause: "quiet", Since: e.Time.Add(-26 * time.Hour)}
		e.Message = "Source agence-nk is quiet: nothing new since 22 Nov 06:15 UTC, though polls succeed; 14 polls with news were to be expected since (about 98 a week): does the page still show what is new?"
	case veille.SourceRecovered:
		e.Source = "agence-nk"
		e.Trouble = &veille.EventTrouble{Cause: string(veille.FetchServer), Since: e.Time.Add(-2*time.Hour - 5*time.Minute)}
		e.Message = "Source agence-nk is well again, after 2 h 05 min (server_error)."
	case veille.ConfigRejected:
		e.Trouble = &veille.EventTrouble{Detail: `veille.yaml:3:7: sources: unknown key "urll"; did you mean "url"?`}
		e.Message = "The configuration was rejected; the last good one stays in force.\n" + e.Trouble.Detail
	case veille.ReceiverDisabled:
		e.Receiver = "desk"
		e.Trouble = &veille.EventTrouble{Since: e.Time, Detail: "HTTP 410: channel_is_archived"}
		e.Message = `The receiver "desk" refuses alerts for good (HTTP 410: channel_is_archived). Its alerts are kept until it is corrected and resumed.`
	case veille.ReceiverRecovered:
		e.Receiver = "desk"
		e.Trouble = &veille.EventTrouble{Since: e.Time.Add(-time.Hour)}
		e.Message = `The receiver "desk" accepts alerts again; those that were kept are on their way.`
	default:
		e.Message = "This is a test alert."
	}
	return e
}

func exampleArticle(e veille.Event) veille.Event {
	published := time.Date(2023, 9, 14, 10, 24, 0, 0, time.FixedZone("", 9*3600))
	language, summary := "fr", "Les États-Unis se disent préoccupés par l'éventuelle coopération militaire."
	e.Watches = []string{"Corée du Nord et Russie", "Sommet"}
	e.Article = &veille.EventArticle{
		ID: veille.ArticleID("https://fr.example.org/view/1"), URL: "https://fr.example.org/view/1?a=1&b=2",
		Title: "Les USA inquiets d'un début de coopération dans l'armement", Source: "agence-nk",
		Authors: []string{"f@example.org"}, Published: &published,
		FirstSeen: time.Date(2026, 11, 23, 8, 15, 1, 0, time.UTC), Language: &language, Summary: &summary,
	}
	e.Matches = []veille.Match{
		{
			Watch: "Corée du Nord et Russie",
			Terms: []veille.Term{
				{Term: "Corée du Nord", Field: "body", Text: "Corée du Nord", Start: 141, End: 154},
				{Term: "Russie", Field: "body", Text: "Russie", Start: 161, End: 167},
			},
			Excerpt: "…une coopération « plus étroite » entre la «Corée du Nord» et la «Russie». Le porte-parole a dit…",
		},
		{
			Watch:   "Sommet",
			Terms:   []veille.Term{{Term: "북한", Field: "body", Text: "북한", Start: 3, End: 5}},
			Excerpt: "…«북한»이 러시아와…",
		},
	}
	e.Revision = &veille.EventRevision{Number: 1}
	e.Story = &veille.Story{ID: veille.StoryID(e.Article.ID), Outlets: 3, First: e.Article.URL}
	if e.Type == veille.ArticleEdited {
		e.Revision = &veille.EventRevision{Number: 2, Change: &veille.Change{
			Title: &veille.FieldChange{From: "Les USA inquiets", To: e.Article.Title},
			Added: []string{"douze morts"}, Removed: []string{"dix morts", "selon un premier bilan"},
			Words: veille.WordsChange{Added: 2, Removed: 6}, Diff: "… [-dix-] {+douze+} morts [-selon un premier bilan-] …",
		}}
	}
	return e
}

// sparse is an event with the least that one of its type may hold.
func sparse(e veille.Event) veille.Event {
	out := veille.Event{ID: e.ID, Type: e.Type, Time: e.Time}
	if a := e.Article; a != nil {
		out.Article = &veille.EventArticle{ID: a.ID, URL: a.URL, Source: a.Source, FirstSeen: a.FirstSeen}
		out.Revision = &veille.EventRevision{Number: 1}
	}
	return out
}
