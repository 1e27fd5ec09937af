package config

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"strings"
	"unicode"

	"veille"
)

var nameEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// deriveName makes a name from a URL: its host and path joined by hyphens. What
// is lost on the way (query, port, capitals, …) is kept as a short hash, so
// that the name depends on this URL alone.
func deriveName(u *url.URL) string {
	var b strings.Builder
	lost := u.Scheme != "https" || u.RawQuery != "" || u.Port() != ""
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	path := strings.Trim(u.Path, "/")
	if path != "" {
		path = "-" + path
	}
	hyphen := false
	for _, r := range host + path {
		switch {
		case unicode.IsLower(r) || unicode.IsNumber(r) || r == '.' || r == '_' || unicode.IsLetter(r) && !unicode.IsUpper(r):
			b.WriteRune(r)
			hyphen = false
			continue
		case unicode.IsUpper(r):
			b.WriteRune(unicode.ToLower(r))
			hyphen, lost = false, true
			continue
		case r != '/' && r != '-':
			lost = true
		}
		if !hyphen {
			b.WriteByte('-')
			hyphen = true
		}
	}
	name := []rune(strings.Trim(b.String(), "-"))
	if len(name) > 60 {
		name, lost = name[:60], true
	}
	if !lost {
		return string(name)
	}
	sum := sha256.Sum256([]byte(u.String()))
	return strings.TrimRight(string(name), "-") + "-" + nameEncoding.EncodeToString(sum[:])[:6]
}

func (l *loader) claimSource(s veille.Source, at place) {
	before, taken := l.sources[s.Name]
	if taken && at.path.key == "url" && before.path.key == "url" && before.written() == at.written() {
		at.wrong("this source is listed twice", "it is also "+before.path.up.String()+" of "+before.in.text.name)
		return
	}
	if taken && at.path.key == "url" {
		at.wrong("the name made from this URL is taken by another source", "give one of them a name")
		return
	}
	claim(l.sources, s.Name, at, "source")
}
