package notify

import (
	"fmt"
	"strings"
	"time"

	"veille"
)

// troubles word in another language than English what the messages of events
// about Veille itself say. What an error says stays as it is.
type troubles struct {
	// Of the source or receiver named first.
	failing, quiet, recovered, disabled, back string
	// Of all sources, which the network or the store holds up.
	offline, online, full, room string
	rejected                    string
	// causes say what a source's trouble is and what helps; other is for any
	// cause that is not among them.
	causes map[string]string
	other  string
	// Spans of time.
	days, hours, minutes string
	unmatched, grown     string
}

func frenchTroubles() *troubles {
	t := &troubles{
		failing:   "La source %s est en échec depuis le %s\u00a0: %s.",
		quiet:     "La source %s est muette\u00a0: rien de nouveau depuis le %s, bien qu'elle réponde. La page montre-t-elle encore les nouveautés\u00a0?",
		recovered: "La source %s est rétablie, après %s (%s).",
		offline:   "Aucune source ne peut être jointe depuis le %s (%s)\u00a0: cela semble tenir au réseau de Veille.",
		online:    "Les sources peuvent de nouveau être jointes, après %s.",
		full:      "Plus aucune source n'est lue depuis le %s (%s)\u00a0; faites de la place, ou augmentez store.bolt.max_size. La lecture reprendra ensuite d'elle-même.",
		room:      "Les sources sont de nouveau lues, après %s\u00a0: il y a de la place.",
		rejected:  "La configuration a été refusée\u00a0; la dernière bonne reste en vigueur.\n%s",
		disabled:  "Le destinataire %s refuse les alertes pour de bon (%s). Ses alertes sont gardées jusqu'à ce qu'il soit corrigé et remis en service.",
		back:      "Le destinataire %s accepte de nouveau les alertes\u00a0; celles qui étaient gardées sont en route.",
		other:     "veille check --online y regarde de nouveau",
		days:      "%d jours", hours: "%d h %02d min", minutes: "%d min",
		unmatched: "Ne correspond plus à\u00a0: %s.", grown: "Désormais dans %d médias, d'abord dans %s.",
		causes: map[string]string{
			"no_links":   "la page ne montre plus aucun lien d'article, elle a été refaite ou montre autre chose\u00a0; veille links --why URL dit ce qui en est lu",
			"unreadable": "des liens sont trouvés, mais les derniers ne se lisent pas comme des articles\u00a0; veille try en montre un, select ou links.include peuvent aider",
			"banner":     "les derniers articles sont tous les mêmes ou bien plus courts que d'habitude, un bandeau ou un péage en tient lieu\u00a0; veille try en montre un, select.body peut aider",
			"selectors":  "select ne trouve plus rien dans les derniers articles, la lecture automatique y supplée\u00a0; veille try en montre un",
		},
	}
	for kind, text := range map[veille.FetchErrorKind]string{
		veille.FetchForbidden: "le site refuse Veille\u00a0; donnez contact, demandez au site, ou donnez headers à la source",
		veille.FetchBotWall:   "le site demande aux visiteurs de prouver qu'ils sont humains\u00a0; cherchez un flux avec veille check --online",
		veille.FetchRobots:    "robots.txt l'interdit ou n'a pas pu être lu\u00a0; cherchez un flux qui soit permis",
		veille.FetchTLS:       "le certificat du site n'est pas valide\u00a0; le plus souvent il l'est de nouveau en quelques jours",
		veille.FetchNotFound:  "l'adresse n'existe plus\u00a0; trouvez la nouvelle adresse de la rubrique",
		veille.FetchGone:      "l'adresse n'existe plus\u00a0; trouvez la nouvelle adresse de la rubrique",
		veille.FetchRedirect:  "l'adresse tourne en rond ou mène ailleurs\u00a0; trouvez la nouvelle adresse de la rubrique",
		veille.FetchDNS:       "le nom ne mène nulle part\u00a0; est-il bien écrit, et le site existe-t-il encore\u00a0?",
		veille.FetchConnect:   "le site ne répond pas",
		veille.FetchTimeout:   "le site ne répond pas",
		veille.FetchThrottled: "le site demande à être consulté moins souvent\u00a0; espacez schedule",
		veille.FetchServer:    "le site est en panne\u00a0; il est consulté de moins en moins souvent",
		veille.FetchBlocked:   "l'adresse est privée\u00a0; allow_private permet à cette source d'y vivre",
		veille.FetchTooLarge:  "la page dépasse crawl.max_body",
		veille.FetchBadFeed:   "le flux ou le plan de site est défectueux",
	} {
		t.causes[string(kind)] = text
	}
	return t
}

// trouble words an event about Veille itself; empty where its message has to do.
func (v voice) trouble(e veille.Event) string {
	own, facts := v.words.own, e.Trouble
	if own == nil || facts == nil {
		return ""
	}
	var span string
	if !facts.Since.IsZero() {
		span = own.span(e.Time.Sub(facts.Since))
	}
	switch e.Type {
	case veille.SourceFailing, veille.SourceQuiet, veille.SourceRecovered:
		if facts.Since.IsZero() {
			return ""
		}
	}
	switch {
	case e.Type == veille.SourceFailing && facts.Cause == "network":
		return fmt.Sprintf(own.offline, v.date(facts.Since), facts.Detail)
	case e.Type == veille.SourceRecovered && facts.Cause == "network":
		return fmt.Sprintf(own.online, span)
	case e.Type == veille.SourceFailing && facts.Cause == "store":
		return fmt.Sprintf(own.full, v.date(facts.Since), facts.Detail)
	case e.Type == veille.SourceRecovered && facts.Cause == "store":
		return fmt.Sprintf(own.room, span)
	case e.Source == "" && strings.HasPrefix(string(e.Type), "source."):
		return ""
	case e.Type == veille.SourceFailing:
		cause, ok := own.causes[facts.Cause]
		if !ok {
			cause = own.other
		}
		if facts.Detail != "" {
			cause += " (" + facts.Detail + ")"
		}
		return fmt.Sprintf(own.failing, e.Source, v.date(facts.Since), cause)
	case e.Type == veille.SourceQuiet:
		return fmt.Sprintf(own.quiet, e.Source, v.date(facts.Since))
	case e.Type == veille.SourceRecovered:
		return fmt.Sprintf(own.recovered, e.Source, span, facts.Cause)
	case e.Type == veille.ConfigRejected:
		return fmt.Sprintf(own.rejected, facts.Detail)
	case e.Type == veille.ReceiverDisabled && e.Receiver != "":
		return fmt.Sprintf(own.disabled, e.Receiver, facts.Detail)
	case e.Type == veille.ReceiverRecovered && e.Receiver != "":
		return fmt.Sprintf(own.back, e.Receiver)
	}
	return ""
}

// note is what an event about an article says beside its type.
func (v voice) note(e veille.Event) string {
	own := v.words.own
	if own == nil {
		return e.Message
	}
	rest := strings.TrimSpace(strings.TrimSuffix(e.Message, veille.UnmatchedMessage(e.Unmatched)))
	switch {
	case e.Type == veille.StoryGrown && e.Story != nil:
		rest = fmt.Sprintf(own.grown, e.Story.Outlets, veille.Outlet(e.Story.First))
	case e.Revision != nil && e.Revision.Change != nil && e.Revision.Change.Returned:
		rest = "" // the change says so
	}
	if len(e.Unmatched) > 0 {
		rest += " " + fmt.Sprintf(own.unmatched, strings.Join(e.Unmatched, ", "))
	}
	return strings.TrimSpace(rest)
}

// span writes how long something lasted.
func (t *troubles) span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf(t.days, int(d.Hours()/24))
	case d >= time.Hour:
		return fmt.Sprintf(t.hours, int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf(t.minutes, int(d.Minutes()))
}
