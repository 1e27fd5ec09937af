package monitor

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"regexp"
	"strings"
	"unicode"
)

// An edit is a change that a reader would see as one. Two texts are compared
// after steady, which leaves out what varies by itself; two articles are
// copies when their fold is the same, which keeps letters and digits alone.

// relativeTime finds clocks that count up on every load: "il y a 3 minutes",
// "3 hours ago", "vor 5 Minuten", "hace 2 horas", "5분 전", "3分前", "5 минут назад".
var relativeTime = regexp.MustCompile(`(?i)\b(il y a|vor|hace|há) (environ |à peine |etwa |unos |cerca de )?(\d+|une?|einer?|einem|una|uma?) ?(s|sec\w*|min\w*|h|heures?|jours?|stunden?|tage?n?|segundos?|horas?|d[ií]as?|secondes?)\b` +
	`|\b(\d+|an?|one) ?(s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|d) ago\b` +
	`|\d+ ?(초|분|시간|일) ?전|\d+ ?(秒|分|分钟|分鐘|時間|小时|小時|日|天)(钟|鐘)?前|\d+ (секунд\p{L}*|минут\p{L}*|час\p{L}*|дн\p{L}*|день) назад`)

// longestClock is how long a line with a relative time may be to be nothing
// but a clock; in a longer one only the time itself is left out.
const longestClock = 60

// steady returns a text's paragraphs without what is no edit: entities left
// over, kinds of space, quotes, dash and ellipsis, invisible characters,
// relative times.
func steady(text string) []string {
	text = compose(html.UnescapeString(text))
	var paragraphs []string
	for line := range strings.SplitSeq(text, "\n") {
		line = steadyLine(line)
		if hasClock(line) && relativeTime.MatchString(line) {
			if len([]rune(line)) <= longestClock {
				continue
			}
			line = strings.Join(strings.Fields(relativeTime.ReplaceAllString(line, " ")), " ")
		}
		if line != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	return paragraphs
}

// hasClock spares most lines the regular expression: every relative time holds
// one of these.
func hasClock(line string) bool {
	if strings.Contains(line, "전") || strings.Contains(line, "前") {
		return true
	}
	low := strings.ToLower(line)
	return strings.Contains(low, " ago") || strings.Contains(low, "il y a") || strings.Contains(low, "vor ") ||
		strings.Contains(low, "hace ") || strings.Contains(low, "há ") || strings.Contains(low, " назад")
}

func steadyLine(line string) string {
	var b strings.Builder
	b.Grow(len(line))
	space := false
	for _, r := range line {
		switch r {
		case '’', '‘', 'ʼ', '‛', '´', '`', '′':
			r = '\''
		case '“', '”', '„', '‟', '″', '«', '»':
			r = '"'
		case '‐', '‑', '‒', '–', '—', '−':
			r = '-'
		case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff':
			continue
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			// French puts a space inside its quotes and before its high
			// punctuation, and pages waver between the two.
			if !strings.ContainsRune(`";:!?%`, r) && !strings.HasSuffix(b.String(), `"`) {
				b.WriteByte(' ')
			}
			space = false
		}
		if r == '…' {
			b.WriteString("...")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// edited reports whether a reader would see a difference.
func edited(oldTitle, oldBody, title, body string) bool {
	return steadyText(oldTitle) != steadyText(title) || steadyText(oldBody) != steadyText(body)
}

// steadyText joins the paragraphs: where a paragraph ends is layout, no edit.
func steadyText(text string) string { return strings.Join(steady(text), " ") }

// textHash identifies a title and body whatever their case, spacing,
// punctuation and composition; hex SHA-256. The second result counts the
// words, an ideograph or kana being one.
func textHash(title, body string) (string, int) {
	h := sha256.New()
	words := 0
	buf := make([]byte, 0, 64)
	for _, text := range [2]string{title, body} {
		for _, line := range steady(text) {
			inWord := false
			for _, r := range line {
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
					inWord = false
					continue
				}
				if !inWord || ideographic(r) {
					words++
				}
				inWord = true
				buf = append(buf, string(unicode.ToLower(r))...)
				if len(buf) > 48 {
					_, _ = h.Write(buf)
					buf = buf[:0]
				}
			}
		}
		buf = append(buf, 0)
	}
	_, _ = h.Write(buf)
	return hex.EncodeToString(h.Sum(nil)), words
}

func ideographic(r rune) bool {
	return r >= 0x3040 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r))
}

// excerptLimit bounds the summary of an event, in characters.
const excerptLimit = 300

// summary is the description, or else the first sentences of the body.
func summary(description, body string) string {
	text := strings.Join(strings.Fields(description), " ")
	if text == "" {
		first, _, _ := strings.Cut(strings.TrimSpace(body), "\n\n")
		text = strings.Join(strings.Fields(first), " ")
	}
	runes := []rune(text)
	if len(runes) <= excerptLimit {
		return text
	}
	cut := runes[:excerptLimit-1]
	for i := len(cut) - 1; i > excerptLimit/3; i-- {
		if strings.ContainsRune(".!?。！？…", cut[i]) && (ideographic(cut[i-1]) || runes[i+1] == ' ') {
			return string(cut[:i+1])
		}
	}
	for i := len(cut) - 1; i > excerptLimit*2/3; i-- {
		if cut[i] == ' ' {
			cut = cut[:i]
			break
		}
	}
	return strings.TrimRight(string(cut), " ,;:-–") + "…"
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
