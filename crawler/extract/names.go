package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	emailForm  = regexp.MustCompile(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$`)
	byWord     = regexp.MustCompile(`(?i)^\s*(?:(?:written|reported|posted|published|created|story|text|words|article|interview|analysis|opinion|veröffentlicht|geschrieben|gespeichert|erstellt|eingestellt|publié|rédigé|escrito|publicado|ein (?:artikel|beitrag|gastbeitrag)|beitrag)\s+)?(?:by|par|von|vom|por|di|da|door|av|af|od|автор|autor(?:en|in|a|es)?|auteure?|author|text|interview|écrit par|글)(?:\s*[:：]\s*|\s+)`)
	conjunct   = regexp.MustCompile(`(?i)\s+(?:and|et|und|y|e|en|och|og|i|и|with|avec|mit)\s+|\s*[;&•·|/]\s*|\s*、\s*|\s*，\s*|\n`)
	roleWord   = regexp.MustCompile(`(?i)\b(?:correspondent|reporter|editors?|staff|writer|columnist|journalist|redakteur(?:in)?|redaktion|correspondante?|envoyée?|spéciale?|chief|bureau|producer|director|professor|photographer|contributor|special to|freelance|follow|email|twitter|published|updated|analyst|ressortleiter(?:in)?|chefredakteur(?:in)?|volontär(?:in)?|autor(?:in)?|bio|profile|news desk|newsroom)\b`)
	notName    = regexp.MustCompile(`(?i)^(?:admin|administrator|editor|web|webmaster|online|news|unknown|anonymous|guest|user|root|null|none|undefined|n/a|author|by|par|von|share|more)$`)
	agencyName = regexp.MustCompile(`^(?:dpa|afp|ap|reuters|apa|epd|kna|sid|efe|ansa|tass|anp|ntb|tt|ritzau|belga|keystone-sda|sda|lusa|pti|ani|ians|yonhap|xinhua|dts|AFP|AP|Reuters|APA|EPD|KNA|SID|EFE|ANSA|TASS|PTI|ANI|IANS|ANP|NTB|SDA)$`)
	// furnitureName is what stands in boxes beside an author's name.
	furnitureName = regexp.MustCompile(`(?i)\b(?:twitter|facebook|instagram|linkedin|youtube|whatsapp|e-?mail|sign in|log ?in|read more|more (?:posts|from|articles)|follow|subscribe|newsletter|comments?|kommentare?|cookies?|photo|foto|фото|bild|posts?|publish(?:ed|er)|share|min read|minuten|lesezeit|contact|about|profile?|gmbh|www|publiziert|super user|anmelden|copyright)\b|^(?:am|on|le|und|and|alle|all|mehr|the|die|der|das|seo|test)$`)
	wroteWord     = regexp.MustCompile(`(?i)^(?:written by|reviewed by|edited by|redaktion:|veröffentlicht von|geschrieben von|interview:|text:|foto:|ein (?:beitrag|gastbeitrag|artikel) von|gespeichert von|zum profil von|reported by|autor:|author:)\s*`)
	trailingRole  = regexp.MustCompile(`(?i)^(?:updated|published|posted|founder|co-?founder|head|chief|editor|editors|senior|staff|writer|journalist|reporter|correspondent|contributor|chefredakteur(?:in)?|redakteur(?:in)?|volontär(?:in)?|contactar|managing|reviewed|owner|ceo|cto|dvm\.?|professor|columnist|freelance|author|follow|min)$`)
	dayOnly       = regexp.MustCompile(`(?i)\b(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?\s+\d{1,2}\b|may\s+\d{1,2}\b|\d{1,2}\.\s?\d{1,2}\.)`)
	dateLead      = regexp.MustCompile(`(?i)(?:[\s,;·|/–—-]|\b(?:last updated|updated|published|posted|aktualisiert|veröffentlicht|stand:?|publié|mis à jour|on|am|vom|le|el|il|den|mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b\.?:?)+$`)
	laterBy       = regexp.MustCompile(`(?i)(?:^|[\s·|,–—-])(?:by|von|par|por|di|door)\s+\pL`)
	jobSuffix     = regexp.MustCompile(`\s*(?:특파원|선임기자|수습기자|기자|記者|记者|編集委員|=\s*|님)\s*$`)
)

// likeName reports whether every word of a Latin name of two to five words
// starts with a capital letter, but for particles; other scripts pass.
func likeName(s string) bool {
	words := strings.Fields(s)
	if len(words) > 5 {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(s); !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
		return utf8.RuneCountInString(s) <= 12 && unicode.IsLetter(r)
	}
	capitals := 0
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(r) {
			capitals++
		} else if len(w) > 4 {
			return false
		}
	}
	return capitals >= 2
}

// splitAuthors splits a byline into names.
func splitAuthors(s string) []string {
	s = clean(plain(s), 300)
	if s == "" || strings.Contains(s, "://") || strings.HasPrefix(s, "www.") {
		return nil
	}
	if emailForm.MatchString(s) {
		return nil
	}
	s = withoutDate(s)
	for range 2 {
		s = byWord.ReplaceAllString(s, "")
	}
	var out []string
	for _, part := range conjunct.Split(s, -1) {
		pieces := strings.Split(part, ",")
		for i, piece := range pieces {
			name := cleanName(piece)
			if i > 0 && (roleWord.MatchString(piece) || len(strings.Fields(name)) < 2) && !cjkName(name) && !agencyName.MatchString(name) {
				continue // A title, a place or a degree after the name.
			}
			if name != "" && len(out) < maxAuthors {
				out = append(out, name)
			}
		}
	}
	return out
}

// withoutDate cuts a byline where its date begins: "Ada Byron Updated March 3,
// 2024", "von Bo Li am Samstag, 19. Oktober 2019", "12. Mai 2020 - by Bo Li".
func withoutDate(s string) string {
	_, from, to, ok := findDate(s, true)
	if !ok {
		// A day without its year, which a comma may have cut off.
		m := dayOnly.FindStringIndex(s)
		if m == nil {
			return s
		}
		from, to = m[0], m[1]
	}
	if lead := dateLead.ReplaceAllString(s[:from], ""); strings.TrimSpace(lead) != "" && !byWord.MatchString(s[to:]) && !laterBy.MatchString(s[to:]) {
		return lead
	}
	if m := laterBy.FindStringIndex(s[to:]); m != nil {
		return strings.TrimSpace(s[to+m[0]:])
	}
	return strings.Trim(s[to:], " ,;·|-–—")
}

func cleanName(s string) string {
	if i := strings.IndexAny(s, "(<[|（"); i > 0 {
		s = s[:i]
	}
	s = strings.TrimSpace(byWord.ReplaceAllString(s, ""))
	s = strings.Trim(s, " \t.,:;-–—|/*@\"'“”·")
	s = strings.TrimSpace(wroteWord.ReplaceAllString(s, ""))
	words := strings.Fields(s)
	for len(words) > 1 && strings.Contains(words[len(words)-1], "@") {
		words = words[:len(words)-1]
	}
	// A role after a name of two words or more, without a comma between them.
	for i := 2; i < len(words); i++ {
		if trailingRole.MatchString(words[i]) && !trailingRole.MatchString(words[i-1]) {
			words = words[:i]
			break
		}
	}
	s = jobSuffix.ReplaceAllString(strings.Join(words, " "), "")
	switch {
	case utf8.RuneCountInString(s) < 2, len(words) > 7, utf8.RuneCountInString(s) > 80, strings.Contains(s, "@"),
		notName.MatchString(s), furnitureName.MatchString(s), strings.ContainsAny(s, "<>{}=\\"):
		return ""
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsDigit(r) && letters == 0 {
			return ""
		}
	}
	if letters < 2 {
		return ""
	}
	return s
}

// capitalised reports whether a name has two to four words, all with a capital
// but for the particles.
func capitalised(name string) bool {
	words := strings.Fields(name)
	for _, w := range words {
		switch w {
		case "de", "da", "do", "dos", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "zu", "bin", "ibn", "el", "al", "y", "e", "af":
			continue
		}
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) {
			return false
		}
	}
	return len(words) >= 2 && len(words) <= 4
}

func cjkName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

func distinct(names []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, n := range names {
		if k := strings.ToLower(n); !seen[k] {
			seen[k] = true
			out = append(out, n)
		}
	}
	return out
}
