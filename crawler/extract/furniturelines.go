package extract

import (
	"regexp"
	"strings"
)

// Forms of lines that stand within an article's element and are none of its text.
// Those of regexp may stand anywhere in a line and cost a search; a look-up goes
// before each (see editor.affords).
var (
	// wallLine asks for a subscription.
	wallLine      = regexp.MustCompile(`(?i)(?:subscribe (?:now |today )?to (?:continue|read|keep reading|unlock)|to (?:continue|keep) reading,? (?:please )?(?:subscribe|log in|sign in|register)|this (?:article|content|story) is (?:for|reserved for|only available to|available to|exclusive to) (?:our )?(?:paid )?(?:subscribers|members)|already a subscriber\?|subscriber[- ]only|(?:article|contenu) réservé (?:aux|à nos) abonnés|réservé aux abonnés|pour lire la suite|il vous reste .{1,20} de cet article à lire|la suite est réservée|déjà abonné|abonnez-vous pour (?:lire|continuer|accéder)|weiterlesen mit|jetzt weiterlesen|nur für abonnenten|dieser (?:artikel|inhalt) ist (?:nur )?(?:für|exklusiv)|suscríbete para (?:seguir|continuar)|(?:riservat[oi]|esclusiv[oi]) (?:agli|per gli) abbonati|abbonati per (?:continuare|leggere)|per continuare a leggere|exclusiv[oa] para assinantes|assine para (?:continuar|ler)|(?:alleen|enkel|exclusief) voor abonnees|(?:tylko|wyłącznie) dla (?:subskrybentów|prenumeratorów|abonentów)|contenido exclusivo para suscriptores|유료\s?회원\s?전용|구독(?:자)?\s?전용|로그인 후 이용|この記事は(?:有料|会員)|続きを読むには|会員限定|有料会員|материал доступен (?:только )?подписчикам|оформите подписку)`)
	furnitureLine = newLineRule(``+
		`advertisement|advertising|publicité|anzeige|werbung|publicidad|pubblicità|реклама|광고|広告|스폰서|`+
		`(?:\(?\s*(?:fin|end|끝|ende|fine|fim|конец)\s*\)?)|`+
		`share(?: (?:this|on|via|article|story).{0,40})?|partager(?: (?:sur|l['’]article|cet article).{0,30})?|teilen|compartir|condividi|поделиться|공유(?:하기)?|シェア(?:する)?|tweet(?:er)?|facebook|twitter|whatsapp|linkedin|e-?mail|print|imprimer|copy link|copier le lien|`+
		`(?:(?:accueil|home|haut de page|back to top|top|retour en haut|nach oben|go to (?:contents?|navigation)|skip to (?:main )?(?:content|navigation)|aller au (?:contenu|menu)|zum inhalt(?: springen)?|본문 바로가기|메뉴 바로가기)[\s|·>»-]*)+|`+
		`follow us.{0,60}|suivez-nous.{0,60}|folgen sie uns.{0,60}|síguenos.{0,60}|`+
		`sign up (?:for|to) .{0,80}newsletter.{0,60}|inscrivez-vous à .{0,40}newsletter.{0,60}|get the latest .{0,60}(?:inbox|newsletter).{0,30}|newsletter|`+
		`\d+ (?:comments?|commentaires?|kommentare?|comentarios?|shares?|partages?)|leave a (?:comment|reply)|laisser un commentaire|`+
		`(?:loading|chargement|please wait|читать далее|read more|lire la suite|weiterlesen|mehr lesen|続きを読む|더보기)(?:\.{3}|…)?|`+
		`(?:image|photo|picture|foto|bild|video|vidéo|사진)\s?(?:caption|credit|source|légende)?|image (?:source|caption),?.{0,60}|getty images|reuters|afp|ap photo|`+
		`\d+ min(?:ute)?s? (?:read|de lecture|lesezeit)|(?:temps de )?lecture\s?:? ?\d+ ?min.{0,10}|lesezeit:? ?\d+ ?min.{0,10}`, `[^\pL\pN]*$`)
	copyrightLine = newLineRule(`©|\(c\)|copyright\b|all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados|저작권자|무단\s?전재|<저작권자|ⓒ|無断転載|copyrights?\s?ⓒ|все права защищены`, ``)
	// cookieLine is a site that speaks of its own cookies; an article about
	// cookies speaks of others.
	cookieLine   = regexp.MustCompile(`(?i)\b(?:(?:notre|ce) site (?:web )?utilise (?:des|les) cookies|nous utilisons (?:des|les) cookies|en (?:continuant|poursuivant) (?:à visiter|votre (?:visite|navigation))|(?:we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies|by continuing to (?:use|browse|visit) (?:this|our|the) (?:web)?site|(?:wir|diese (?:web)?s(?:ei|i)te) verwende[nt] cookies|(?:utilizamos|este sitio (?:web )?utiliza|usamos) cookies|utilizziamo i cookie)|쿠키를 사용(?:합니다|하고 있습니다)|(?:クッキー|cookie)を使用して(?:い|お)|(?:мы используем|сайт использует)(?: файлы)? cookie`)
	creditEnd    = regexp.MustCompile(`[(（\[][^()（）\[\]]{2,60}[)）\]]\s*\.?$`)
	emailOnly    = regexp.MustCompile(`^[(<\[]?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)[)>\]]?$`)
	koreanByline = regexp.MustCompile(`^\S{2,5}\s?(?:특파원|선임기자|기자)(?:\s*[\w.+-]+@[\w.-]+)?$`)
	latinByline  = regexp.MustCompile(`^(?:By|Par|Von|BY|Por|De)\s+\p{Lu}[\pL.'’-]+(?:\s+(?:\p{Lu}[\pL.'’-]+|de|van|von|der|and|et|und|y|&)){1,6}(?:\s*[,|–-]\s*.{0,60})?$`)
)

var (
	// wallStems are of the words that wallLine turns on.
	wallStems = newStems(
		"ubscri", "bonn", "log in", "sign in", "register", "eserve", "éserv", "lire la suite", "à lire", "eiterlesen", "nur für", "exklusiv",
		"nhalt ist", "uscri", "유료", "구독", "로그인", "会員", "続きを読む", "подпис", "members", "uscrí", "bbonat", "ssinante", "ssine para",
		"ontinuare a leggere", "ubskryb", "renumerator", "bonent",
	)
	// cookieStems are of the words that cookieLine turns on.
	cookieStems = newStems("ookie", "OOKIE", "쿠키", "クッキー", "ontinu", "oursuiv")
)

// quoted reports whether a block's sentence is somebody's words, who may well
// speak of subscribers.
func quoted(b block) bool { return strings.ContainsAny(b.text, "«“\"") }
