package why

import (
	"fmt"

	"veille"
)

// Language is that of an explanation's sentences: English, but for "fr". What
// other packages say in fixed phrases is put into it by french.go; what people,
// pages and servers said stays as it is.
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

// known puts what the store, the reading or the rules say in a fixed phrase into
// the language. A phrase that is not known stays English.
func (in Language) known(phrase string) string {
	if in != "fr" {
		return phrase
	}
	return french(phrase)
}

// each is known of every phrase.
func (in Language) each(list []string) []string {
	out := make([]string, len(list))
	for i, phrase := range list {
		out[i] = in.known(phrase)
	}
	return out
}

// failed says why a page could not be had: in French what its kind means, and
// then what was said.
func (in Language) failed(kind veille.FetchErrorKind, text string) string {
	known := in.known("failure " + string(kind))
	if in != "fr" || known == "failure "+string(kind) {
		return in.known(text)
	}
	return known + " (" + text + ")"
}
