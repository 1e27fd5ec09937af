package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// Bounds on what is taken from the end of a text.
const (
	// maxClosing is how many of the last paragraphs are looked at.
	maxClosing = 6
	// closingWeight bounds the weight of one of them.
	closingWeight = 500
)

var (
	// appealLine asks the reader for something, wherever it stands.
	appealLine = newLineRule(``+
		`(?:please )?(?:follow|join|chat with|sign up|subscribe|download|register|síguenos|suscríbete|únete|suivez|abonnez|inscrivez|rejoignez|téléchargez|folgen sie|folge|folgt|abonniere|seguici|iscriviti|siga|inscreva)\b.{0,160}\b(?:newsletters?|facebook|twitter|instagram|whatsapp|telegram|messenger|youtube|google (?:news|actualités)|inbox|app store|tiktok|apps?|linkedin|threads|bluesky|canal|channel|kanal|chaîne)\b|`+
		`(?:get|receive|want|recevez|erhalten sie|recibe|ricevi)\b.{0,120}\b(?:newsletters?|inbox|letterbox|boîte mail|posteingang|on whatsapp|to your phone)\b|`+
		`by (?:signing up|subscribing|submitting|clicking|entering your)\b.{0,60}\b(?:you|agree|confirm)|you can unsubscribe|`+
		`our community members are treated to|`+
		`(?:this .{0,40})?requires javascript|`+
		`empfohlener (?:redaktioneller|externer) inhalt|an dieser stelle (?:findest du|finden sie) (?:einen )?extern|ich bin damit einverstanden, dass mir|personenbezogene daten können an dritt|`+
		`(?:this|dieser|ce|este) (?:content|inhalt|contenu|contenido) (?:is hosted|is provided by|is not available due to|wird von|stammt von|est hébergé|n['’]est pas disponible)|`+
		`if you (?:buy|purchase|click) .{0,80}\b(?:commission|affiliate)|(?:we|purchases made) .{0,60}\b(?:earn|receive) .{0,30}\bcommission|`+
		`submit your letter|(?:ici|hier|here) klicken`, ``)
	scriptLine    = regexp.MustCompile(`(?i)^[^\pL\pN]*.{0,60}\b(?:enable|activer|aktivieren sie|activar) (?:your )?javascript`)
	shortcodeLine = regexp.MustCompile(`^\[\w+[ \]].*\[/\w+\]$`)
	creditLine    = newLineRule(`images?|photos?|photograph|pictures?|fotos?|bild(?:er|quelle|rechte|nachweis)?|crédits?(?: photos?)?|(?:photo|image|picture|foto)[- ]?(?:credits?|crédits?)|titelbild|beitragsbild|imagen`, `\s*(?:[:：©]|by\s).{1,90}$`)
	// creditLast is the end of a caption.
	creditLast = regexp.MustCompile(`(?i)(?:bildrechte|bildquelle|fotos?|photos?|bild|image|crédits?|photo by|picture)\s*[:：]\s*[^.!?:]{2,60}$`)
	// closingLine is what stands after the last sentence of a story.
	closingLine = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:` +
		`(?:additional |with )?(?:reporting|writing|editing|text|video) by\b|` +
		`(?:follow|email|e-mail|contact|reach|write to) .{0,80}(?:@|\bon (?:twitter|facebook|x|instagram)\b|\bat \S+@)|` +
		`follow (?:us|him|her|them|our|@)|(?:subscribe|sign up|tune in)\b|listen to .{0,60}(?:podcast|live\b)|download (?:our|the) |support (?:us|our|independent|quality)\b|` +
		`(?:click|tap) here|for more (?:information|news|stories|on)\b|for the latest\b|stay up[- ]to[- ]date|` +
		`(?:send (?:us|your)|have (?:a|you)|got a|do you have) .{0,60}(?:tip|story|question|letter|information|e-?mail)|` +
		`this (?:article|story|post|piece|report) (?:was|is|has been|originally|first|appeared)\b.{0,80}(?:published|appeared|produced|updated|republished|reproduced|permission)|` +
		`our website is|if you (?:enjoyed|liked)\b|` +
		`mit material (?:von|der)|redaktion\s*:|dieser (?:artikel|text|beitrag) (?:ist|erschien|stammt|wurde)|dieses thema im programm|` +
		`folgen sie|folge(?:n|t)? uns|abonnieren sie|weitere informationen[^\pL\pN]*$|` +
		`avec (?:l['’])?(?:afp|reuters|ap|agences?)[^\pL\pN]*$|suivez|abonnez|inscrivez|retrouvez|` +
		`síguenos|sigue (?:a|nuestr)|suscríbete|¿ya sabías que\b.{0,60}canal|¡mira lo que\b|` +
		`seguici|iscriviti|siga|` +
		`.{0,60}\b(?:coment[aá]rios?|comments|commentaires?|kommentare?)\b.{0,100}\b(?:modera[dt]|modér|freigeschaltet|freigegeben|aprovad)|` +
		`schon gelesen\?|be sociable|keine kommentare|noch keine bewertungen|\(noch keine bewertungen\)|alle angaben ohne gewähr` +
		`)|\bcontributed (?:to (?:this|the) (?:report|story|article)|reporting)\b|^[^\pL\pN]*(?:mit )?(?:dpa|afp|reuters|ap|sid|apa|ansa|efe|lusa|belga|keystone-sda|sda|kna|epd)(?:[\s/,-]+\w{1,9}){0,3}[^\pL\pN]*$`)
)

// appeals reports whether a block asks to follow, subscribe or agree.
func (e *editor) appeals(b block) bool {
	if (strings.Contains(b.text, "avascript") || strings.Contains(b.text, "avaScript")) && e.affords() && scriptLine.MatchString(b.text) {
		return true
	}
	return appealLine.mayMatch(b.text) && e.affords() && appealLine.re.MatchString(b.text) || strings.HasPrefix(b.text, "[") && shortcodeLine.MatchString(b.text)
}

// endsInCredit reports whether a line ends as a picture's caption does.
func endsInCredit(s string) bool {
	colon := max(strings.LastIndexByte(s, ':'), strings.LastIndex(s, "："))
	if colon < 0 || len(s)-colon > 250 {
		return false
	}
	from := max(0, colon-20)
	for from > 0 && !utf8.RuneStart(s[from]) {
		from--
	}
	label := strings.ToLower(s[from:colon])
	for _, word := range []string{"bild", "foto", "photo", "image", "crédit", "picture"} {
		if strings.Contains(label, word) {
			return creditLast.MatchString(s[from:])
		}
	}
	return false
}

// withoutClosing drops, of the last paragraphs, those that tell who wrote the
// story and where to follow them: lines of known form, and what stands wholly
// in italics after a text without them.
func withoutClosing(blocks []block) []block {
	total, italics := 0, 0
	for _, b := range blocks {
		total += b.weight
		if slanted(b) {
			italics++
		}
	}
	out := withoutLinkList(blocks)
	rest := total
	for n := 0; n < maxClosing && len(out) > 1; n++ {
		b := out[len(out)-1]
		rest -= b.weight
		note := slanted(b) && italics <= 2 && rest > 2*shortBody && !strings.ContainsAny(b.text, "“„«")
		if b.weight > closingWeight || rest*4 < total*3 || !note && !closingLine.MatchString(b.text) || isCorrection(b.text) {
			break
		}
		out = out[:len(out)-1]
	}
	// Others may stand between: a line of thanks after a line of contact.
	for i := max(1, len(out)-maxClosing); i < len(out); i++ {
		if out[i].weight < closingWeight/2 && closingLine.MatchString(out[i].text) && !isCorrection(out[i].text) {
			out = append(out[:i:i], out[i+1:]...)
			i--
		}
	}
	return out
}

// slanted reports whether a block is set in italics.
func slanted(b block) bool { return b.emphasis*10 >= b.weight*9 }

// withoutLinkList drops a list at the end whose every item has a link: it leads
// to other pages. The line that announces it goes with the headings.
func withoutLinkList(blocks []block) []block {
	from := len(blocks)
	for from > 1 {
		b := blocks[from-1]
		if b.node.DataAtom != atom.Li || b.weight > 200 || b.links*4 < b.weight || strings.HasSuffix(b.text, ".") {
			break
		}
		from--
	}
	if len(blocks)-from < 3 || blocks[from-1].node.DataAtom == atom.Li {
		return blocks
	}
	return blocks[:from]
}
