package notify

import (
	"fmt"
	"strings"
	"time"

	"veille"
)

// words are the texts of alerts in one language.
type words struct {
	headings map[veille.EventType]string
	// colon stands between a heading and what follows it.
	colon                                            string
	untitled, unstated, published, firstSeen, unsaid string
	withdrawn, noWords, watches, more, places        string
	test, none, returned, reverts                    string
	lead, authors, time, open                        string
	outlets, digest, added, removed                  plural
	days, months                                     [12]string
}

// plural is a text for one and a text for any other number; %d is the number.
type plural struct{ one, many string }

func (p plural) of(n int) string {
	if n == 1 {
		return p.one
	}
	return fmt.Sprintf(p.many, n)
}

func wordsOf(language string) *words {
	if language == "fr" {
		return french()
	}
	return english()
}

func english() *words {
	return &words{
		headings: map[veille.EventType]string{
			veille.ArticleEdited: "Edited", veille.ArticleWithdrawn: "Withdrawn", veille.StoryGrown: "Story grown",
			veille.Digest: "Digest", veille.SourceFailing: "Source failing", veille.SourceQuiet: "Source quiet",
			veille.SourceRecovered: "Source recovered", veille.ConfigRejected: "Configuration rejected",
			veille.ReceiverDisabled: "Receiver disabled", veille.ReceiverRecovered: "Receiver recovered", veille.TestEvent: "Test alert",
		},
		colon:    ":",
		untitled: "(without a title)", unstated: "publication time not stated", published: "published %s", firstSeen: "first seen %s",
		unsaid:    "no more is known",
		withdrawn: "The outlet has taken this article down; it was found gone on %s.",
		noWords:   "No words were added or removed.", watches: "Watches: ", more: "… and %d more", places: "… and %d more changed places",
		test: "This is a test alert. Alerts will reach you here.",
		none: "(none)", returned: "The article is back.", reverts: "It reads again as revision %d did.",
		lead: "Lead", authors: "Authors", time: "Publication time", open: "Open the article",
		outlets: plural{"carried by 1 outlet", "carried by %d outlets"},
		digest:  plural{"1 alert", "%d alerts"},
		added:   plural{"1 word added", "%d words added"}, removed: plural{"1 word removed", "%d words removed"},
		days:   [12]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	}
}

func french() *words {
	return &words{
		headings: map[veille.EventType]string{
			veille.ArticleEdited: "Modifié", veille.ArticleWithdrawn: "Retiré", veille.StoryGrown: "Sujet repris",
			veille.Digest: "Récapitulatif", veille.SourceFailing: "Source en échec", veille.SourceQuiet: "Source muette",
			veille.SourceRecovered: "Source rétablie", veille.ConfigRejected: "Configuration refusée",
			veille.ReceiverDisabled: "Destinataire désactivé", veille.ReceiverRecovered: "Destinataire rétabli", veille.TestEvent: "Alerte d'essai",
		},
		colon:    "\u00a0:",
		untitled: "(sans titre)", unstated: "heure de publication inconnue", published: "publié le %s", firstSeen: "vu le %s",
		unsaid:    "rien de plus n'est connu",
		withdrawn: "Le média a retiré cet article\u00a0; sa disparition a été constatée le %s.",
		noWords:   "Aucun mot n'a été ajouté ni retiré.", watches: "Veilles\u00a0: ", more: "… et %d de plus", places: "… et %d autres passages modifiés",
		test: "Ceci est une alerte d'essai. Les alertes vous parviendront ici.",
		none: "(néant)", returned: "L'article est de retour.", reverts: "Son texte est de nouveau celui de la révision %d.",
		lead: "Chapeau", authors: "Auteurs", time: "Heure de publication", open: "Ouvrir l'article",
		outlets: plural{"repris par 1 média", "repris par %d médias"},
		digest:  plural{"1 alerte", "%d alertes"},
		added:   plural{"1 mot ajouté", "%d mots ajoutés"}, removed: plural{"1 mot retiré", "%d mots retirés"},
		days:   [12]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
		months: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	}
}

// heading names what happened; empty for a publication, where the title says
// enough.
func (w *words) heading(t veille.EventType) string {
	if t == veille.ArticlePublished {
		return ""
	}
	if h, ok := w.headings[t]; ok {
		return h
	}
	return line(string(t), 60)
}

// date shows a time for a reader who has just woken up: weekday, day, time and
// zone. A zone without a short name is shown as its distance from UTC.
func (w *words) date(t time.Time) string {
	zone := t.Format("MST")
	if strings.HasPrefix(zone, "+") || strings.HasPrefix(zone, "-") {
		zone = "UTC" + zone
	}
	return fmt.Sprintf("%s %d %s %d, %s %s", w.days[t.Weekday()], t.Day(), w.months[t.Month()-1], t.Year(), t.Format("15:04"), zone)
}

// wordCount says how much an edit changed.
func (w *words) wordCount(c veille.WordsChange) string {
	var parts []string
	if c.Added > 0 {
		parts = append(parts, w.added.of(c.Added))
	}
	if c.Removed > 0 {
		parts = append(parts, w.removed.of(c.Removed))
	}
	if len(parts) == 0 {
		return w.noWords
	}
	return strings.Join(parts, ", ") + "."
}

// restOf says how many events of a digest have no room.
func restOf(w *words, n int) string { return fmt.Sprintf(w.more, n) }
