package extract

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"veille"
)

// wallWeight bounds the visible text of a page that may be called a wall: the
// words of one are in many an article too.
const wallWeight = 3000

var (
	challengeTitle = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:just a moment|attention required|access denied|access to this page has been denied|are you a (?:robot|human)|please verify you are (?:a )?human|verify(?:ing)? you are human|ddos-guard|one moment,? please|pardon our interruption|security check|checking your browser|un instant|(?:nur )?einen moment|please enable js|robot or human|captcha|human verification|bot verification|you have been blocked|request unsuccessful|client challenge)`)
	challengeText  = regexp.MustCompile(`checking (?:if the site connection is secure|your browser)|verify(?:ing)? (?:that )?you are (?:a )?human|enable javascript and cookies to continue|enable js and disable any ad ?blocker|needs to review the security of your connection|ddos protection by|cloudflare ray id|complete the (?:captcha|security check)|unusual traffic from your|please solve (?:this|the) captcha|perimeterx|px-captcha|press (?:&|and) hold|vérifier que vous êtes humain|bestätigen sie, dass sie ein mensch`)
	consentTitle   = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:before you continue|avant (?:de continuer|d['’]accéder)|bevor sie (?:fortfahren|zu)|antes de continuar|we value your privacy|your privacy(?: (?:choices|matters))?|nous respectons votre vie privée|votre (?:vie privée|consentement)|ihre privatsphäre|tu privacidad|la tua privacy|il tuo consenso|uw privacy|privatsphäre-einstellungen|datenschutz(?:einstellungen)?|cookies?(?: (?:consent|policy|preferences|settings|einstellungen|zustimmung))?|consent(?:ement)?|privacy (?:gate|consent|center|settings)|gdpr|zustimmung|einwilligung|consentimiento)\b`)
	consentText    = regexp.MustCompile(`(?:accept|agree to|consent to|accepter|acceptez|akzeptieren|zustimmen|aceptar|allow) (?:and continue|all|the use of|our use of|et continuer|tout|alle|todo|our|les|des|und|cookies)|store and/?or access information on|stocker et/ou accéder|we and our (?:\d+ )?partners|nous et nos (?:\d+ )?partenaires|wir und unsere (?:\d+ )?partner|mit werbung und cookies|manage (?:my )?(?:choices|preferences|cookies)|utilise(?:nt|ons)? des cookies|uses? cookies|utili[sz]amos (?:las )?cookies|utilizziamo i cookie|noi e i nostri (?:\d+ )?partner|nosotros y nuestros (?:\d+ )?socios`)
	notFoundTitle  = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:(?:error|erreur|fehler)?[^\pL\pN]*404\b|page (?:not found|introuvable|non trouvée|inexistante)|not found|(?:seite|artikel|inhalt) (?:wurde )?nicht gefunden|p[aá]gina (?:no encontrada|não encontrada|non trovata)|pagina niet gevonden|(?:this|the|that) (?:page|article|story) (?:could not|couldn['’]t|can['’]t|cannot|does not|doesn['’]t|is no longer|no longer|was not|has been removed)|(?:la|cette) page .{0,40}(?:n['’]existe|introuvable)|cet article n['’]existe|(?:oops|ups|hoppla|sorry)\b.{0,40}(?:not found|404|introuvable|gefunden|exist)|страница не найдена|페이지를 찾을 수 없|존재하지 않는|ページが見つかりません|お探しのページ|页面(?:不存在|未找到)|您访问的页面|找不到(?:页面|頁面))`)
	notFoundText   = regexp.MustCompile(`404|not found|introuvable|n['’]existe (?:pas|plus)|nicht gefunden|no encontrada|не найден|찾을 수 없|존재하지 않|삭제된|見つかりません|ありません|不存在|no longer (?:available|exists)|couldn['’]t find|can['’]t find|does not exist|doesn['’]t exist|been (?:removed|moved|deleted)`)
)

// ReasonLogin is the Snapshot.KindReason of a form to log in, which has no kind
// of its own.
const ReasonLogin = "login"

// The other reasons for a page's kind.
const (
	reasonRoot      = "root element"
	reasonSelected  = "selector"
	reasonDeclared  = "declared an article"
	reasonLiveBlog  = "live blog"
	reasonText      = "text"
	reasonChallenge = "bot challenge"
	reasonNotFound  = "soft not found"
	reasonConsent   = "consent wall"
	reasonVideo     = "video"
	reasonGallery   = "gallery"
	reasonNoText    = "no text"
	reasonHome      = "home page"
	reasonList      = "list of links"
	reasonShop      = "list of products"
)

// kind says what the page is, and why. A wall is claimed only where the page
// shows little text and that has the wall's marks in its title and in itself.
func (f *facts) kind(a article, title string, base *url.URL, dated bool) (veille.PageKind, string) {
	declared := f.declaresArticle()
	titles := []string{title, plain(f.docTitle)}
	if a.visibleWeight < wallWeight {
		switch {
		case !declared && a.visibleWeight < 400 && wallPath.MatchString(base.Path), matchesAny(challengeTitle, titles) && (challengeText.MatchString(a.visible) || a.visibleWeight < 600),
			challengeText.MatchString(a.visible) && a.weight < shortBody*2 && !declared && a.sentences < 6 && matchesAny(challengeTitle, append(titles, firstLine(a.paragraphs))):
			return veille.KindChallenge, reasonChallenge
		case !declared && matchesAny(notFoundTitle, titles) && a.weight < 2*shortBody && notFoundText.MatchString(a.visible):
			return veille.KindNotFound, reasonNotFound
		case !declared && consentText.MatchString(a.visible) && a.weight < 3*shortBody &&
			(matchesAny(consentTitle, titles) || strings.HasPrefix(base.Hostname(), "consent.") || strings.HasPrefix(base.Path, "/consent")):
			return veille.KindConsent, reasonConsent
		case !declared && !dated && a.weight < 2*shortBody && (f.password || a.visibleWeight < 800) && matchesAny(loginTitle, titles):
			return veille.KindOther, ReasonLogin
		}
	}
	// A paywalled article often carries its marks with its whole text in sight.
	if a.walled && a.weight < 4*shortBody || f.ld.walled && a.weight < 2*shortBody && wallLine.MatchString(a.visible) {
		return veille.KindPaywall, f.visibleShare(a)
	}
	if f.live() && a.weight > 0 {
		return veille.KindArticle, reasonLiveBlog
	}
	if a.weight < shortBody/2 && a.sentences < 2 {
		if reason := f.mediaOnly(); reason != "" && (a.weight == 0 || !declared) {
			return veille.KindOther, reason
		}
	}
	switch {
	case a.weight == 0 && a.linked > 0:
		return veille.KindSection, reasonList
	case a.weight == 0:
		return veille.KindOther, reasonNoText
	}
	if reason := f.looksLikeList(a, base, declared, dated); reason != "" {
		return veille.KindSection, reason
	}
	if declared {
		return veille.KindArticle, reasonDeclared
	}
	return veille.KindArticle, reasonText
}

// visibleShare tells how much of a walled article is in sight: of its length
// where the page gives that, else in characters.
func (f *facts) visibleShare(a article) string {
	if whole := max(textWeight(f.ld.body), 5*f.ld.words); whole > a.weight && a.weight > 0 {
		return fmt.Sprintf("paywall: about %d%% visible", max(1, 100*a.weight/whole))
	}
	return fmt.Sprintf("paywall: %d characters visible", a.weight)
}

// mediaOnly says what a page without text is there to show.
func (f *facts) mediaOnly() string {
	kind := strings.ToLower(f.metaFirst("og:type"))
	switch {
	case f.ld.types["videoobject"], strings.HasPrefix(kind, "video"):
		return reasonVideo
	case f.ld.types["imagegallery"], f.ld.types["mediagallery"], f.ld.types["collectionpage"] && f.ld.types["imageobject"] && kind == "gallery":
		return reasonGallery
	}
	return ""
}

// declaresArticle reports whether the page calls itself an article.
func (f *facts) declaresArticle() bool {
	return f.ld.rank >= 8 || strings.HasPrefix(strings.ToLower(f.metaFirst("og:type")), "article")
}

var (
	loginTitle = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:log ?in|sign ?in|member login|anmelden|einloggen|login|connexion|se connecter|identifiez-vous|iniciar sesi[oó]n|acceder|accedi|entrar|inloggen|logga in|zaloguj|вход|войти|로그인|ログイン|登录|登錄)(?:$|[^\pL\pN])`)
	listPath   = regexp.MustCompile(`(?i)/(?:category|categories|product-category|products?|tags?|topics?|browse|collections?|search|archives?|rubrik|themen?|seccion|sections?|author|autor|page/\d+|shop|catalog(?:ue)?|market|list)(?:/|$)|^/(?:c|b)/`)
	wallPath   = regexp.MustCompile(`(?i)are-?you-?(?:a-)?(?:human|robot)|/captcha|/challenge(?:$|/)|/botcheck`)
	itemQuery  = regexp.MustCompile(`(?i)(?:^|&)(?:p|id|no|nid|aid|idx|doc|story\w*|article\w*|news\w*|page_?id)=`)
	price      = regexp.MustCompile(`(?:[$€£¥₹]|usd|eur)\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|eur\b|zł)`)
)

// looksLikeList says why what the page offers is links rather than text, "" if
// it is text. A page with some sentences and a date is not a list unless links
// outweigh them: menus without markup hold many links too, and an article taken
// for a list would be missed.
func (f *facts) looksLikeList(a article, base *url.URL, declared, dated bool) string {
	home := base.Host != "" && strings.Trim(base.Path, "/") == "" && !itemQuery.MatchString(base.RawQuery)
	if home && a.linked >= 7 {
		return reasonHome
	}
	if f.ld.rank >= 8 {
		return ""
	}
	if a.linked >= 50 && a.linkedWeight > 2*a.prose && a.sentences < 20 && (!dated || a.weight < 8*shortBody) {
		return reasonList
	}
	if declared && dated {
		return ""
	}
	t := f.ld.types
	list := t["collectionpage"] || t["itemlist"] || t["searchresultspage"] || t["productcollection"] || t["offercatalog"] || strings.HasPrefix(f.metaFirst("og:type"), "product.group")
	text := a.sentences >= 3 && a.weight >= 2*shortBody || dated && a.sentences >= 1
	switch {
	case a.teasers >= 3 && !text:
		return reasonList
	case a.rescued && !declared && a.linked >= 20 && a.linkedWeight > 2*a.prose:
		// What the scripts hold are the summaries of what the links lead to.
		return reasonList
	case !dated && a.weight < 8*shortBody && (a.linked >= 8 || a.sentences < 3) && f.nextPage(false) != "":
		return reasonList
	case !dated && a.weight < 14*shortBody && len(price.FindAllStringIndex(a.visible, 8)) >= 8:
		return reasonShop
	case !dated && (list || listPath.MatchString(base.Path)) && a.linked >= 6 && a.weight < 14*shortBody:
		return reasonList
	case list && a.linked >= 5 && a.linkedWeight > a.prose/2:
		return reasonList
	case text:
		return ""
	case a.linked >= 8 && a.linkedWeight > 2*a.prose:
		return reasonList
	case a.sentences == 0 && a.linked >= 5 && a.weight < shortBody:
		return reasonList
	}
	return ""
}

func matchesAny(re *regexp.Regexp, values []string) bool {
	return slices.ContainsFunc(values, re.MatchString)
}

func firstLine(paragraphs []string) string {
	if len(paragraphs) == 0 {
		return ""
	}
	return paragraphs[0]
}
