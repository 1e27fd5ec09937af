package extract

import (
	"testing"
	"time"
)

func TestParseDate_ReadsWhatPagesWrite(t *testing.T) {
	zone := func(hours int) *time.Location { return time.FixedZone("", hours*3600) }
	for _, c := range []struct {
		text     string
		dayFirst bool
		want     time.Time
		timed    bool
	}{
		{"2023-09-14T10:24:00+09:00", false, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(9)), true},
		{"2023-09-14T10:24:31.123Z", false, time.Date(2023, 9, 14, 10, 24, 31, 123e6, time.UTC), true},
		{"2023-09-14T10:24:00+0900", false, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(9)), true},
		{"2023-09-14 10:24:00 KST", false, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(9)), true},
		{"2023-09-14 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"2023-09-14", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		{"20230914", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		{"20230914T102400Z", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"1694654640", true, time.Date(2023, 9, 14, 1, 24, 0, 0, time.UTC), true},
		{"1694654640000", true, time.Date(2023, 9, 14, 1, 24, 0, 0, time.UTC), true},
		{"Thu, 14 Sep 2023 10:24:00 GMT", false, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"Thu, 14 Sep 2023 10:24:00 +0200", false, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(2)), true},
		// French.
		{"Corée du Nord 14.09.2023 à 10h24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"Publié le 14 septembre 2023 à 10h24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"le 1er août 2024 à 9h", true, time.Date(2024, 8, 1, 9, 0, 0, 0, time.UTC), true},
		{"14 sept. 2023, 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14/09/2023 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14/09/23", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		// Korean, Japanese, Chinese.
		{"2023년 9월 14일", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		{"2023년 9월 14일 오후 3시 5분", true, time.Date(2023, 9, 14, 15, 5, 0, 0, time.UTC), true},
		{"입력 2023.09.14. 오전 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"2023年9月14日 10時24分", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"２０２３年９月１４日", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		{"2023/09/14 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		// German, Spanish, Russian, Portuguese.
		{"14. September 2023, 10:24 Uhr", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14.09.2023 um 10.24 Uhr", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"Stand: 12. März 2024", true, time.Date(2024, 3, 12, 0, 0, 0, 0, time.UTC), false},
		{"14 de septiembre de 2023 a las 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 de março de 2023 às 10h24", true, time.Date(2023, 3, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 сентября 2023, 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 сентября 2023, 10:24 МСК", true, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(3)), true},
		{"10:24 мск, 14 сентября 2023", true, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(3)), true},
		{"14 сентября 2023 г. в 10:24 MSK", true, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(3)), true},
		// English.
		{"September 14, 2023 10:24 p.m. ET", false, time.Date(2023, 9, 14, 22, 24, 0, 0, time.UTC), true},
		{"Sept. 14, 2023 at 10:24 AM EDT", false, time.Date(2023, 9, 14, 10, 24, 0, 0, zone(-4)), true},
		{"14th September 2023", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		{"04/05/2023", false, time.Date(2023, 4, 5, 0, 0, 0, 0, time.UTC), false},
		{"04/05/2023", true, time.Date(2023, 5, 4, 0, 0, 0, 0, time.UTC), false},
		{"10:24, 14 September 2023", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"Tue Jan 28 15:28:56 CET 2020", true, time.Date(2020, 1, 28, 15, 28, 56, 0, zone(1)), true},
		{"Fri Apr 28 19:20:36 CEST 2023", true, time.Date(2023, 4, 28, 19, 20, 36, 0, zone(2)), true},
		// Italian, Dutch, Polish, Turkish, Swedish, Czech, Greek, Arabic.
		{"14 settembre 2023 alle 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 maart 2023 om 10:24 uur", true, time.Date(2023, 3, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 września 2023, 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 Eylül 2023 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 oktober 2023 kl. 10.24", true, time.Date(2023, 10, 14, 10, 24, 0, 0, time.UTC), true},
		{"14. září 2023 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 Σεπτεμβρίου 2023, 10:24", true, time.Date(2023, 9, 14, 10, 24, 0, 0, time.UTC), true},
		{"14 سبتمبر 2023", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
		{"06-08-2009T14:12:32+0200", true, time.Date(2009, 8, 6, 14, 12, 32, 0, zone(2)), true},
		{"8.5.12", true, time.Date(2012, 5, 8, 0, 0, 0, 0, time.UTC), false},
		{"١٤/٠٩/٢٠٢٣", true, time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC), false},
	} {
		st, ok := parseDate(c.text, c.dayFirst)
		if !ok {
			t.Errorf("%q is not read", c.text)
			continue
		}
		if got := st.in(time.UTC); !got.Equal(c.want) || st.hasTime != c.timed {
			t.Errorf("%q = %v (time %v), want %v (time %v)", c.text, got, st.hasTime, c.want, c.timed)
		}
	}
}

func TestParseDate_InventsNothing(t *testing.T) {
	for _, text := range []string{"", "yesterday", "hier à 10h24", "3 min ago", "il y a 2 heures", "9999-99-99", "2023-02-30", "31/04/2023",
		"0000-00-00", "1969-07-20", "12345678901234567890", "14 bananas 2023", "version 1.2.3", "10:24", "call 555-01-2023"} {
		if st, ok := parseDate(text, true); ok {
			t.Errorf("%q is read as %+v", text, st)
		}
	}
}

func datePage(head, text string) string {
	return `<html lang="fr"><head><title>Un titre</title>` + head + `</head><body><article><h1>Un titre</h1>` + text +
		`<p>Le premier paragraphe de cet article raconte une histoire.</p><p>Le sommet s'est tenu le 3 mai 2001 à Rome.</p></article>
<div class="related"><time datetime="2020-01-01T00:00:00Z">1er janvier 2020</time><p>2 janvier 2020</p></div></body></html>`
}

func TestRead_DatesAnArticle(t *testing.T) {
	day := time.Date(2023, 9, 14, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, url, page string
		want            string
	}{
		{"no date at all, one of a related article and one in a sentence", "https://x.example.com/a", datePage("", ""), ""},
		{"the text beside the headline, in the country's zone", "https://x.example.kr/a", datePage("", "<div>Corée du Nord 14.09.2023 à 10h24</div>"), "2023-09-14T10:24:00+09:00"},
		{"summer time in France", "https://x.example.fr/a", datePage("", "<p>Publié le 14 septembre 2023 à 10h24</p>"), "2023-09-14T10:24:00+02:00"},
		{"winter time in France", "https://x.example.fr/a", datePage("", "<p>Publié le 14 décembre 2023 à 10h24</p>"), "2023-12-14T10:24:00+01:00"},
		{"no zone known", "https://x.example.com/a", datePage("", "<p>14 septembre 2023 à 10h24</p>"), "2023-09-14T10:24:00Z"},
		{"the zone of another date of the page", "https://x.example.com/a", datePage(`<meta property="article:modified_time" content="2023-09-14T12:00:00+05:00">`, "<p>14 septembre 2023 à 10h24</p>"), "2023-09-14T10:24:00+05:00"},
		{"linked data over meta", "https://x.example.com/a", datePage(`<meta property="article:published_time" content="2023-09-13T00:00:00Z"><script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2023-09-14T10:24:00Z"}</script>`, ""), "2023-09-14T10:24:00Z"},
		{"meta over the time element", "https://x.example.com/a", datePage(`<meta property="article:published_time" content="2023-09-14T10:24:00Z">`, `<time datetime="2023-09-15T10:24:00Z">x</time>`), "2023-09-14T10:24:00Z"},
		{"itemprop", "https://x.example.com/a", datePage(`<meta itemprop="datePublished" content="2023-09-14T10:24:00Z">`, ""), "2023-09-14T10:24:00Z"},
		{"the time element", "https://x.example.com/a", datePage("", `<time datetime="2023-09-14T10:24:00Z">jeudi</time>`), "2023-09-14T10:24:00Z"},
		{"the URL, completed by the text", "https://x.example.kr/2023/09/14/a", datePage("", "<div>14.09.2023 10:24</div>"), "2023-09-14T10:24:00+09:00"},
		{"the URL alone", "https://x.example.com/2023/09/14/a", datePage("", ""), "2023-09-14T00:00:00Z"},
		{"an id that starts with the day", "https://x.example.com/view/AFR20230914000700884", datePage("", ""), "2023-09-14T00:00:00Z"},
		{"an id that starts with the day, completed by the page's data", "https://x.example.kr/view/AFR20230914000700884", datePage("", `<script>x.push({"deployDt":"2023.09.14 10:24","reDeployDt":"2023.09.14 11:50"})</script>`), "2023-09-14T10:24:00+09:00"},
		{"a day, and a time of another day in the page's data", "https://x.example.com/2023/09/14/a", datePage("", `<script>x.push({"regDate":"2023-09-12 10:24"})</script>`), "2023-09-14T00:00:00Z"},
		{"a date too far ahead gives way", "https://x.example.com/a", datePage(`<meta property="article:published_time" content="2099-01-01T00:00:00Z">`, `<time datetime="2023-09-14T10:24:00Z">x</time>`), "2023-09-14T10:24:00Z"},
		{"a date too far ahead and no other", "https://x.example.com/a", datePage(`<meta property="article:published_time" content="9999-12-31T00:00:00Z">`, ""), ""},
		{"tomorrow within 24 hours", "https://x.example.com/a", datePage(`<meta property="article:published_time" content="2026-11-24T11:00:00Z">`, ""), "2026-11-24T11:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, c.url, c.page)
			got := ""
			if !s.Published.IsZero() {
				got = s.Published.Format(time.RFC3339)
			}
			if got != c.want {
				t.Errorf("published = %q, want %q", got, c.want)
			}
			if s.Modified.Before(s.Published) && !s.Modified.IsZero() {
				t.Errorf("modified %v before %v", s.Modified, day)
			}
		})
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2023-09-14T10:24:00+09:00", "14.09.2023 à 10h24", "2023년 9월 14일 오후 3시", "Sept. 14, 2023 at 10:24 AM EDT", "20230914T102400Z", "1694654640", "14/09/23", "10:24, 14 September 2023"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, dayFirst bool) {
		st, ok := parseDate(s, dayFirst)
		if !ok {
			return
		}
		if !st.valid() {
			t.Errorf("%q: %+v", s, st)
		}
		if at := st.in(time.UTC); at.Year() < 1989 || at.Year() > 2201 {
			t.Errorf("%q: %v", s, at)
		}
	})
}
