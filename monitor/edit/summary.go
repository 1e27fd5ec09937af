package edit

import "strings"

// excerptLimit bounds the summary of an event, in characters.
const excerptLimit = 300

// Summary is the description, or else the first sentences of the body.
func Summary(description, body string) string {
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
