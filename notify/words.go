package notify

import (
	"fmt"
	"strings"
	"time"

	"veille"
)

// words are the texts of alerts in one language.
type words struct {
	language string
	headings map[veille.EventType]string
	// colon stands between a heading and what follows it.
	colon                                            string
	untitled, unstated, published, firstSeen, unsaid string
	withdrawn, noWords, watches, more, places        string
	test, none, returned, reverts                    string
	lead, authors, time, open                        string
	outlets, digest, added, removed                  plural
	days, months                                     []string
	// own words events about Veille itself; nil in English, where their messages
	// do.
	own *troubles
}

// plural is a text for one and a text for any other number; %d is the number.
type plural struct{ one, many string }

func (p plural) of(n int) string {
	if n == 1 {
		return p.one
	}
	return fmt.Sprintf(p.many, n)
}

// languages are those that alerts are written in.
func languages() []string { return []string{"en", "fr"} }

func wordsOf(language string) *words {
	in := func(english, french string) string {
		if language == "fr" {
			return french
		}
		return english
	}
	of := func(english, french plural) plural {
		return plural{in(english.one, french.one), in(english.many, french.many)}
	}
	w := &words{
		language: in("en", "fr"),
		headings: map[veille.EventType]string{
			veille.ArticleEdited:     in("Edited", "Modifié"),
			veille.ArticleWithdrawn:  in("Withdrawn", "Retiré"),
			veille.StoryGrown:        in("Story grown", "Sujet repris"),
			veille.Digest:            in("Digest", "Récapitulatif"),
			veille.SourceFailing:     in("Source failing", "Source en échec"),
			veille.SourceQuiet:       in("Source quiet", "Source muette"),
			veille.SourceRecovered:   in("Source recovered", "Source rétablie"),
			veille.ConfigRejected:    in("Configuration rejected", "Configuration refusée"),
			veille.ReceiverDisabled:  in("Receiver disabled", "Destinataire désactivé"),
			veille.ReceiverRecovered: in("Receiver recovered", "Destinataire rétabli"),
			veille.TestEvent:         in("Test alert", "Alerte d'essai"),
		},
		colon:     in(":", "\u00a0:"),
		untitled:  in("(without a title)", "(sans titre)"),
		unstated:  in("publication time not stated", "heure de publication inconnue"),
		published: in("published %s", "publié le %s"),
		firstSeen: in("first seen %s", "vu le %s"),
		unsaid:    in("no more is known", "rien de plus n'est connu"),
		withdrawn: in("The outlet has taken this article down; it was found gone on %s.", "Le média a retiré cet article\u00a0; sa disparition a été constatée le %s."),
		noWords:   in("No words were added or removed.", "Aucun mot n'a été ajouté ni retiré."),
		watches:   in("Watches: ", "Veilles\u00a0: "),
		more:      in("… and %d more", "… et %d de plus"),
		places:    in("… and %d more changed places", "… et %d autres passages modifiés"),
		test:      in("This is a test alert. Alerts will reach you here.", "Ceci est une alerte d'essai. Les alertes vous parviendront ici."),
		none:      in("(none)", "(néant)"),
		returned:  in("The article is back.", "L'article est de retour."),
		reverts:   in("It reads again as revision %d did.", "Son texte est de nouveau celui de la révision %d."),
		lead:      in("Lead", "Chapeau"),
		authors:   in("Authors", "Auteurs"),
		time:      in("Publication time", "Heure de publication"),
		open:      in("Open the article", "Ouvrir l'article"),
		outlets:   of(plural{"carried by 1 outlet", "carried by %d outlets"}, plural{"repris par 1 média", "repris par %d médias"}),
		digest:    of(plural{"1 alert", "%d alerts"}, plural{"1 alerte", "%d alertes"}),
		added:     of(plural{"1 word added", "%d words added"}, plural{"1 mot ajouté", "%d mots ajoutés"}),
		removed:   of(plural{"1 word removed", "%d words removed"}, plural{"1 mot retiré", "%d mots retirés"}),
		days:      strings.Fields(in("Sun Mon Tue Wed Thu Fri Sat", "dim. lun. mar. mer. jeu. ven. sam.")),
		months: strings.Fields(in("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
			"janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.")),
	}
	if w.language == "fr" {
		w.own = frenchTroubles()
	}
	return w
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
