package why

import "fmt"

// Language is that of an explanation's sentences: English, but for "fr". What
// is quoted from the store or the configuration stays as it is.
type Language string

// say fills the sentence of the language. Both stand where they are said, so
// that neither is forgotten.
func (in Language) say(en, fr string, args ...any) string {
	if in == "fr" {
		en = fr
	}
	if len(args) == 0 {
		return en
	}
	return fmt.Sprintf(en, args...)
}

// known translates what the store and the rules say in a fixed phrase.
func (in Language) known(phrase string) string {
	for _, known := range [...][2]string{
		{"listed before the source was watched", "montré avant que la source soit surveillée"},
		{"on the first poll, without a date of publication", "au premier relevé, sans date de publication"},
		{"published before the lookback", "publié avant lookback"},
		{"copy", "copie"}, {"excerpt", "extrait"}, {"update", "mise à jour"},
		{"not in title or body", "ni dans le titre ni dans le corps"},
		{"not in title", "pas dans le titre"},
		{"not in body", "pas dans le corps"},
		{"none of them is in title or body", "aucun n'est dans le titre ni dans le corps"},
		{"none of its words is in title or body", "aucun de ses mots n'est dans le titre ni dans le corps"},
		{"no alternative holds", "aucune des possibilités n'est remplie"},
		{"excluded: it matches", "exclu : il correspond"},
	} {
		if phrase == known[0] {
			return in.say(known[0], known[1])
		}
	}
	return phrase
}
