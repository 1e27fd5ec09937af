package config

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"veille"
)

var (
	headerName   = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") // RFC 9110, section 5.6.2
	regexpPrefix = "error parsing regexp: "
)

// wrongLanguage tells of a code that no page declares its language by.
func wrongLanguage(at place, code string) {
	switch meant, ok := veille.LanguageCode(code); {
	case ok:
	case meant != "":
		at.wrong(at.quoted()+" is not an ISO 639 code that pages declare", "did you mean "+meant+"?")
	default:
		at.wrong(at.quoted()+" is not an ISO 639 code", "write two or three small letters, such as fr")
	}
}

// ownHeaders are those that Veille sets itself, or that belong to a connection.
var ownHeaders = [...]string{
	"accept-encoding", "connection", "content-length", "host", "if-modified-since", "if-none-match",
	"keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
}

// source turns one item of sources into a veille.Source.
func (l *loader) source(raw source) {
	out := veille.Source{
		Name: raw.Name, URL: raw.URL, Schedule: raw.Schedule, TimeZone: raw.Timezone, Language: raw.Language,
		Tags: raw.Tags, Select: raw.Select.public(), Headers: raw.Headers,
		AllowPrivate: raw.AllowPrivate, Recheck: raw.Recheck,
	}
	u := l.sourceURL(raw)
	nameAt := raw.At.key("name")
	switch {
	case !nameAt.missing:
		if checkName(nameAt, raw.Name) && strings.ContainsAny(raw.Name, `/*?[\`) || strings.HasPrefix(raw.Name, "tag:") {
			nameAt.wrong(`the name of a source cannot hold / * ? [ \ or begin with tag:`, "watches select sources by such patterns")
		}
	case u != nil:
		out.Name, nameAt = deriveName(u), raw.At.key("url")
	}
	if out.Name != "" {
		l.claimSource(out, nameAt)
	}
	l.sourceTiming(raw, &out)
	if raw.Language != "" {
		wrongLanguage(raw.At.key("language"), raw.Language)
	}
	for i, tag := range raw.Tags {
		if strings.ContainsFunc(tag, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			raw.At.key("tags").index(i).wrong("a tag cannot hold blanks", "write one word")
		}
	}
	out.Links.Include = l.expressions(raw.At.key("links").key("include"), raw.Links.Include)
	out.Links.Exclude = l.expressions(raw.At.key("links").key("exclude"), raw.Links.Exclude)
	l.selectors(raw)
	l.headers(raw)
	l.config.Sources = append(l.config.Sources, out)
}

func (s selectors) public() veille.Selectors {
	return veille.Selectors{Title: s.Title, Body: s.Body, Published: s.Published, Author: s.Author}
}

// sourceURL checks the address of a source; nil if it is none.
func (l *loader) sourceURL(raw source) *url.URL {
	at := raw.At.key("url")
	if at.missing || at.failed() {
		return nil
	}
	u, err := url.Parse(raw.URL)
	switch {
	case err != nil || u.Scheme == "" || u.Host == "" || u.Opaque != "" || strings.ContainsFunc(raw.URL, unicode.IsSpace):
		at.wrong("this is not an absolute URL", "write https://host/path")
	case u.Scheme != "http" && u.Scheme != "https":
		at.wrong("only http and https can be polled", "write https://host/path")
	case u.User != nil:
		at.wrong("a URL is shown in alerts and logs and cannot hold a password", `use headers: { Authorization: "${TOKEN}" }`)
	case u.Hostname() == "":
		at.wrong("this URL has no host", "write https://host/path")
	case !raw.AllowPrivate && privateHost(u.Hostname()):
		at.wrong("this is a private address", "set allow_private: true for this source if it is meant")
	default:
		if l.checks.Port != nil {
			if err := l.checks.Port(u.Port(), raw.AllowPrivate); err != nil {
				at.wrong(err.Error(), "")
				return nil
			}
		}
		return u
	}
	return nil
}

// privateHost reports whether a host is a loopback or private address as
// written. What a name resolves to is for the crawler to judge.
func privateHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast()
}

// expressions compiles regular expressions.
func (l *loader) expressions(at place, texts []string) []*regexp.Regexp {
	var out []*regexp.Regexp
	for i, s := range texts {
		re, err := regexp.Compile(s)
		if err != nil {
			at.index(i).wrong(strings.TrimPrefix(err.Error(), regexpPrefix), "regular expressions are those of RE2; quote them with single quotes")
			continue
		}
		out = append(out, re)
	}
	return out
}

func (l *loader) selectors(raw source) {
	if l.checks.Selector == nil {
		return
	}
	for _, s := range []struct{ key, css string }{
		{"title", raw.Select.Title}, {"body", raw.Select.Body}, {"published", raw.Select.Published}, {"author", raw.Select.Author},
	} {
		if s.css == "" {
			continue
		}
		if err := l.checks.Selector(s.css); err != nil {
			raw.At.key("select").key(s.key).wrong(err.Error(), "")
		}
	}
}

func (l *loader) headers(raw source) {
	for name, value := range raw.Headers {
		at := raw.At.key("headers").key(name)
		switch {
		case !headerName.MatchString(name):
			at.wrong("this is not the name of a header", "")
		case slices.Contains(ownHeaders[:], strings.ToLower(name)):
			at.wrong("Veille sets this header itself", "remove it")
		case strings.ContainsFunc(value.Reveal(), func(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7F }):
			at.wrong("a header cannot hold line ends or control characters", "")
		}
	}
}
