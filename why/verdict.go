package why

import (
	"slices"
	"strings"

	"veille"
)

// Matcher says what compiled watches make of a text, by their words alone.
type Matcher interface {
	Match(snapshot veille.Snapshot, tags []string) (matches []veille.Match, language string)
	// Misses returns the first clause that failed of every watch without a match.
	Misses(snapshot veille.Snapshot, tags []string) []veille.Miss
}

// Result is what one watch makes of an article.
type Result string

// The results. Only the first one alerted.
const (
	VerdictTold     Result = "told"
	VerdictCopy     Result = "told_by_copy"
	VerdictSilent   Result = "silent"
	VerdictSource   Result = "other_source"
	VerdictLanguage Result = "other_language"
	// VerdictEvent: the watch does not ask for new articles.
	VerdictEvent Result = "other_event"
	// VerdictLater: the words match now, but did not when the article was read.
	VerdictLater Result = "looks_forward"
	VerdictMiss  Result = "no_match"
)

// Verdict is what one watch makes of an article, and why.
type Verdict struct {
	Watch  string `json:"watch"`
	Result Result `json:"result"`
	Why    string `json:"why"`
	// Match is nil where the words do not match, Miss where they do.
	Match *veille.Match `json:"match,omitempty"`
	Miss  *veille.Miss  `json:"miss,omitempty"`
}

func (e *Explanation) watchesThat(r Result) []string {
	var names []string
	for _, v := range e.Watches {
		if v.Result == r {
			names = append(names, v.Watch)
		}
	}
	return names
}

// verdicts asks every watch, as the monitor does: with the tags of all sources
// of the article, in the language that one of them says its pages are in.
func verdicts(a veille.Article, rules Rules, in Language) []Verdict {
	if rules.Matcher == nil {
		return nil
	}
	sources := a.ShownBy(rules.Sources)
	snap, tags := a.Snapshot.ShownBy(sources)
	matches, language := rules.Matcher.Match(snap, tags)
	misses := rules.Matcher.Misses(snap, tags)
	out := make([]Verdict, 0, len(rules.Watches))
	for _, w := range rules.Watches {
		if rules.Only != "" && w.Name != rules.Only {
			continue
		}
		v := Verdict{Watch: w.Name}
		if i := slices.IndexFunc(matches, func(m veille.Match) bool { return m.Watch == w.Name }); i >= 0 {
			v.Match = &matches[i]
		}
		if i := slices.IndexFunc(misses, func(m veille.Miss) bool { return m.Watch == w.Name }); i >= 0 {
			v.Miss = &misses[i]
		}
		v.Result, v.Why = judge(a, w, v, sources, language, in)
		out = append(out, v)
	}
	for _, name := range a.Alerted {
		gone := !slices.ContainsFunc(rules.Watches, func(w veille.Watch) bool { return w.Name == name })
		if gone && rules.asks([]string{name}) {
			out = append(out, Verdict{Watch: name, Result: VerdictTold,
				Why: in.say("it alerted this watch, which is no longer configured", "il a alerté cette veille, qui n'est plus configurée")})
		}
	}
	return out
}

func judge(a veille.Article, w veille.Watch, v Verdict, sources []veille.Source, language string, in Language) (Result, string) {
	covered := slices.DeleteFunc(slices.Clone(sources), func(s veille.Source) bool { return !w.Covers(s) })
	reads := slices.ContainsFunc(covered, func(s veille.Source) bool {
		if s.Language != "" {
			return w.Reads(s.Language)
		}
		return w.Reads(language)
	})
	switch {
	case slices.Contains(a.Alerted, w.Name):
		// That it alerted is what happened, whatever an edit or a new query made
		// of the match since.
		text := in.say("it alerted this watch", "il a alerté cette veille")
		if v.Miss != nil {
			text += in.say("; its words no longer match: %s", " ; ses mots ne correspondent plus : %s", in.missed(*v.Miss))
		}
		return VerdictTold, text
	case v.Miss != nil:
		return VerdictMiss, in.missed(*v.Miss)
	case v.Match == nil:
		return VerdictMiss, in.say("its words do not match", "ses mots ne correspondent pas")
	case len(covered) == 0:
		return VerdictSource, in.say("its words match, but it looks only at the sources %s, and the article is of %s",
			"ses mots correspondent, mais elle ne regarde que les sources %s, et l'article vient de %s", strings.Join(w.Sources, ", "), names(sources))
	case !reads:
		return VerdictLanguage, in.say("its words match, but it reads only %s, and the article is in %s",
			"ses mots correspondent, mais elle ne lit que %s, et l'article est en %s", strings.Join(w.Languages, ", "), language)
	case slices.Contains(a.ToldByCopy, w.Name):
		return VerdictCopy, in.say("its words match, and a near copy of the article had alerted it", "ses mots correspondent, et une copie proche de l'article l'avait alertée")
	case a.Silent != "":
		return VerdictSilent, in.say("its words match, but the article was stored without an alert: %s",
			"ses mots correspondent, mais l'article a été gardé sans alerte : %s", in.known(a.Silent))
	case w.Added:
		return VerdictEvent, in.say("its words match, but it looks only at what an edit adds", "ses mots correspondent, mais elle ne regarde que ce qu'une modification ajoute")
	case !w.Wants(veille.ArticlePublished):
		return VerdictEvent, in.say("its words match, but it does not ask for new articles", "ses mots correspondent, mais elle ne demande pas les nouveaux articles")
	}
	return VerdictLater, in.say("its words match now, but it did not alert when the article was read: the watch is newer, or was changed since, and looks only forward; veille backtest --deliver tells of the past",
		"ses mots correspondent maintenant, mais elle n'a pas alerté quand l'article a été lu : la veille est plus récente, ou a changé depuis, et ne regarde que devant elle ; veille backtest --deliver raconte le passé")
}

func (in Language) missed(m veille.Miss) string {
	text := in.say("%s: %s", "%s : %s", m.Failed, in.known(m.Why))
	if len(m.Found) > 0 {
		text += in.say("; found: %s", " ; trouvé : %s", strings.Join(m.Found, ", "))
	}
	return text
}

func names(sources []veille.Source) string {
	var out []string
	for _, s := range sources {
		out = append(out, s.Name)
	}
	return strings.Join(out, ", ")
}
