package extract

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dater decides when an article was published and modified.
//
// A date without a zone is read in the zone of another date of the page, if one
// has a zone other than UTC; else in the zone of the host's country, where that
// has but one; else in UTC.
type dater struct {
	now    time.Time
	lang   string
	region string
	host   string
	// pageZone is the offset of a date of the page that has one.
	pageZone *time.Location
	// urlDays are the dates in the page's URL.
	urlDays []stamp
}

// Scores of a text of the page, of which it is likely or clear that it tells
// when the article was published.
const (
	likelyDate = 2
	clearDate  = 6
)

// publishMetas name the meta elements that hold the publication's date, the
// more deliberate ones first; dateMetas hold a date without saying which.
var (
	publishMetas = [...]string{"article:published_time", "og:published_time", "article:published:time", "article:published", "og:article:published_time", "datepublished", "parsely-pub-date",
		"sailthru.date", "publishdate", "publish-date", "publish_date", "pubdate", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dc:date.issued", "dcterms.issued",
		"dcterms.created", "dc.date.created", "article.published", "published", "publication_date", "article_date_original", "og:pubdate", "rnews:datepublished",
		"date_published", "originalpublicationdate", "citation_publication_date", "citation_date", "dateposted", "article:post_time", "iso-8601-publish-date", "ptime", "analyticsattributes.articledate", "date.issued", "published-date", "article_published_time", "displaydate", "shareaholic:article_published_time", "creation_date", "firstpublished"}
	dateMetas = [...]string{"date", "dc.date", "dcterms.date", "dc:date", "last-published", "datetime", "originaldate"}
)

// read returns the moments of publication and of the last change; zero where
// the page does not say. The page's machine-readable dates come first, the
// more deliberate ones before the others, then the URL, then the text beside
// the headline. A date without a time of day is completed by another source's
// time on the same day.
func (d *dater) read(f *facts) (published, modified time.Time) {
	firstOrder, weak := []string{f.ld.published}, []string{}
	for _, name := range publishMetas {
		firstOrder = append(firstOrder, f.metas[name]...)
	}
	for _, name := range dateMetas {
		weak = append(weak, f.metas[name]...)
	}
	changes := []string{f.ld.modified}
	for _, name := range []string{"article:modified_time", "og:updated_time", "og:modified_time", "article:modified:time", "article:modified", "lastmod", "last-modified", "datemodified", "dc.date.modified", "dcterms.modified", "revised"} {
		changes = append(changes, f.metas[name]...)
	}
	pub := d.stamps(firstOrder)
	pub = append(pub, d.stamps(f.props["datepublished"])...)
	deliberate := len(d.believable(pub)) > 0
	if general := d.believable(d.stamps(weak)); len(general) > 0 && len(d.believable(pub)) == 0 {
		// Content managers fill these with the day of the last change; what the
		// page shows beside its headline is better, if it is clear.
		shown, _ := d.fromLines(f, clearDate)
		pub = append(d.believable(shown), general...)
	} else {
		pub = append(pub, general...)
	}
	if len(pub) == 0 {
		pub = d.stamps(append(append([]string{}, f.props["datecreated"]...), f.ld.pagePublished))
	}
	mod := d.stamps(changes)
	mod = append(mod, d.stamps(f.props["datemodified"])...)
	timePub, timeMod := d.fromTimes(f)
	textPub, textMod := d.besideHeadline(f)
	pub = append(pub, timePub...)
	if len(pub) == 0 || !pub[0].hasTime {
		pub = append(pub, d.fromURL(f)...)
		pub = append(pub, textPub...)
	}
	mod = append(append(mod, timeMod...), textMod...)
	pub, mod = d.believable(pub), d.believable(mod)
	if len(pub) == 0 {
		lines, changed := d.fromLines(f, likelyDate)
		mod = append(mod, d.believable(changed)...)
		pub = d.believable(lines)
		for _, more := range [][]string{f.ld.uploaded, scriptDates(f.inline), {endDate(f.metaFirst("description"))}} {
			if len(pub) == 0 {
				pub = d.believable(d.stamps(more))
			}
		}
	} else if !pub[0].hasTime {
		// Of the same day; see pick.
		pub = append(pub, d.believable(d.stamps(scriptDates(f.inline)))...)
	}
	for _, s := range append(append([]stamp{}, pub...), mod...) {
		if s.hasZone && s.offset != 0 && s.hasTime {
			d.pageZone = time.FixedZone("", s.offset)
			break
		}
	}
	d.urlDays = d.fromURL(f)
	published = d.pick(pub)
	modified = d.pick(mod)
	if published.IsZero() || !deliberate && !modified.IsZero() && modified.Before(published) {
		// The only day that the page gives is that of its newest version; or what
		// it gives as a date, without saying of what, is later than its last change.
		published = modified
	}
	if modified.Before(published) {
		modified = time.Time{}
	}
	return published, modified
}

// believable drops the dates before the web and in the future.
func (d *dater) believable(stamps []stamp) []stamp {
	var out []stamp
	for _, s := range stamps {
		if d.believed(s.in(d.zone(s))) {
			out = append(out, s)
		}
	}
	return out
}

// one reads a single date, as a selector chose it.
func (d *dater) one(s string) (time.Time, bool) {
	st, ok := parseDate(s, d.dayFirst())
	if !ok {
		return time.Time{}, false
	}
	t := st.in(d.zone(st))
	return t, d.believed(t)
}

// pick takes the first believable date, and of those of the same day the first
// that has a time.
func (d *dater) pick(stamps []stamp) time.Time {
	var chosen *stamp
	for i, s := range stamps {
		if !d.believed(s.in(d.zone(s))) {
			continue
		}
		if chosen == nil {
			chosen = &stamps[i]
		} else if !chosen.hasTime && s.hasTime && chosen.year == s.year && chosen.month == s.month && chosen.day == s.day {
			chosen = &stamps[i]
		}
		if chosen.hasTime {
			break
		}
	}
	if chosen == nil {
		return time.Time{}
	}
	return d.local(chosen.in(d.zone(*chosen)), *chosen)
}

// local moves a moment given in UTC to the page's own zone, so that its day is
// the one that readers there saw. Midnight in UTC is a day without a time.
func (d *dater) local(t time.Time, s stamp) time.Time {
	if !s.hasZone || s.offset != 0 || !s.hasTime || s.hour == 0 && s.minute == 0 && s.second == 0 {
		return t
	}
	if d.pageZone != nil {
		return t.In(d.pageZone)
	}
	wall := stamp{year: s.year, month: s.month, day: s.day, hour: s.hour, minute: s.minute, second: s.second}
	if z, ok := countryZone(d.host, wall); ok {
		return t.In(z)
	}
	if z, ok := languageZone(d.lang, d.region, wall); ok {
		return t.In(z)
	}
	// America's zones differ; the day in the URL tells that it is one of them.
	if d.region == "us" || d.region == "" && d.lang == "en" {
		eastern := t.In(american(-5, wall))
		for _, u := range d.urlDays {
			if u.day == eastern.Day() && u.month == int(eastern.Month()) && u.day != t.Day() {
				return eastern
			}
		}
	}
	return t
}

func (d *dater) zone(s stamp) *time.Location {
	if d.pageZone != nil {
		return d.pageZone
	}
	if z, ok := countryZone(d.host, s); ok {
		return z
	}
	if z, ok := languageZone(d.lang, d.region, s); ok {
		return z
	}
	return time.UTC
}

func (d *dater) believed(t time.Time) bool {
	return t.Year() >= 1990 && (d.now.IsZero() || !t.After(d.now.Add(24*time.Hour)))
}

// dayFirst tells the order of 04/05/2023 from the language: month first is
// written in American English only.
func (d *dater) dayFirst() bool {
	switch d.region {
	case "us", "ph", "fm":
		return false
	case "gb", "uk", "au", "nz", "ie", "in", "za", "ca", "sg", "my", "ng", "ke", "hk", "pk":
		return true
	}
	if d.lang != "en" && d.lang != "" {
		return true
	}
	switch d.host[strings.LastIndexByte(d.host, '.')+1:] {
	case "com", "org", "net", "us", "gov", "edu", "info", "news", "io", "":
		return false
	}
	return d.lang == "" || len(d.host[strings.LastIndexByte(d.host, '.')+1:]) == 2
}

func (d *dater) stamps(values []string) []stamp {
	var out []stamp
	for _, v := range values {
		if st, ok := parseDate(v, d.dayFirst()); ok {
			out = append(out, st)
		}
	}
	return out
}

var changeWords = regexp.MustCompile(`(?i)updat|modif|name-changed|mis à jour|maj|aktualisiert|geändert|stand:|actualiz|atualiz|aggiorn|수정|更新|обновл|изменен|güncel|bijgewerkt|zaktualiz|last edited`)

// fromTimes reads the time elements of the article: those after its headline
// and before another's, or else the only one.
func (d *dater) fromTimes(f *facts) (pub, mod []stamp) {
	headline := f.headlineNode()
	at := 0
	for _, m := range f.times {
		if m.node == headline {
			at = m.order
		}
	}
	best := -1
	for _, m := range f.times {
		if m.node.DataAtom == atom.H1 {
			continue
		}
		st, ok := parseDate(m.value, d.dayFirst())
		if !ok {
			continue
		}
		distance := m.order - at
		if distance < 0 {
			distance = -2 * distance
		}
		if changeWords.MatchString(m.label + " " + m.value) {
			if distance <= 80 {
				mod = append(mod, st)
			}
			continue
		}
		if headline != nil && distance > 80 && !strings.Contains(m.label, "publi") && !sameArticle(m.node, headline) {
			continue
		}
		if best < 0 || distance < best {
			best = distance
			pub = append([]stamp{st}, pub...)
		} else {
			pub = append(pub, st)
		}
	}
	return pub, mod
}

// sameArticle reports whether the nearest article element is the same.
func sameArticle(a, b *html.Node) bool {
	of := func(n *html.Node) *html.Node {
		for ; n != nil; n = n.Parent {
			if n.DataAtom == atom.Article {
				return n
			}
		}
		return nil
	}
	x := of(a)
	return x != nil && x == of(b)
}

var urlDates = []*regexp.Regexp{
	regexp.MustCompile(`/((?:19|20)\d{2})[/_-](\d{1,2})[/_-](\d{1,2})(?:[/_.-]|$)`),
	regexp.MustCompile(`[/_-]((?:19|20)\d{2})-(\d{2})-(\d{2})(?:\D|$)`),
	regexp.MustCompile(`(?:^|[^\d])(20\d{2})(\d{2})(\d{2})(?:\D|\d{4,12}(?:\D|$)|$)`),
}

var urlDaysFirst = []*regexp.Regexp{
	regexp.MustCompile(`[/_-](\d{2})-(\d{2})-(20\d{2})(?:\D|$)`),
	regexp.MustCompile(`/(\d{2})(\d{2})(20\d{2})[-_]\pL`),
}

func (d *dater) fromURL(f *facts) []stamp {
	path := f.url.Path
	if len(path) > 2048 {
		return nil
	}
	for _, re := range urlDaysFirst {
		if m := re.FindStringSubmatch(path); m != nil {
			if st := (stamp{year: atoi(m[3]), month: atoi(m[2]), day: atoi(m[1])}); st.valid() {
				return []stamp{st}
			}
		}
	}
	for _, re := range urlDates {
		if m := re.FindStringSubmatch(path); m != nil {
			if st := (stamp{year: atoi(m[1]), month: atoi(m[2]), day: atoi(m[3])}); st.valid() {
				return []stamp{st}
			}
		}
	}
	return nil
}

// besideHeadline reads dates in the short texts around the headline.
func (d *dater) besideHeadline(f *facts) (pub, mod []stamp) {
	headline := f.headlineNode()
	if headline == nil {
		return nil, nil
	}
	for _, text := range around(headline) {
		if !d.isDateline(text) {
			continue
		}
		written, changed := text, ""
		if at := changeWords.FindStringIndex(text); at != nil {
			written, changed = text[:at[0]], text[at[0]:]
		}
		if st, ok := parseDate(written, d.dayFirst()); ok {
			pub = append(pub, st)
		}
		if st, ok := parseDate(changed, d.dayFirst()); ok {
			mod = append(mod, st)
		}
	}
	return pub, mod
}

// isDateline reports whether a text is little more than its date: "Corée du Nord
// 14.09.2023 à 10h24", and not a sentence that tells of a day.
func (d *dater) isDateline(text string) bool {
	text = strings.TrimSpace(asciiDigits(text))
	_, from, to, ok := findDate(text, d.dayFirst())
	if !ok {
		return false
	}
	rest := strings.TrimSpace(text[:from] + " " + text[to:])
	if _, again, end, ok := findDate(rest, d.dayFirst()); ok {
		rest = strings.TrimSpace(rest[:again] + " " + rest[end:])
	}
	words := len(strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }))
	if words > 10 || textWeight(rest) > 70 {
		return false
	}
	sentence := strings.HasSuffix(rest, ".") || strings.HasSuffix(rest, "!") || strings.HasSuffix(rest, "?") || strings.HasSuffix(rest, "。")
	return !sentence || words < 3 && !strings.HasSuffix(rest, "。")
}

// around returns the short texts after a headline, then the few before it: in
// its own container first, then in those around it.
func around(headline *html.Node) []string {
	const most, before = 14, 3
	var out []string
	for at, level := headline, 0; at.Parent != nil && level < 5 && len(out) < most; at, level = at.Parent, level+1 {
		if at.DataAtom == atom.Body || at.DataAtom == atom.Article {
			break
		}
		prose := false
		for n := at.NextSibling; n != nil && len(out) < most && !prose; n = n.NextSibling {
			prose = shortTexts(n, &out, most)
		}
		count := 0
		for n := at.PrevSibling; n != nil && count < before; n = n.PrevSibling {
			if text := textUpTo(n, 160); text != "" && len(text) <= 160 && grade(n) < strong {
				out = append(out, text)
				count++
			}
		}
	}
	return out
}

// shortTexts appends the short texts below n that are not furniture, until the
// article's prose begins.
func shortTexts(n *html.Node, out *[]string, most int) (prose bool) {
	if len(*out) >= most || n.Type == html.ElementNode && (isJunk(n.DataAtom) || grade(n) >= strong || n.DataAtom == atom.H1) {
		return len(*out) >= most
	}
	text := textUpTo(n, 200)
	if text == "" {
		return false
	}
	if len(text) <= 200 {
		*out = append(*out, text)
		return false
	}
	if n.Type == html.TextNode || n.DataAtom == atom.P {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if shortTexts(c, out, most) {
			return true
		}
	}
	return false
}
