package query

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"golang.org/x/text/unicode/norm"
)

// stemmers are the languages whose inflections are known, by ISO 639-1 code.
var stemmers = [...]struct {
	language string
	stem     func(*snowballstem.Env) bool
}{
	{"ar", arabic.Stem}, {"de", german.Stem}, {"en", english.Stem}, {"es", spanish.Stem}, {"fr", french.Stem},
	{"it", italian.Stem}, {"nl", dutch.Stem}, {"pt", portuguese.Stem}, {"ru", russian.Stem}, {"sv", swedish.Stem},
}

// baseLanguage returns the first subtag of a language tag (BCP 47).
func baseLanguage(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return strings.ToLower(tag)
}

// languageSalt tells resolved words of one language from those of others.
func languageSalt(language string) uint64 {
	return saltStem * uint64(stemmerOf(language)+2)
}

// stemmerOf returns the index of the stemmer of a language; -1 if the language
// has none, len(stemmers) if it is not known.
func stemmerOf(language string) int {
	if language == "" {
		return len(stemmers)
	}
	base := baseLanguage(language)
	for i := range stemmers {
		if stemmers[i].language == base {
			return i
		}
	}
	return -1
}

// lowered returns a word as the stemmers want it: composed, in small letters,
// without what cannot be seen and without stress marks.
func lowered(word string) string {
	return strings.Map(func(r rune) rune {
		switch folding.atom(r).class() {
		case classDrop, classMark:
			return -1
		}
		if r == 'ё' {
			return 'е'
		}
		return r
	}, strings.ToLower(norm.NFC.String(word)))
}

// singularPT undoes the Portuguese plurals whose vowel changes (eleições,
// alemães, jornais), which Snowball leaves apart from their singular.
func singularPT(word string) string {
	for _, e := range [...][2]string{{"ões", "ão"}, {"ães", "ão"}, {"ais", "al"}} {
		if stem, ok := strings.CutSuffix(word, e[0]); ok && len(stem) > 1 {
			return stem + e[1]
		}
	}
	return word
}

// stemKey is the key of a stem in a language. The stem is compared folded; 0
// stands for one that is no word.
func (s *Set) stemKey(scan *scanner, env *snowballstem.Env, word string, language int) uint64 {
	stem := stemOf(scan, env, word, language)
	if stem == nil {
		return 0
	}
	return hashOf(s.seed, stem) ^ saltStem*uint64(language+1)
}

// stemOf returns the folded stem of a word in a language, nil for one that is
// no word. It is valid until the scanner is used again.
func stemOf(scan *scanner, env *snowballstem.Env, word string, language int) []byte {
	if stemmers[language].language == "pt" {
		word = singularPT(word)
	}
	env.SetCurrent(word)
	stemmers[language].stem(env)
	scan.reset(env.Current())
	if !scan.next() {
		return nil
	}
	return scan.word
}

// inflect files an inflected term under its folded word and under its stem in
// every language.
func (c *compiler) inflect(node uint32, hash uint64, word string) {
	c.inflected = true
	c.stems = c.stems.room()
	c.stems.add(hash^saltInflected, node)
	env := snowballstem.NewEnv("")
	for i := range stemmers {
		if key := c.stemKey(&c.scan, env, word, i); key != 0 {
			c.stems = c.stems.room()
			c.stems.add(key, node)
		}
	}
}

// inflections finds the inflected terms that a word of the text is a form of.
// Where the language is not known a form in any will do.
func (s *Set) inflections(r *reading, word string, add func(uint32)) {
	from := stemmerOf(r.language)
	if from < 0 {
		return
	}
	to := from + 1
	if from == len(stemmers) {
		from, to = 0, from
	}
	word = lowered(word)
	env := snowballstem.NewEnv("")
	for i := from; i < to; i++ {
		if key := s.stemKey(&r.scan, env, word, i); key != 0 {
			s.stems.each(key, func(node uint32) {
				add(node)
			})
		}
	}
}
