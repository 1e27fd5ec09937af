package veille

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxURLLength is the longest URL, in bytes, that Veille takes for an address.
const MaxURLLength = 2048

// The reasons for which CanonicalURL refuses an address. None repeats the
// address: it may hold a password.
var (
	errURLTooLong     = errors.New("URL longer than 2048 bytes")
	errURLScheme      = errors.New("URL is not an absolute http or https address")
	errURLCredentials = errors.New("URL holds a user name or password")
	errURLHost        = errors.New("URL has no valid host")
	errURLPort        = errors.New("URL has no valid port")
	errURLCharacter   = errors.New("URL holds a control character or a backslash")
	errURLEscape      = errors.New("URL holds a broken percent escape")
)

// CanonicalURL returns the identity of an article as far as its absolute URL
// alone tells, in a form that can still be fetched: an http or https scheme,
// a lower-case host without final dot or default port, no dot segments
// (RFC 3986, section 6.2.2), percent escapes only where needed and in upper
// case, the query without tracking parameters and session ids and sorted by
// key, no fragment, and no mark of an AMP copy.
//
// Credentials, control characters, backslashes, broken escapes in the path and
// addresses over MaxURLLength bytes, before or after, are errors. A host that
// is not ASCII stays in lower-case Unicode: turning it into punycode is for
// the caller. CanonicalURL(CanonicalURL(x)) is CanonicalURL(x).
func CanonicalURL(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > MaxURLLength {
		return "", errURLTooLong
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] < 0x20 || raw[i] == 0x7f {
			return "", errURLCharacter
		}
	}
	scheme, rest, ok := strings.Cut(raw, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "http" && scheme != "https" {
		return "", errURLScheme
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if strings.Contains(rest, `\`) {
		return "", errURLCharacter
	}
	host, err := canonicalAuthority(authority, scheme)
	if err != nil {
		return "", err
	}
	path, err = canonicalPath("/" + path)
	if err != nil {
		return "", err
	}
	out := scheme + "://" + host + path
	if query = canonicalQuery(query); query != "" {
		out += "?" + query
	}
	if len(out) > MaxURLLength {
		return "", errURLTooLong
	}
	return out, nil
}

// canonicalAuthority normalises "host:port" and refuses user information.
func canonicalAuthority(authority, scheme string) (string, error) {
	if strings.Contains(authority, "@") {
		return "", errURLCredentials
	}
	host, port := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", errURLPort
		}
		port = ":" + strconv.FormatUint(n, 10)
		if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
			port = ""
		}
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		if err != nil || !closed || !addr.Is6() || addr.Zone() != "" {
			return "", errURLHost
		}
		return "[" + addr.String() + "]" + port, nil
	}
	host, ok := canonicalHost(host)
	if !ok {
		return "", errURLHost
	}
	return host + port, nil
}

// canonicalHost lower-cases a host name and checks its characters: letters,
// digits, hyphen, underscore and dot. Everything else, a soft hyphen or a
// zero-width space say, would make two names that look like one.
func canonicalHost(host string) (string, bool) {
	if strings.Contains(host, "%") {
		plain, ok := unescapeAll(host)
		if !ok {
			return "", false
		}
		host = plain
	}
	if !utf8.ValidString(host) {
		return "", false
	}
	host = strings.ToLower(strings.ReplaceAll(host, "\u3002", "."))
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 {
		return "", false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" {
			return "", false
		}
		for _, r := range label {
			if r != '-' && r != '_' && !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd) {
				return "", false
			}
		}
	}
	return host, true
}

// canonicalPath normalises the escapes of a path that begins with a slash,
// drops session ids and AMP marks, and resolves dot segments.
func canonicalPath(path string) (string, error) {
	path, ok := normalEscapes(path, false)
	if !ok {
		return "", errURLEscape
	}
	segments := strings.Split(path[1:], "/")
	kept := segments[:0]
	for i, s := range segments {
		s = dropSession(s)
		last := i == len(segments)-1
		switch s {
		case ".":
			s = ""
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
			s = ""
		default:
			kept = append(kept, s)
			continue
		}
		if last {
			kept = append(kept, s)
		}
	}
	return "/" + strings.Join(dropAMP(kept), "/"), nil
}

// dropSession removes a servlet container's ";jsessionid=…" from a segment.
func dropSession(segment string) string {
	for {
		i := strings.Index(strings.ToLower(segment), ";jsessionid=")
		if i < 0 {
			return segment
		}
		end := strings.IndexByte(segment[i+1:], ';')
		if end < 0 {
			return segment[:i]
		}
		segment = segment[:i] + segment[i+1+end:]
	}
}

// dropAMP folds "…/slug/amp", "…/slug/amp/" and "slug.amp.html" into the
// article's own path. A segment before "amp" that does not look like an
// article's (no digit, no hyphen) is left alone: /tag/amp is a tag.
func dropAMP(segments []string) []string {
	for {
		n := len(segments)
		slash := n > 1 && segments[n-1] == ""
		if slash {
			n--
		}
		if n < 2 || segments[n-1] != "amp" || !strings.ContainsAny(segments[n-2], "0123456789-_") {
			break
		}
		segments = segments[:n-1]
		if slash {
			segments = append(segments, "")
		}
	}
	last := len(segments) - 1
	for strings.HasSuffix(segments[last], ".amp.html") && segments[last] != ".amp.html" {
		segments[last] = strings.TrimSuffix(segments[last], ".amp.html") + ".html"
	}
	return segments
}

// canonicalQuery drops what only tracks and sorts the rest by key; parameters
// of one key keep their order, which may carry a meaning.
func canonicalQuery(query string) string {
	type parameter struct{ key, text string }
	var kept []parameter
	for text := range strings.SplitSeq(query, "&") {
		text, _ = normalEscapes(text, true)
		key, value, _ := strings.Cut(text, "=")
		if text == "" || isTracking(strings.ToLower(key), strings.ToLower(value)) {
			continue
		}
		kept = append(kept, parameter{key, text})
	}
	slices.SortStableFunc(kept, func(a, b parameter) int { return strings.Compare(a.key, b.key) })
	var b strings.Builder
	for i, p := range kept {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.text)
	}
	return b.String()
}
