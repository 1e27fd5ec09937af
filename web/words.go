package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// words are what the pages say in one language, by key.
type words map[string]string

// languageCookie remembers the switch.
const languageCookie = "veille_lang"

func loadWords(from fs.FS) (map[string]words, error) {
	names, err := fs.Glob(from, "words/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]words{}
	for _, name := range names {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		w := words{}
		if err := json.Unmarshal(data, &w); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".json")] = w
	}
	return all, nil
}

// language is what a reader wants: what was switched to, else the first of
// Accept-Language (RFC 9110, section 12.5.4) that there is, else English.
func (s *Server) language(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && s.words[c.Value] != nil {
		return c.Value
	}
	best, weight := "en", 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		if s.words[base] != nil && q > weight {
			best, weight = base, q
		}
	}
	return best
}

// setLanguage is the switch at the foot of each page.
func (s *Server) setLanguage(w http.ResponseWriter, r *http.Request) {
	lang := r.PostFormValue("lang")
	if s.words[lang] == nil || !s.Guard.FormHolds(r) {
		s.refusePerson(w, r, http.StatusBadRequest, "")
		return
	}
	//nolint:gosec // a language is no secret
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, ownPath(r.PostFormValue("back")), http.StatusSeeOther) //nolint:gosec // ownPath keeps it on this site
}

// ownPath keeps a redirect on this server. A browser drops what is no graphic
// character, and reads a backslash as a slash: neither is let through.
func ownPath(p string) string {
	foreign := strings.ContainsFunc(p, func(r rune) bool { return r == '\\' || r <= ' ' || !unicode.IsGraphic(r) })
	if u, err := url.Parse(p); err != nil || foreign || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") {
		return "/"
	}
	return p
}

// T is a text in the page's language; args fill its verbs.
func (f *frame) T(key string, args ...any) string {
	text, ok := f.words[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// N is a text about a count: key.one or key.many, which holds one %s.
func (f *frame) N(key string, n int) string {
	form := ".many"
	if n == 1 || n == 0 && f.Lang == "fr" {
		form = ".one"
	}
	return f.T(key+form, f.Number(n))
}

// Number groups the digits of a count by threes.
func (f *frame) Number(n int) string {
	digits := strconv.Itoa(n)
	sep := ","
	if f.Lang == "fr" {
		sep = "\u202f"
	}
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return digits
}

// Clock is a time of day.
func (f *frame) Clock(t time.Time) string { return t.In(f.zone).Format("15:04") }

// Day names a day: today, yesterday, or its date.
func (f *frame) Day(t time.Time) string {
	t, now := t.In(f.zone), f.at.In(f.zone)
	switch y, m, d := now.Date(); {
	case t.YearDay() == now.YearDay() && t.Year() == y:
		return f.T("time.today")
	case t.Format(time.DateOnly) == time.Date(y, m, d-1, 12, 0, 0, 0, f.zone).Format(time.DateOnly):
		return f.T("time.yesterday")
	case t.Year() == y:
		return f.T("time.day", t.Day(), f.month(t), f.weekday(t))
	}
	return f.T("time.dayyear", t.Day(), f.month(t), t.Year())
}

// Heading is a day's name above what happened on it.
func (f *frame) Heading(t time.Time) string {
	name := f.Day(t)
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// Moment is when the page was made.
func (f *frame) Moment() time.Time { return f.at }

// When is a date and a time of day; a dash for never.
func (f *frame) When(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return f.Day(t) + " " + f.Clock(t)
}

// Stamp is a time for a datetime attribute.
func (f *frame) Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Ago says how long ago, in words for people.
func (f *frame) Ago(t time.Time) string {
	if t.IsZero() {
		return f.T("time.never")
	}
	switch d := f.at.Sub(t); {
	case d < -time.Minute:
		return f.T("time.in", f.Span(-d))
	case d < 10*time.Second:
		return f.T("time.now")
	default:
		return f.T("time.ago", f.Span(d))
	}
}

// Span is a duration with one unit.
func (f *frame) Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return f.T("time.s", int(d.Seconds()))
	case d < time.Hour:
		return f.T("time.min", int(d.Minutes()))
	case d < 48*time.Hour:
		return f.T("time.h", int(d.Hours()))
	}
	return f.T("time.d", int(d.Hours()/24))
}

func (f *frame) month(t time.Time) string {
	return strings.Fields(f.T("time.months"))[t.Month()-1]
}

func (f *frame) weekday(t time.Time) string {
	return strings.Fields(f.T("time.weekdays"))[t.Weekday()]
}
