package why

import (
	"strings"
)

// phrase is what another package says, and the same in French. A hole, written
// …, takes any text; in French the hole's text stands where it stood, put into
// French too where it is known.
type phrase struct{ en, fr string }

const hole = "…"

// french returns a phrase in French, or as it is where it is not known.
func french(text string) string {
	for _, p := range phrases() {
		if held, ok := p.takes(text); ok {
			out := p.fr
			for _, h := range held {
				out = strings.Replace(out, hole, french(h), 1)
			}
			return out
		}
	}
	for _, lead := range [...]phrase{{"not in ", "dans"}, {"none of them is in ", "aucun n'est dans"}, {"none of its words is in ", "aucun de ses mots n'est dans"}} {
		if rest, ok := strings.CutPrefix(text, lead.en); ok {
			return absent(lead.fr, rest)
		}
	}
	// "+2.5 a heading", and what is wrong with a part: "Pyongyang: not in title".
	for _, between := range [...]phrase{{" ", " "}, {": ", " : "}} {
		if i := strings.LastIndex(text, between.en); i > 0 {
			_, number := numbered(text)
			if between.en == " " && number > 0 {
				i = number
			} else if between.en == " " {
				continue
			}
			if rest := text[i+len(between.en):]; french(rest) != rest {
				return text[:i] + between.fr + french(rest)
			}
		}
	}
	return text
}

// numbered returns how long the signed number is that a text begins with; 0 if
// it does not.
func numbered(text string) (string, int) {
	number, _, ok := strings.Cut(text, " ")
	if !ok || len(number) < 2 || !strings.ContainsAny(number[:1], "+-−") || strings.Trim(number[1:], "0123456789.") != "" {
		return "", 0
	}
	return number, len(number)
}

// takes reports whether a text is the phrase, and what its holes hold.
func (p phrase) takes(text string) (held []string, ok bool) {
	parts := strings.Split(p.en, hole)
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return nil, false
	}
	for i, part := range parts[1:] {
		at := strings.Index(rest, part)
		if i == len(parts)-2 {
			if at = len(rest) - len(part); at < 0 || rest[at:] != part {
				return nil, false
			}
		}
		if at <= 0 {
			return nil, false
		}
		held, rest = append(held, rest[:at]), rest[at+len(part):]
	}
	return held, rest == ""
}

// absent says that something is in none of some fields: "title or body, only in
// url".
func absent(lead, rest string) string {
	names, only, more := strings.Cut(rest, ", only in ")
	list := strings.Split(names, " or ")
	for i, name := range list {
		list[i] = french(name)
	}
	text := lead + " " + strings.Join(list, " ni dans ")
	switch {
	case lead != "dans":
	case len(list) == 1:
		text = "pas " + text
	default:
		text = "ni " + text
	}
	if more {
		list = strings.Split(only, " or ")
		for i, name := range list {
			list[i] = french(name)
		}
		text += ", seulement dans " + strings.Join(list, " ou ")
	}
	return text
}

// phrases are what the packages of Veille say in fixed words, each with its
// place. A test reads those places and asks for every one.
func phrases() []phrase {
	return []phrase{
		// Why an article is silent: monitor/pollplan.go.
		{"listed before the source was watched", "montré avant que la source soit surveillée"},
		{"on the first poll, without a date of publication", "au premier relevé, sans date de publication"},
		{"published before the lookback", "publié avant lookback"},
		// What a near copy is: monitor/story.
		{"copy", "copie"}, {"excerpt", "extrait"}, {"update", "mise à jour"},
		// The kinds of page: article.go.
		{"article", "article"}, {"section", "page de liens"}, {"feed", "flux"}, {"sitemap", "plan de site"}, {"paywall", "article payant"},
		{"consent", "demande de consentement"}, {"challenge", "épreuve pour robots"}, {"not_found", "page introuvable"}, {"other", "autre chose"},
		// Why a page is of its kind: crawler/extract/kind.go.
		{"root element", "l'élément racine le dit"}, {"selector", "le sélecteur de la source la lit"}, {"declared an article", "la page se déclare article"},
		{"live blog", "c'est un direct"}, {"text", "elle porte un texte"}, {"bot challenge", "elle met les robots à l'épreuve"},
		{"soft not found", "elle dit ne pas exister"}, {"consent wall", "elle demande un consentement"}, {"login", "elle demande de se connecter"},
		{"video", "c'est une vidéo"}, {"gallery", "c'est une galerie d'images"}, {"no text", "elle ne porte pas de texte"}, {"home page", "c'est une page d'accueil"},
		{"list of links", "c'est une liste de liens"}, {"list of products", "c'est une liste de produits"},
		{"paywall: about …% visible", "accès payant : environ … % visibles"}, {"paywall: … characters visible", "accès payant : … caractères visibles"},
		// The fields of the rule language: monitor/query/field.go.
		{"title", "le titre"}, {"lead", "le chapeau"}, {"body", "le corps"}, {"url", "l'adresse"}, {"author", "les auteurs"}, {"site", "le site"}, {"tag", "les étiquettes"}, {"lang", "la langue"},
		// Why a clause fails: monitor/query/miss.go.
		{"no alternative holds", "aucune des possibilités n'est remplie"},
		{"excluded: it matches", "exclu : il correspond"}, {"excluded: … is in …", "exclu : … est dans …"},
		{"only written otherwise: …", "seulement écrit autrement : …"},
		{"none of them is found, … are asked", "aucun n'est trouvé, … sont demandés"},
		{"only … of them found (…), … asked", "… seulement trouvés (…), … demandés"},
		{"all found, but not together: … asked", "tous trouvés, mais pas ensemble : … demandé"},
		{"both found, … words apart, … asked", "les deux trouvés, à … mots l'un de l'autre, … demandé"},
		{"both found, in the other order: … asked", "les deux trouvés, dans l'autre ordre : … demandé"},
		{"both found, but only in the same words: … asked", "les deux trouvés, mais seulement dans les mêmes mots : … demandé"},
		{"both found, but not in one field: … asked", "les deux trouvés, mais pas dans un même champ : … demandé"},
		// The conditions of a known article: article.go.
		{"404 not found", "introuvable (404)"}, {"410 gone", "supprimé (410)"}, {"not found, though the server says 200", "introuvable, bien que le serveur réponde 200"},
		{"redirected to the home page", "renvoyé à la page d'accueil"}, {"redirected to a section", "renvoyé à une rubrique"}, {"redirected to another article", "renvoyé à un autre article"},
		{"a notice of removal", "un avis de retrait"}, {"bot wall", "mur contre les robots"},
		{"no article to read", "aucun article à lire"}, {"gone, as other pages of the site are", "absent, comme d'autres pages du site"}, {"behind a paywall", "derrière un accès payant"},
		{"a further page of it could not be had", "une page suivante n'a pas pu être lue"}, {"closed to search engines", "fermé aux moteurs de recherche"},
		// What a revision changes: monitor/edit/between.go.
		{"authors", "les auteurs"}, {"published", "la date de publication"}, {"image", "l'image"},
		// The types of event: event.go.
		{"article.published", "nouvel article"}, {"article.edited", "modification"}, {"article.withdrawn", "retrait"}, {"story.grown", "dépêche reprise"},
		// Why a delivery was held back: mute.go.
		{"watch … is muted until …: …", "la veille … est en sourdine jusqu'au … : …"}, {"source … is muted until …: …", "la source … est en sourdine jusqu'au … : …"},
		{"story … is muted until …: …", "la dépêche … est en sourdine jusqu'au … : …"},
		// Why a page could not be had: errors.go.
		{"failure timeout", "le site ne répond pas à temps"}, {"failure dns", "le nom du site est introuvable"}, {"failure connect", "le site n'accepte pas de connexion"},
		{"failure tls", "le certificat du site n'est pas en règle"}, {"failure blocked_address", "l'adresse est privée"}, {"failure bad_url", "l'adresse ne peut pas être lue"},
		{"failure robots", "robots.txt l'interdit"}, {"failure redirect", "le site redirige en boucle, ou trop loin"}, {"failure too_large", "la page est trop longue"},
		{"failure decompression_bomb", "la réponse se décompresse bien au-delà d'une page"}, {"failure bad_encoding", "la réponse est illisible"}, {"failure truncated", "la réponse s'est interrompue"},
		{"failure empty", "la page ne montre aucun article"}, {"failure not_found", "la page n'existe pas"}, {"failure gone", "la page a été supprimée"}, {"failure forbidden", "le site refuse les robots"},
		{"failure throttled", "le site demande de venir moins souvent"}, {"failure server_error", "le site a une panne"}, {"failure unexpected_status", "le site a donné une réponse inattendue"},
		{"failure bot_wall", "un mur demande si nous sommes humains"}, {"failure not_html", "la réponse n'est pas une page"}, {"failure broken_page", "la page est trop abîmée"}, {"failure bad_feed", "le flux est trop abîmé"},
		// Why a visit ended: monitor/visit.go.
		{"the text is longer than any article's", "le texte est plus long que celui d'aucun article"},
		// What receivers answered: notify/answer.go.
		{"HTTP …: …: …", "HTTP … : … : …"},
		{"answered with a redirect, which is never followed; update the URL", "renvoie ailleurs, ce qui n'est jamais suivi ; corrigez l'URL"}, {"answered with a redirect, which is never followed; update the URL: …", "renvoie ailleurs, ce qui n'est jamais suivi ; corrigez l'URL : …"},
		{"says that it is gone for good", "dit avoir disparu pour de bon"}, {"says that it is gone for good: …", "dit avoir disparu pour de bon : …"},
		{"refuses access; check the URL and its permissions", "refuse l'accès ; vérifiez l'URL et ses droits"}, {"refuses access; check the URL and its permissions: …", "refuse l'accès ; vérifiez l'URL et ses droits : …"},
		{"asks to wait", "demande d'attendre"}, {"asks to wait: …", "demande d'attendre : …"},
		{"does not take this alert", "ne prend pas cette alerte"}, {"does not take this alert: …", "ne prend pas cette alerte : …"},
		{"knows nothing at this address; check the URL", "ne connaît rien à cette adresse ; vérifiez l'URL"}, {"knows nothing at this address; check the URL: …", "ne connaît rien à cette adresse ; vérifiez l'URL : …"},
		{"is unwell", "ne va pas bien"}, {"is unwell: …", "ne va pas bien : …"},
		{"gave an answer that is not understood", "a donné une réponse incompréhensible"}, {"gave an answer that is not understood: …", "a donné une réponse incompréhensible : …"},
		// What speaks for and against a link: crawler/discover.
		{"ten words or more in the text", "dix mots ou plus dans le texte"}, {"six words or more in the text", "six mots ou plus dans le texte"}, {"four words or more in the text", "quatre mots ou plus dans le texte"},
		{"two words or less in the text", "deux mots au plus dans le texte"}, {"a headline's punctuation", "la ponctuation d'un titre"}, {"marked as paid for", "marqué comme payé"},
		{"a menu's text", "le texte d'un menu"}, {"a number for a text", "un nombre pour texte"}, {"an address that only repeats the text", "une adresse qui ne fait que répéter le texte"},
		{"in a menu or footer", "dans un menu ou un pied de page"}, {"in the header", "dans l'en-tête"}, {"a heading", "un intertitre"}, {"a date", "une date"},
		{"any link", "tout lien"}, {"seven words or more in the address", "sept mots ou plus dans l'adresse"}, {"five words or more in the address", "cinq mots ou plus dans l'adresse"},
		{"four words in the address", "quatre mots dans l'adresse"}, {"three words in the address", "trois mots dans l'adresse"}, {"a day in the address", "un jour dans l'adresse"},
		{"a month in the address", "un mois dans l'adresse"}, {"an article's number in the address", "un numéro d'article dans l'adresse"}, {"an article's number in the query", "un numéro d'article dans les paramètres"},
		{"a long address", "une longue adresse"}, {"an article's word in the address", "un mot d'article dans l'adresse"}, {"a menu's word in the address", "un mot de menu dans l'adresse"},
		{"in the page's list of items", "dans la liste de la page"}, {"an entry of a plain list", "une entrée d'une liste simple"}, {"something to watch or to hear", "à voir ou à écouter"},
		{"articles of the site had this shape: …", "des articles du site avaient cette forme : …"}, {"pages of the site of this shape were no articles: …", "des pages du site de cette forme n'étaient pas des articles : …"},
		{"a headline in the page's data", "un titre dans les données de la page"}, {"like other links with long texts", "comme d'autres liens aux textes longs"},
		{"like other links with short texts", "comme d'autres liens aux textes courts"}, {"among links with long texts", "parmi des liens aux textes longs"}, {"another site", "un autre site"}, {"leads up", "mène plus haut"},
		{"named by links.include", "nommé par links.include"}, {"one short word in the address", "un seul mot court dans l'adresse"},
		{"a home page", "une page d'accueil"}, {"a file", "un fichier"}, {"a host that holds no articles", "un site sans articles"},
		{"left out by links.include or links.exclude", "écarté par links.include ou links.exclude"}, {"beyond the first 2000", "au-delà des 2000 premiers"},
		{"at least 0.9: in the page's list of items", "au moins 0.9 : dans la liste de la page"},
	}
}
