package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// longestCorrection bounds a box that is one note of correction, as textWeight
// counts.
const longestCorrection = 700

// correctionLine begins a note by which an outlet says that its article was
// wrong or has changed, in the languages that news is most read in: English,
// French, German, Spanish, Italian, Portuguese, Dutch, Swedish, Polish, Russian,
// Turkish, Arabic, Japanese, Korean, Chinese. Such a note is the article's,
// however many articles show the same words, and however small it is set.
var correctionLine = newLineRule(``+
	`(?:corrections?|corrected|clarifications?|retraction|errat(?:um|a)|amendment|for the record|(?:editor['’]?s['’]?|publisher['’]s) note)(?: [(,\d][^:]{0,40})? ?[:：.—–-]|`+
	`an? (?:earlier|previous|prior|original) version of |the original version of |(?:this|the) (?:article|story|report|version|piece|headline|post|page|dispatch) (?:(?:has been|was|is|had been) (?:since |subsequently |later )?(?:amended|corrected|clarified|revised|changed|retracted|updated .{0,60}\b(?:to|with|after|because|following)\b|updated (?:to|with|after))|corrects|clarifies)|we (?:have corrected|regret) |corrects |`+
	`(?:rectificatifs?|rectification|correction|précisions?|mise au point|(?:note|ndlr) ?(?:de la rédaction)?) ?[:：.—–-]|(?:une|la) (?:première|précédente) version d|(?:cet|cette|ce) (?:article|dépêche|texte|titre) a été (?:corrigée?|modifiée?|rectifiée?|amendée?)|contrairement à ce qu[e'’]|`+
	`(?:korrektur(?:hinweis)?|berichtigung|richtigstellung|klarstellung|(?:anmerkung|hinweis) der redaktion|anm\. d\. red\.?) ?[:：.—–-]|in (?:einer|der) (?:früheren|ersten|vorherigen|älteren|ursprünglichen) (?:version|fassung)|(?:dieser|der) (?:artikel|text|beitrag) wurde (?:korrigiert|berichtigt|nachträglich)|`+
	`(?:corrección|fe de err(?:ores|atas)|rectificación|aclaración|nota (?:de la redacción|del editor)) ?[:：.—–-]|una (?:versión (?:anterior|previa)|primera versión) de |est[ea] (?:artículo|noticia|texto|información) (?:ha sido|fue) (?:corregid|modificad|rectificad)[oa]|`+
	`(?:rettifica|errata corrige|correzione|precisazione|nota della redazione) ?[:：.—–-]|una (?:precedente versione|versione precedente|prima versione) di |quest['’ ]?o? ?articolo è stato (?:corretto|modificato|rettificato)|`+
	`(?:correção|errata|retificação|esclarecimento|nota da redação) ?[:：.—–-]|uma versão anterior d|este (?:texto|artigo) foi (?:corrigido|alterado|retificado)|`+
	`(?:correctie|rectificatie|verduidelijking|(?:noot|naschrift) (?:van de )?redactie) ?[:：.—–-]|in een eerdere versie van |dit (?:artikel|bericht) is (?:aangepast|gecorrigeerd|gerectificeerd)|`+
	`(?:rättelse|korrigering|förtydligande) ?[:：.—–-]|i en tidigare version |(?:artikeln|texten) har (?:korrigerats|rättats|ändrats)|`+
	`(?:sprostowanie|korekta|wyjaśnienie|errata) ?[:：.—–-]|we wcześniejszej wersji |`+
	`(?:исправление|уточнение|поправка|опровержение|от редакции) ?[:：.—–-]|в (?:предыдущей|первоначальной|более ранней|ранней|прежней|первой) версии |(?:текст|материал|статья|новость) (?:был|была) (?:исправлен|уточн[её]н|измен[её]н)|`+
	`(?:düzeltme|tekzip|editörün notu) ?[:：.—–-]|bu haberin (?:önceki|ilk) |`+
	`(?:تصحيح|توضيح|تنويه|استدراك) ?[:：.—–-]|(?:ذكرت |ورد في )?(?:ال)?نسخة (?:ال)?سابقة من |`+
	`(?:お詫びと)?訂正[:：。が]|(?:以前|当初)の(?:記事|版|見出し)|`+
	`(?:정정(?:보도)?|바로잡습니다|바로잡음|반론보도)(?:문)? ?[:：.—–-]|`+
	`(?:更正|勘误|勘誤|订正|編按|编者按)(?:启事|啟事|说明)? ?[:：。]|(?:本文|此文)(?:此前|之前|早前)(?:的)?版本`, ``)

// isCorrection reports whether a text is one note of correction.
func isCorrection(text string) bool { return correctionLine.MatchString(text) }

// isCorrectionBox reports whether an element of furniture holds nothing but a
// note of correction: sentences, and no address to write to. What is hidden is
// none.
func isCorrectionBox(n *html.Node, g furniture) bool {
	switch {
	case g == weak, g == strong:
	case g == certain && !hiddenCell(n) && !hiddenByClass(n) && (n.DataAtom == atom.Aside || n.DataAtom == atom.Footer):
	default:
		return false
	}
	text := nodeText(n)
	return isCorrection(text) && textWeight(text) <= longestCorrection && endsSentence(text) && !strings.Contains(text, "@")
}
