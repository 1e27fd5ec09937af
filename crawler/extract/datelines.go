package extract

import (
	"regexp"
	"strings"
)

var (
	publishWords = regexp.MustCompile(`(?i)publi(?:sh|é|ée|cad|zier)|pubblicat|veröffentlich|erstellt|geschrieben|verfasst|eingestellt|gepostet|wurde am|gespeichert von|posted|created|written|submitted|entry-date|post-?date|pubdate|mise? en ligne|\bparu\b|geplaatst|gepubliceerd|publicera|udgivet|publisert|julkaistu|opublikowan|dodano|опубликован|опубліков|yayın|입력|등록|게시|승인|公開|配信|掲載|投稿|发布|發布|发表`)
	dateName     = regexp.MustCompile(`date|datum|fecha|\btime|timestamp|zeit\b|submitted|published|posted|byline|lineinfo|meta|info\b|created`)
	relatedName  = regexp.MustCompile(`related|recent|latest|recommend|recirc|similar|popular|trending|most-?read|read-?(?:also|more|next)|more-?(?:news|stories|articles|from)|weitere|mehr-|aussi|lire-|voir-`)
	listName     = regexp.MustCompile(`teaser|widget|sidebar|archive|event|termin|veranstaltung|calend|kalend|news-?list|list-?item|post-nav|\bprev|next-`)
)

// fromLines dates an article by the short texts of its page: what stands near
// the headline, is named for a date or says that something was published then.
// A text below the teasers of other articles or among readers' comments counts
// little.
func (d *dater) fromLines(f *facts, least int) (pub, mod []stamp) {
	lines, headline := f.lines()
	type candidate struct {
		stamp
		score int
	}
	var best, bestChange candidate
	shapes := map[string]int{}
	dated, tried := 0, 0
	for i, l := range lines {
		if l.text == "" || l.hidden || dated >= 200 || tried >= 600 {
			continue
		}
		from := l.text
		if l.date != "" {
			from = l.date
		}
		if !hasDigits(from, 3) {
			continue
		}
		tried++
		st, ok := parseDate(from, d.dayFirst())
		if !ok && l.date != "" {
			st, ok = parseDate(l.text, d.dayFirst())
		}
		if !ok || !d.believed(st.in(d.zone(st))) {
			continue
		}
		dated++
		shape, _, _ := strings.Cut(l.names, " / ")
		shapes[shape]++
		score := d.scoreLine(l, i, headline)
		// A second text of the same make is an item of a list.
		if shape != "" && shapes[shape] > 2 {
			score -= 3
		}
		c := candidate{st, score}
		if changeWords.MatchString(l.text+" "+shape) && !publishWords.MatchString(l.text) {
			if c.score > bestChange.score {
				bestChange = c
			}
			continue
		}
		if c.score > best.score {
			best = c
		}
	}
	if best.score >= least {
		pub = append(pub, best.stamp)
	}
	if bestChange.score >= least {
		mod = append(mod, bestChange.stamp)
	}
	return pub, mod
}

func (d *dater) scoreLine(l line, i, headline int) int {
	score := 0
	publish := publishWords.MatchString(l.text)
	changed := changeWords.MatchString(l.text)
	switch {
	case publish:
		score += 4
	case changed:
		score += 3
	}
	own, _, _ := strings.Cut(l.names, " / ")
	if dateName.MatchString(own) {
		score += 2
	} else if dateName.MatchString(l.names) {
		score++
	}
	if publishWords.MatchString(l.names) {
		score++
	}
	if l.date != "" {
		score += 2
	}
	if headline >= 0 {
		switch away := i - headline; {
		case away >= 0 && away <= 8:
			score += 3
		case away >= 0 && away <= 25, away < 0 && away >= -6:
			score += 2
		case away < 0:
			score--
		}
	} else if i < 40 {
		score += 2
	}
	switch {
	case l.lead:
		score += 2
	case len(l.text) < 30:
		score += 2
	case d.isDateline(l.text):
		score++
	case !publish && !changed:
		score -= 3
	}
	if l.article {
		score++
	}
	switch {
	case l.furniture && publish:
		// The line below a text that tells who wrote it and when.
		score--
	case l.furniture:
		score -= 3
	}
	if l.remarks {
		score -= 8
	}
	switch {
	case relatedName.MatchString(l.names):
		score -= 8
	case listName.MatchString(l.names):
		score -= 2
	}
	if l.links && !strings.Contains(l.names, "bookmark") && !strings.Contains(l.names, "entry-date") {
		score -= 2
	}
	if strings.Contains(l.text, "©") {
		score--
	}
	return score
}

func hasDigits(s string, n int) bool {
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= '٠' && r <= '٩' || r >= '０' && r <= '９' {
			if n--; n == 0 {
				return true
			}
		}
	}
	return false
}
