package extract

import (
	"strings"
	"testing"

	"veille"
)

// corrections are notes that an outlet adds to an article, in the languages that
// news is most read in.
var corrections = []string{
	"Correction: An earlier version of this article gave the wrong number of dead.",
	"This article was amended on 3 March 2026 to correct the name of the port.",
	"This story has been updated to reflect that the minister resigned on Monday.",
	"An earlier version of this story misspelled the name of the ship.",
	"Clarification: the treaty was signed in June.",
	"Editor's note: this article has been corrected.",
	"(This story corrects the spelling of the town in paragraph two.)",
	"Rectificatif : le traité a été signé en juin.",
	"Cet article a été modifié pour corriger le nom du port.",
	"Une première version de cet article indiquait un autre bilan.",
	"Korrektur: In einer früheren Version hieß es, das Schiff sei gesunken.",
	"Anmerkung der Redaktion: In einer früheren Fassung stand ein falscher Name.",
	"Fe de errores: el tratado se firmó en junio.",
	"Una versión anterior de este artículo daba otra cifra.",
	"Errata corrige: il trattato è stato firmato a giugno.",
	"Correção: uma versão anterior deste texto trazia outro número.",
	"Correctie: in een eerdere versie van dit artikel stond een verkeerde naam.",
	"Rättelse: i en tidigare version av artikeln angavs fel namn.",
	"Sprostowanie: we wcześniejszej wersji podano błędną liczbę.",
	"Исправление: в предыдущей версии статьи была указана другая дата.",
	"Düzeltme: bu haberin önceki versiyonunda limanın adı yanlıştı.",
	"تصحيح: ذكرت نسخة سابقة من هذا المقال رقما آخر.",
	"訂正：以前の記事では日付が誤っていました。",
	"바로잡습니다: 조약은 6월에 체결되었습니다.",
	"更正：条约于六月签署。",
}

// TestRead_NeverTakesACorrectionForFurniture: a site adds the same words to
// several articles, and each time they say that the article was wrong.
func TestRead_NeverTakesACorrectionForFurniture(t *testing.T) {
	site := taught(veille.Observation{Paragraphs: hashes(corrections)})
	for _, note := range corrections {
		for name, html := range map[string]string{
			"at the end":   page(`<article><h1>Harbour reopens</h1>%s<p><em>` + note + `</em></p></article>`),
			"at the top":   page(`<article><h1>Harbour reopens</h1><p>` + note + `</p>%s</article>`),
			"in a box":     page(`<article><h1>Harbour reopens</h1>%s<div class="correction"><p>` + note + `</p></div></article>`),
			"in an aside":  page(`<article><h1>Harbour reopens</h1>%s<aside class="article-correction"><p>` + note + `</p></aside></article>`),
			"in a footer":  page(`<article><h1>Harbour reopens</h1>%s<footer class="corrections"><p>` + note + `</p></footer></article>`),
			"in a note":    page(`<article><h1>Harbour reopens</h1>%s<div class="editors-note">` + note + `</div></article>`),
			"in a section": page(`<article><h1>Harbour reopens</h1><div class="body">%s</div><section class="amendment"><p>` + note + `</p></section></article>`),
		} {
			for which, known := range map[string]*veille.Site{"unknown": nil, "often seen": site} {
				if s := readKnowing(t, known, html); !strings.Contains(s.Body, strings.Trim(note, "()")) {
					t.Errorf("%s, %s: %q is not in the body", name, which, note)
				}
			}
		}
	}
}
