package notify

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"veille"
)

// testVoice speaks English, in UTC.
func testVoice() voice { return voice{words: wordsOf("")} }

// activeText is what services act on in text without any markup.
var activeText = []*regexp.Regexp{
	regexp.MustCompile(`[@#$~][\p{Lu}\p{Ll}\p{Lo}\p{Nd}_]`),      // mentions, tags, channels
	regexp.MustCompile(`:[\p{L}_+-][\p{L}\p{Nd}_+-]*:`),          // emoji
	regexp.MustCompile(`\p{L}[\p{L}\d+.-]*:[^ \p{Nd}\x{200b}…]`), // schemes of addresses
	regexp.MustCompile(`[\p{L}\p{Nd}]\.[\p{Lu}\p{Ll}\p{Lo}]`),    // domains
	regexp.MustCompile(`(^|[^\p{L}\p{Nd}/\x{200b}])/[A-Za-z]`),   // commands
}

// checkInert fails for visible text in which something would act.
func checkInert(t *testing.T, visible string) {
	t.Helper()
	for row := range strings.SplitSeq(visible, "\n") {
		checkPlain(t, row)
		for _, active := range activeText {
			if m := active.FindString(row); m != "" {
				t.Fatalf("%q acts in %.300q", m, row)
			}
		}
	}
}

// withoutURLs takes away the addresses that an event may show, in plain text.
func withoutURLs(e veille.Event, s string) string {
	var urls []string
	for _, one := range append([]veille.Event{e}, e.Events...) {
		if one.Article != nil && link(one.Article.URL) != "" {
			urls = append(urls, link(one.Article.URL))
		}
	}
	// One may begin as another does.
	slices.SortFunc(urls, func(a, b string) int { return len(b) - len(a) })
	for _, u := range urls {
		s = strings.ReplaceAll(s, u, "")
	}
	return s
}

// readMarkdown takes our own bold, strike and links out of Markdown, fails for
// anything else that is active, and returns what is seen.
func readMarkdown(t *testing.T, s string) string {
	t.Helper()
	s = markdownLink.ReplaceAllString(s, "$1")
	var seen strings.Builder
	start := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && s[i+1] < 0x80 && unicode.IsPunct(rune(s[i+1])) || c == '\\' && i+1 < len(s) && strings.IndexByte("`~|<>+=$^", s[i+1]) >= 0:
			i++
			seen.WriteByte(s[i])
		case strings.HasPrefix(s[i:], "**"), strings.HasPrefix(s[i:], "~~"):
			i++
			continue
		case strings.IndexByte("\\`*_[]()~|<>", c) >= 0:
			t.Fatalf("%q is active in %.300q", c, s[max(0, i-30):])
		case start && strings.IndexByte("#>-+=", c) >= 0:
			t.Fatalf("a line begins with %q in %.300q", c, s)
		default:
			seen.WriteByte(c)
		}
		start = c == '\n'
	}
	return seen.String()
}

var markdownLink = regexp.MustCompile(`\[((?:[^\[\]\\]|\\.)*)\]\(https?://[^()\s*~]+\)`)

// readHTML fails for HTML that is broken or holds more than the tags named and
// links to http addresses, and returns what is seen.
func readHTML(t *testing.T, s string, tags ...string) string {
	t.Helper()
	var seen strings.Builder
	var open []string
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Fatalf("tags %q stay open in %.300q", open, s)
			}
			return seen.String()
		case html.TextToken:
			raw := string(z.Raw())
			if strings.ContainsAny(raw, "<>") {
				t.Fatalf("markup in the text %.300q", raw)
			}
			seen.WriteString(html.UnescapeString(raw))
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if tok.Data == "br" {
				seen.WriteByte('\n')
				continue
			}
			if !contains(tags, tok.Data) {
				t.Fatalf("tag %q in %.300q", tok, s)
			}
			for _, a := range tok.Attr {
				if a.Key != "href" && a.Key != "style" && a.Key != "lang" || a.Key == "href" && !strings.HasPrefix(strings.ToLower(a.Val), "http") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Fatalf("attribute %q=%q", a.Key, a.Val)
				}
			}
			open = append(open, tok.Data)
		case html.EndTagToken:
			tok := z.Token()
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("%q closes nothing in %.300q", tok, s)
			}
			open = open[:len(open)-1]
			if tok.Data == "p" || tok.Data == "li" || tok.Data == "h1" {
				seen.WriteByte('\n')
			}
		default:
			t.Fatalf("%q in %.300q", z.Raw(), s)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
