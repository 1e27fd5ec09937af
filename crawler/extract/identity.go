package extract

import (
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"veille"
)

const maxDescription = 1000

func (f *facts) site() string {
	name := f.metaFirst("og:site_name")
	if name == "" {
		name = f.ld.publisher
	}
	if name == "" {
		name = f.metaFirst("application-name")
	}
	return clean(plain(name), 200)
}

func (f *facts) description() string {
	d := f.metaFirst("og:description", "description")
	if d == "" {
		d = f.ld.description
	}
	if d == "" {
		d = f.metaFirst("twitter:description")
	}
	return clean(plain(d), maxDescription)
}

func (f *facts) image() string {
	for _, raw := range []string{f.metaFirst("og:image:secure_url", "og:image", "og:image:url"), f.ld.image, f.metaFirst("twitter:image", "twitter:image:src")} {
		if u := f.absolute(raw); u != "" {
			return u
		}
	}
	return ""
}

// absolute resolves a link of the page; "" unless the result is http or https.
func (f *facts) absolute(raw string) string {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > maxMetaValue {
		return ""
	}
	base := f.url
	if f.base != "" {
		if b, err := f.url.Parse(strings.TrimSpace(f.base)); err == nil {
			base = b
		}
	}
	u, err := base.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func (f *facts) canonicalLink() string {
	for _, href := range f.links["canonical"] {
		if u := f.absolute(href); u != "" {
			return u
		}
	}
	return ""
}

// canonical is the identity of the page at raw: its rel=canonical where that
// stays on the same registrable domain and is not the home page, else raw.
func canonical(raw, link string) string {
	chosen := raw
	if link != "" && sameSite(raw, link) && (!isHome(link) || isHome(raw)) {
		chosen = link
	}
	if c, err := veille.CanonicalURL(chosen); err == nil {
		return c
	}
	if c, err := veille.CanonicalURL(raw); err == nil {
		return c
	}
	return withoutUser(chosen)
}

func isHome(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

func sameSite(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	if errA != nil || errB != nil {
		return false
	}
	ha, hb := strings.ToLower(ua.Hostname()), strings.ToLower(ub.Hostname())
	if ha == hb {
		return net.ParseIP(ha) == nil && ha != "localhost" || ua.Port() == ub.Port()
	}
	return net.ParseIP(ha) == nil && ha != "" && registrableDomain(ha) == registrableDomain(hb)
}

// registrableDomain is the domain that one can register, such as yna.co.kr;
// the host itself where there is none.
func registrableDomain(host string) string {
	d, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return d
}

// language returns the base language in lower case: the override, else what
// the page declares.
func language(override string, f *facts) string {
	for _, raw := range []string{override, f.lang, f.ld.language, f.metaFirst("og:locale"), f.metaFirst("content-language", "language", "dc.language")} {
		if base, _ := splitLocale(raw); base != "" {
			return base
		}
	}
	return ""
}

// region is the country of the page's locale in lower case, "" if it has none.
func (f *facts) region() string {
	for _, raw := range []string{f.lang, f.metaFirst("og:locale"), f.ld.language} {
		if _, region := splitLocale(raw); region != "" {
			return region
		}
	}
	return ""
}

// splitLocale splits "fr_FR", "zh-Hant-TW" or "en-US,en".
func splitLocale(raw string) (base, region string) {
	raw, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(raw)), ",")
	parts := strings.FieldsFunc(raw, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	if len(parts) == 0 {
		return "", ""
	}
	base = parts[0]
	for _, c := range base {
		if c < 'a' || c > 'z' {
			return "", ""
		}
	}
	switch {
	case len(base) == 3 && iso639(base) != "":
		base = iso639(base)
	case len(base) < 2 || len(base) > 3:
		return "", ""
	}
	for _, p := range parts[1:] {
		if len(p) == 2 {
			region = p
		}
	}
	return base, region
}

// iso639 shortens the three-letter codes that pages use (ISO 639-2).
func iso639(code string) string {
	switch code {
	case "fre", "fra":
		return "fr"
	case "eng":
		return "en"
	case "ger", "deu":
		return "de"
	case "spa":
		return "es"
	case "kor":
		return "ko"
	case "jpn":
		return "ja"
	case "rus":
		return "ru"
	case "chi", "zho":
		return "zh"
	case "por":
		return "pt"
	case "ita":
		return "it"
	case "ara":
		return "ar"
	}
	return ""
}

// noIndex reports whether the page asks search engines not to list it.
func (f *facts) noIndex() bool {
	for _, name := range []string{"robots", "googlebot"} {
		for _, value := range f.metas[name] {
			value = strings.ToLower(value)
			if strings.Contains(value, "noindex") || strings.TrimSpace(value) == "none" {
				return true
			}
		}
	}
	return false
}
