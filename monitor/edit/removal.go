package edit

import (
	"regexp"
	"strings"

	"veille"
)

// mostNotice is how many bytes the body of a notice of removal has at most.
const mostNotice = 900

// removalText is what outlets put in the place of an article that they took
// down, in the languages of noise.go.
var removalText = regexp.MustCompile(`(?i)(?:this|the) (?:article|story|page|content|post|report|item|video) (?:has been|was|is) (?:been )?(?:removed|deleted|withdrawn|taken down|retracted|unpublished|no longer (?:available|online|accessible))|(?:article|story|content|page) (?:is )?no longer (?:available|exists|online)|we have (?:removed|withdrawn|retracted|taken down) (?:this|the) (?:article|story)` +
	`|(?:cet|l['’]) ?article (?:a été|n['’]est plus|est) (?:supprimé|retiré|dépublié|effacé|disponible|accessible|en ligne)|(?:cette page|ce contenu|cette dépêche) (?:a été (?:supprimée?|retirée?)|n['’]est plus (?:disponible|en ligne))|nous avons (?:retiré|supprimé) cet article` +
	`|(?:dieser|der) (?:artikel|beitrag|text|inhalt) (?:wurde|ist) (?:von der redaktion )?(?:gelöscht|entfernt|zurückgezogen|depubliziert|offline|nicht (?:mehr|länger) (?:verfügbar|abrufbar|online))|(?:artikel|beitrag|inhalt)(?: ist)? nicht mehr (?:verfügbar|abrufbar)` +
	`|(?:este|el) (?:artículo|contenido|texto) (?:ha sido|fue) (?:eliminad|retirad|borrad)o|(?:este|el) (?:artículo|contenido) ya no (?:está|se encuentra) disponible|esta (?:noticia|página) (?:ha sido|fue) (?:eliminad|retirad)a` +
	`|(?:questo|l['’]) ?articolo (?:è stato|non è più) (?:rimosso|ritirato|cancellato|eliminato|disponibile|online)|(?:este|o) (?:artigo|conteúdo|texto) (?:foi (?:removido|retirado|apagado|excluído)|(?:já )?não está (?:mais )?disponível)|esta (?:notícia|página|matéria) foi (?:removida|retirada|excluída)` +
	`|(?:dit|het) (?:artikel|bericht) is (?:verwijderd|ingetrokken|offline gehaald|niet (?:meer|langer) (?:beschikbaar|online))|(?:den här |denna )?artikeln? (?:har tagits bort|är borttagen|har avpublicerats|finns inte (?:längre|kvar))` +
	`|(?:ten |niniejszy )?artykuł (?:został (?:usunięty|wycofany|skasowany)|nie jest już dostępny)|(?:эта )?(?:статья|новость|публикация|страница) (?:была )?(?:удалена|снята|отозвана|больше недоступна)|(?:этот )?материал (?:был )?(?:удал[её]н|снят|отозван|больше недоступен)` +
	`|(?:bu )?(?:haber|makale|içerik|yazı)(?: yayından)? (?:kaldırıl|silin|artık mevcut değil)\p{L}*|تم(?:ت)? (?:حذف|إزالة|سحب) (?:هذا |هذه )?(?:المقال|الخبر|المادة|الصفحة)|(?:هذا )?(?:المقال|الخبر) (?:لم يعد|غير) متاح` +
	`|(?:この|当該)?(?:記事|ページ|ニュース)は、?(?:削除|取り下げ|掲載(?:を)?終了|公開(?:を)?終了|非公開)|(?:記事|ページ)の(?:掲載|公開)(?:は|を)終了|(?:이 |해당 )?(?:기사|게시물|뉴스)(?:는|가|은|이)? ?.{0,12}(?:삭제|철회|비공개)(?: ?처리)?(?:되었|됐|된|했)` +
	`|(?:该|此|本|這篇|该篇)?(?:文章|新闻|新聞|内容|稿件|页面|報導)(?:已|已经|已經)?(?:被)?(?:作者|编辑)?(?:删除|刪除|撤回|撤稿|下架|移除)`)

// RemovalNotice reports whether a page says, in the place of the text that it
// had, that the article was taken down.
func RemovalNotice(was, is veille.Snapshot) bool {
	notice := strings.TrimSpace(is.Body)
	if len(notice) > mostNotice || 2*len(notice) > len(was.Body) || strings.Contains(was.Body, notice) && notice != "" {
		return false
	}
	return removalText.MatchString(Form(notice)) || notice == "" && removalText.MatchString(Form(is.Title))
}
