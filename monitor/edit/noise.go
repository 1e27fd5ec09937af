package edit

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What varies by itself on a page that nobody edited, in the languages that
// news is most read in: English, French, German, Spanish, Italian, Portuguese,
// Dutch, Swedish, Polish, Russian, Turkish, Arabic, Japanese, Korean, Chinese.

const (
	// longestNoise is how long a line of noise may be, in bytes: what is longer
	// is somebody's text.
	longestNoise = 240
	// longestClock is how long a line with a relative time may be, in
	// characters, to be nothing but a clock; in a longer one only the time
	// itself is left out.
	longestClock = 60
)

// relativeTime finds clocks that count up on every load: "il y a 3 minutes",
// "3 hours ago", "5분 전". Months and years are history, not a clock.
var relativeTime = regexp.MustCompile(`(?i)\b(?:il y a|vor|hace|há|för) (?:environ |à peine |moins d[e'] ?|plus de |etwa |rund |knapp |über |unos |unas |cerca de |ungefär )?(?:\d+|une?|einer?|einem|wenigen|quelques|una|uma?|um|en|ett) ?(?:s|sec\w*|sek\w*|seg\w*|min\w*|h|heures?|jours?|j|std|stunden?|tage?n?|horas?|d[ií]as?|timm\w+|dag\w*)\b(?: sedan)?` +
	`|\b(?:(?:\d+|an?|one|a few) ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?) ago|just now|moments ago)\b` +
	`|\b(?:\d+|un'?|una|pochi) ?(?:second[oi]|minut[oi]|min|or[ae]|giorn[oi]) fa\b` +
	`|\b(?:\d+|uma?) ?(?:segundos?|minutos?|min|horas?|h|dias?) atrás` +
	`|\b(?:\d+|een) ?(?:second\w*|minu\w+|min|uur|uren|dag\w*) geleden\b` +
	`|(?:\d+ |^)?(?:sekund\p{L}*|sek|minut\p{L}*|min|godzin\p{L}*|godz|dni|dzień)\.? temu` +
	`|(?:\d+ )?(?:сек\p{L}*|мин\p{L}*|час\p{L}*|ч|дн\p{L}*|день)\.? назад|только что` +
	`|(?:\d+|bir) ?(?:saniye|sn|dakika|dk|saat|gün) önce` +
	`|(?:منذ|قبل) (?:[\d٠-٩]+ )?(?:ثانية|ثوان\p{L}*|دقيقة|دقائق|دقيقتين|ساعة|ساعات|ساعتين|يوم|أيام|يومين)` +
	`|\d+ ?(?:초|분|시간|일) ?전|방금 전|\d+ ?(?:秒|分|分钟|分鐘|時間|小时|小時|日|天)(?:钟|鐘)?前|刚刚`)

// clockWords spare most lines the regular expression: every relative time
// holds one of these.
var clockWords = [...]string{
	" ago", "il y a", "vor ", "hace ", "há ", " sedan", " fa", "atrás", "geleden", "temu", "назад", "только что",
	"önce", "منذ", "قبل", "전", "前", "刚刚", "just now",
}

func hasClock(line string) bool {
	low := strings.ToLower(line)
	for _, w := range clockWords {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// withoutClocks leaves the relative times out of a line, and the whole line
// where it says little else.
func withoutClocks(line string) string {
	rest := relativeTime.ReplaceAllString(line, " ")
	if rest == line {
		return line
	}
	if utf8.RuneCountInString(line) <= longestClock && !Sentence(line) {
		return ""
	}
	return strings.Join(strings.Fields(rest), " ")
}

const (
	number = `[\d٠-٩][\d٠-٩.,' ]*(?:[kKmM]\b|万|만|천|тыс\.?|mln|mil\b|Tsd\.?)? ?`
	apart  = `[^\p{L}\p{N}]*`
	// counted are what pages count.
	counted = `(?:views?|comments?|shares?|likes?|reads?|readers?|reactions?|votes?|followers?|replies|min(?:ute)?s?[ -]read` +
		`|vues?|commentaires?|partages?|lectures?|réactions?|abonnés|min(?:utes?)? de lecture|aufrufe|kommentare?|reaktionen|min\.? lesezeit` +
		`|vistas|visitas|visualizaciones|comentarios?|compartidos|lecturas|reacciones|min de lectura` +
		`|visualizzazioni|commenti|condivisioni|letture|visualizações|comentários?|partilhas|compartilhamentos|curtidas` +
		`|weergaven|reacties?|visningar|kommentarer|delningar|wyświetle\p{L}*|odsłon\p{L}*|komentarz\p{L}*|udostępnie\p{L}*` +
		`|просмотр\p{L}*|комментари\p{L}*|репост\p{L}*|görüntülenme|okunma|yorum|paylaşım|مشاهد\p{L}*|تعليق\p{L}*|مشارك\p{L}*|قراءة` +
		`|(?:件の)?コメント|閲覧(?:数)?|いいね|PV|조회(?:수)?|댓글(?: 수)?|공감|추천|좋아요|次?浏览(?:量)?|次?阅读(?:量)?|(?:条)?评论(?:数)?|点赞|次(?:播放|观看))`
	times = `(?:times|fois|mal|veces|vezes|volte|keer|gånger|razy|раз\p{L}*|kez|مرة)`
	seen  = `(?:read|viewed|seen|shared|lue?|vue?|partagée?|gelesen|geteilt|angesehen|leído|visto|compartido|letto|lido|partilhado|gelezen|bekeken|gedeeld|läst|czytano|прочитано|просмотрено|okundu)`
)

// counterLine is a line that holds nothing but counters: "1,234 views · 12
// comments", "조회수 52", "Lu 345 fois".
var counterLine = regexp.MustCompile(`(?i)^` + apart + `(?:(?:` +
	counted + apart + number + `|` + number + apart + `(?:(?:people|personnes|personas|persone|pessoas|mensen|человек) )?` + counted + `|` +
	seen + ` ` + number + times + `|` + number + times + ` ` + seen + `)` + apart + `)+$`)

// stampLine begins a line that says when the page was last touched; stampTime
// is what such a line holds.
var (
	stampLine = regexp.MustCompile(`(?i)^` + apart + stampLabel)
	stampTime = regexp.MustCompile(`[\d٠-٩]{1,2} ?[:hHu.時시时] ?[\d٠-٩]{2}|[\d٠-٩]{1,2}[./-][\d٠-٩]{1,2}|(?:19|20)\d\d|[\d٠-٩]{4}`)
	// stampLabel is what such a line begins with.
	stampLabel = `(?:(?:last |zuletzt |laatst |senast )?(?:updated?|published|modified|posted|mise? à jour|publiée?|modifiée?|actualisée?|aktualisiert|veröffentlicht|stand|actualizad[oa]|última actualización|publicad[oa]|modificad[oa]|aggiornat[oa]|ultimo aggiornamento|pubblicat[oa]|atualizad[oa]|bijgewerkt|gewijzigd|gepubliceerd|aktualizacja|opublikowano|uppdaterad|publicerad)|обновлено|опубликовано|(?:son )?güncelle\p{L}*|yayınlan\p{L}*|آخر تحديث|تحديث|نشر|最終更新|更新|公開|配信|수정|입력|업데이트|기사입력|发布|更新时间)`
	// stampRest is what may stand in it besides: the label again, who did it, which
	// zone's time it is.
	stampRest = regexp.MustCompile(`(?i)\b(?:by|par|von|por|di|door|av|przez)\b.*$|\([^)]*\)|` + stampLabel)
	// clockLine is a time and nothing else.
	clockLine = regexp.MustCompile(`^` + apart + `\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?` + apart + `$`)
)

// onlyStamp reports whether a line that begins as a stamp holds a time and no
// text behind it: "Updated 10:15: the toll rises to 14" is news.
func onlyStamp(line string) bool {
	at := stampTime.FindStringIndex(line)
	if at == nil {
		return false
	}
	words, ideographs := 0, 0
	for word := range strings.FieldsFuncSeq(stampRest.ReplaceAllString(line[at[1]:], " "), func(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) }) {
		for _, r := range word {
			if ideographic(r) {
				ideographs++
			}
		}
		if !hasDigit(word) && utf8.RuneCountInString(word) > 2 {
			words++
		}
	}
	return words <= mostBehind && ideographs <= 4*mostBehind
}

// mostBehind is how many words of more than two letters may stand behind the time
// of a stamp: a month, a zone.
const mostBehind = 2

// longestStamp is how many words a line may have that says when the page was
// last touched.
const longestStamp = 18

// label is a line, or its beginning up to a colon, that names a part of the
// page which is not the article.
var (
	adLine = regexp.MustCompile(`(?i)^` + apart + `(?:(?:scroll|story continues|continue reading|article continues|la suite|weiter).{0,30}|advertis(?:e)?ment|sponsored(?: content)?|promoted|ad|publicité|contenu sponsorisé|annonce|anzeige|werbung|publicidad|anuncio|pubblicità|publicidade|advertentie|annons|reklama|reklam|реклама|إعلان|広告|광고|广告|廣告)` + apart + `$`)
	// relatedLabel names other articles.
	relatedLabel = `(?:read (?:also|more|next)|also read|see also|more on this(?: story)?|related(?: (?:articles?|stories|content|topics|news))?|recommended(?: for you)?|you (?:may|might) (?:also )?like|most (?:read|popular|viewed|shared)|trending(?: now)?|top stories|latest news|editors?' picks?|don't miss` +
		`|lire aussi|à lire(?: aussi| également)?|(?:à )?voir aussi|sur le même (?:sujet|thème)|articles? liés?|les plus lus|nos recommandations|en direct` +
		`|lesen sie auch|auch interessant|mehr zum thema|das könnte sie auch interessieren|meistgelesen|(?:lee|lea) también|te puede interesar|más (?:leídas|información)|lo más (?:leído|visto)|noticias relacionadas` +
		`|leggi anche|potrebbe interessarti|i più letti|articoli correlati|leia (?:também|mais)|mais lidas|notícias relacionadas|veja também|lees ook|meer over|best gelezen|gerelateerd|läs (?:också|även|mer)|mest läst` +
		`|czytaj (?:też|także|również|więcej)|zobacz także|najczęściej czytane|читайте (?:также|еще|ещё)|по теме|самое читаемое|ayrıca okuyun|ilgili haberler|çok okunanlar|اقرأ (?:أيضا|أيضًا|المزيد)|مواضيع ذات صلة|الأكثر قراءة` +
		`|関連記事|あわせて読みたい|こちらも|ランキング|おすすめ|관련 ?기사|많이 본 (?:뉴스|기사)|추천 ?기사|주요 ?뉴스|相关(?:阅读|新闻|文章)|相關新聞|推荐阅读|热门(?:新闻|文章)?|延伸閱讀)`
	relatedWhole = regexp.MustCompile(`(?i)^` + apart + relatedLabel + apart + `$`)
	relatedBegun = regexp.MustCompile(`(?i)^` + apart + relatedLabel + ` ?[:：|>→]`)
	// drawn is what a server draws anew for every visitor.
	drawn = regexp.MustCompile(`(?i)^(?:(?:ref(?:erence)?|id|token|session|request|trace|ray id|build)\.?(?: id)? ?[:#=]? ?)?(?:[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)
)

// relatedHeading reports whether a line announces a list of other articles.
func relatedHeading(line string) bool { return relatedWhole.MatchString(line) }

// noisy reports whether a short line holds nothing that anybody wrote for this
// article.
func noisy(line string) bool {
	if hasDigit(line) {
		switch {
		case counterLine.MatchString(line), clockLine.MatchString(line), drawn.MatchString(line):
			return true
		case !Sentence(line) && len(strings.Fields(line)) <= longestStamp && stampLine.MatchString(line) && onlyStamp(line):
			return true
		}
	}
	return adLine.MatchString(line) || relatedBegun.MatchString(line)
}

func hasDigit(line string) bool {
	for _, r := range line {
		if r >= '0' && r <= '9' || r >= '٠' && r <= '٩' {
			return true
		}
	}
	return false
}
