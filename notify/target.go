package notify

import (
	"cmp"
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"veille"
)

// target is where a receiver is. Only its host is ever told; the rest of the
// address is as good as a password for most services.
type target struct {
	url *url.URL
	// hide are the parts that must not appear in a text, longest first.
	hide []string
	// secrets are what requests carry beside the address: keys and tokens.
	secrets []string
}

// newTarget reads the address in the option "url".
func newTarget(address veille.Secret) (*target, *veille.Problem) { return newTargetAt("url", address) }

// newTargetAt reads the address in an option, or says what is wrong with it.
func newTargetAt(path string, address veille.Secret) (*target, *veille.Problem) {
	raw := strings.TrimSpace(address.Reveal())
	if raw == "" {
		return nil, &veille.Problem{Path: path, What: "is missing", Help: "give the address to post to"}
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" {
		// The parser's error repeats the address.
		return nil, &veille.Problem{Path: path, What: "is not a URL", Help: "write it as https://host/path"}
	}
	if u.Hostname() == "" {
		return nil, &veille.Problem{Path: path, What: "names no host", Help: "write it as https://host/path"}
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && forbidden(ip) {
		return nil, &veille.Problem{Path: path, What: "leads to a link-local or metadata address", Help: "give the receiver's own address"}
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !private(u.Hostname()) {
			return nil, &veille.Problem{Path: path, What: "would send alerts in clear text over a public network", Help: "use https; http is for private hosts"}
		}
	default:
		return nil, &veille.Problem{Path: path, What: "is neither https nor http", Help: "write it as https://host/path"}
	}
	t := &target{url: u}
	t.hide = hidden(u, raw)
	return t, nil
}

// newBase reads the address of an API in an option, to which paths are joined:
// it is no secret, and so holds none.
func newBase(path, address string) (*target, *veille.Problem) {
	t, p := newTargetAt(path, veille.NewSecret(address))
	if p == nil && (t.url.User != nil || t.url.RawQuery != "" || t.url.Fragment != "") {
		return nil, &veille.Problem{Path: path, What: "holds more than host and path", Help: "write it as https://host/path"}
	}
	return t, p
}

// hidden lists the parts of an address that are secret, in every spelling that
// an error or an answer may repeat them in.
func hidden(u *url.URL, raw string) []string {
	var parts []string
	add := func(least int, spellings ...string) {
		for _, s := range spellings {
			if s = strings.ToLower(s); len(s) >= least {
				parts = append(parts, s)
			}
		}
	}
	add(1, raw, u.String(), u.Redacted())
	add(4, u.RequestURI(), u.Path, u.EscapedPath(), u.RawQuery, u.Fragment)
	for _, p := range []string{u.Path, u.EscapedPath()} {
		// A short segment is a word, and words occur in messages.
		for segment := range strings.SplitSeq(p, "/") {
			add(8, segment)
		}
	}
	for key, values := range u.Query() {
		for _, v := range values {
			add(4, key, v, url.QueryEscape(v), url.PathEscape(v))
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		add(1, u.User.String(), u.User.Username(), password, url.QueryEscape(password))
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(parts)
}

// join is the target of a path below this one.
func (t *target) join(elements ...string) *target {
	out := *t
	out.url = t.url.JoinPath(elements...)
	return out.conceal()
}

// with is the target with further parameters in its query.
func (t *target) with(query url.Values) *target {
	out := *t
	to := *t.url
	all := to.Query()
	for key, values := range query {
		all[key] = values
	}
	to.RawQuery = all.Encode()
	out.url = &to
	// The parameters are no secret, and their words occur in messages.
	out.hide = append([]string{strings.ToLower(to.String()), strings.ToLower(to.RequestURI())}, t.hide...)
	return &out
}

// conceal keeps further secrets, which requests to the target carry, from being
// told or shown.
func (t *target) conceal(secrets ...veille.Secret) *target {
	out := *t
	out.hide = append(hidden(t.url, t.url.String()), t.hide...)
	for _, s := range secrets {
		text := strings.TrimSpace(s.Reveal())
		if text == "" {
			continue
		}
		out.secrets = append(slices.Clone(out.secrets), text)
		parts := []string{text}
		// What follows "Bearer" is as secret as the whole; a short word is not.
		for word := range strings.FieldsSeq(text) {
			if len(word) >= 8 {
				parts = append(parts, word)
			}
		}
		for _, part := range parts {
			for _, spelling := range []string{part, url.QueryEscape(part), url.PathEscape(part), base64.StdEncoding.EncodeToString([]byte(part))} {
				out.hide = append(out.hide, strings.ToLower(spelling))
			}
		}
	}
	slices.SortFunc(out.hide, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	out.hide = slices.Compact(out.hide)
	return &out
}

// scrub removes what is secret of the address from a text, whatever its case,
// and makes the rest one clean line of at most limit bytes.
func (t *target) scrub(text string, limit int) string {
	text = clean(strings.ToValidUTF8(clip(text, maxAnswer), "\ufffd"))
	for _, secret := range t.hide {
		text = replaceFold(text, secret, "…")
	}
	return cutBytes(text, limit)
}

// replaceFold replaces every occurrence of a lower-case text, whatever its
// ASCII case.
func replaceFold(s, old, with string) string {
	low := asciiLower(s)
	if !strings.Contains(low, old) {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(low, old)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		b.WriteString(with)
		s, low = s[i+len(old):], low[i+len(old):]
	}
}

// asciiLower keeps every byte at its offset, which strings.ToLower does not.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// private reports whether a host is one that only a private network knows: an
// address of RFC 1918 or RFC 4193, loopback, a name without a dot, or a name
// below a suffix reserved for such use.
func private(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsLoopback() || ip.IsPrivate()
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if !strings.Contains(host, ".") {
		return true
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}
