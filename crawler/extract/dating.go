package extract

import (
	"regexp"
	"strings"
	"time"
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
