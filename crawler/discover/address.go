package discover

import (
	"net/url"
	"strings"
)

// splitAddress is a canonical URL in the parts that the score reads.
type splitAddress struct {
	host     string
	segments []string // decoded, lower case, without empty ones
	query    string
}

// splitURL takes an address apart: its zero value for what is none.
func splitURL(canonicalURL string) splitAddress {
	u, err := url.Parse(canonicalURL)
	if err != nil {
		return splitAddress{}
	}
	a := splitAddress{host: u.Host, query: u.RawQuery}
	for s := range strings.SplitSeq(strings.ToLower(u.Path), "/") {
		if s != "" {
			a.segments = append(a.segments, s)
		}
	}
	// An archive's or a proxy's copy is judged by the address it copies.
	for i, s := range a.segments {
		if (s == "http:" || s == "https:") && i > 0 && i+1 < len(a.segments) {
			a.host, a.segments = a.segments[i+1], a.segments[i+2:]
			break
		}
	}
	// "…/slug/index.html" is the slug's page.
	if n := len(a.segments); n > 1 && strings.Contains(a.segments[n-1], ".") {
		if s := stem(a.segments[n-1]); s == "index" || s == "default" {
			a.segments = a.segments[:n-1]
		}
	}
	return a
}

// leaf is the last segment without its file extension.
func (a splitAddress) leaf() string {
	if len(a.segments) == 0 {
		return ""
	}
	return stem(a.segments[len(a.segments)-1])
}

// stem is a segment without its file extension.
func stem(segment string) string {
	if i := strings.LastIndexByte(segment, '.'); i > 0 && len(segment)-i <= 6 {
		return segment[:i]
	}
	return segment
}

// isMedia reports whether an address leads to something to watch or to hear: the
// looks of its link say nothing of a text to match. A day in it tells an
// article with a film.
func (a splitAddress) isMedia() bool {
	if day, _ := dateIn(a.segments); day {
		return false
	}
	for _, s := range a.segments {
		if isMediaWord(stem(s)) {
			return true
		}
	}
	return false
}

// hasMenuWord reports whether a word of the path leads to something other than
// an article.
func (a splitAddress) hasMenuWord() bool {
	for _, s := range a.segments {
		if s = stem(s); isMenuWord(s) || isMediaWord(s) || isSmallPrintWord(s) {
			return true
		}
	}
	return false
}

// shape writes an address as its pattern: numbers, slugs and last words stand
// for all others of their kind.
func (a splitAddress) shape() string {
	var b strings.Builder
	b.WriteString(a.host)
	for i, s := range a.segments {
		b.WriteByte('/')
		_, digits := allDigits(s)
		switch {
		case digits:
			b.WriteByte('#')
		case slugWords(stem(s)) >= 3:
			b.WriteByte('-')
		case strings.ContainsAny(s, "0123456789"):
			b.WriteString("x#")
		case i == len(a.segments)-1:
			b.WriteByte('w')
		default:
			b.WriteString(s)
		}
	}
	for p := range strings.SplitSeq(a.query, "&") {
		key, _, _ := strings.Cut(p, "=")
		b.WriteByte('?')
		b.WriteString(key)
	}
	return b.String()
}

// leadsUp reports whether an address is the page itself in another order, or a
// section above it.
func (a splitAddress) leadsUp(page splitAddress) bool {
	if a.host != page.host || len(a.segments) > len(page.segments) || len(page.segments) == 0 {
		return false
	}
	for i, s := range a.segments {
		if s != page.segments[i] {
			return false
		}
	}
	return !hasQueryID(a.query)
}

// isFile reports whether an address leads to a file of another kind than a
// page.
func isFile(a splitAddress) bool {
	if n := len(a.segments); n > 0 {
		last := a.segments[n-1]
		if i := strings.LastIndexByte(last, '.'); i > 0 {
			switch last[i+1:] {
			case "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "avif", "css", "js", "json", "xml", "rss", "rdf", "atom", "pdf", "zip", "gz", "mp3", "mp4", "m4a", "m4v", "ogg", "wav", "webm", "avi", "mov", "m3u8", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "epub", "apk", "exe", "dmg", "ics", "woff", "woff2", "ttf", "txt", "csv":
				return true
			}
		}
	}
	return false
}

// isNeverHost reports whether a host is not for reading.
func isNeverHost(a splitAddress) bool {
	first, _, _ := strings.Cut(a.host, ".")
	switch first {
	case "careers", "jobs", "account", "accounts", "login", "auth", "id", "sso", "secure", "my", "profile", "profil", "help", "support", "shop", "store", "boutique", "ads", "ad", "adserver", "doubleclick", "subscribe", "subscription", "subscriptions", "abo", "newsletters", "newsletter", "cdn", "static", "img", "images", "games", "weather", "meteo", "developer", "developers", "mail", "api", "advertising", "mediakit", "myaccount", "tickets", "coupons", "horoscope", "forum", "forums", "podcasts", "corporate":
		return true
	}
	return isSocialSite(siteOf(strings.Split(a.host, ":")[0]))
}

func isSocialSite(site string) bool {
	switch site {
	case "facebook.com", "twitter.com", "x.com", "instagram.com", "youtube.com", "youtu.be", "linkedin.com", "tiktok.com", "pinterest.com", "reddit.com", "t.me", "telegram.me", "telegram.org", "whatsapp.com", "wa.me", "threads.net", "bsky.app", "snapchat.com", "flipboard.com", "tumblr.com", "vimeo.com", "dailymotion.com", "soundcloud.com", "spotify.com", "apple.com", "google.com", "google.fr", "goo.gl", "bit.ly", "t.co",
		"addtoany.com", "addthis.com", "sharethis.com", "doubleclick.net", "googleadservices.com", "googlesyndication.com", "outbrain.com", "taboola.com", "amazon.com", "amzn.to", "paypal.com", "patreon.com", "kakao.com", "line.me", "weibo.com", "vk.com", "ok.ru", "discord.gg", "discord.com", "github.com", "wikipedia.org", "creativecommons.org", "w3.org", "wordpress.org", "gravatar.com", "feedburner.com", "onetrust.com", "cookiebot.com", "parsely.com", "chartbeat.com", "ticketmaster.com", "legacy.com":
		return true
	}
	return false
}

// namesFeed reports whether an address is a feed's by its looks.
func namesFeed(a splitAddress) bool {
	if len(a.segments) == 0 {
		return false
	}
	last := a.segments[len(a.segments)-1]
	switch last {
	case "rss", "feed", "atom", "feed.json":
		return true
	}
	name, extension := last, ""
	if dot := strings.LastIndexByte(last, '.'); dot >= 0 {
		name, extension = last[:dot], last[dot+1:]
	}
	switch extension {
	case "rss", "rdf", "atom":
		return true
	case "xml":
		return strings.Contains(name, "rss") || strings.Contains(name, "feed") || strings.Contains(name, "atom") ||
			len(a.segments) > 1 && (a.segments[len(a.segments)-2] == "rss" || a.segments[0] == "rss")
	}
	return false
}
