// Package query is the rule language: it parses what people write, compiles
// all watches into one index, and says which of them an article satisfies,
// where, and why the others are not satisfied. It is pure: no clock, no file,
// no network.
//
// # What is compared
//
// Text and terms are folded alike and cut into words in one pass. Folding
// makes equal what readers take for equal: case in every script; accents of
// Latin, Greek, Cyrillic (й stays itself), Arabic and Hebrew; full and half
// width and other compatibility forms; œ and oe, æ and ae, ß and ss, ø and o,
// ł and l, đ and d; ς and σ; İ, ı and i; the hamza, teh marbuta and alef
// maksura of Arabic, and the Persian forms of yeh and kaf. Soft hyphens,
// zero-width characters and the tatweel do not exist. Everything that is
// neither letter, digit nor mark separates words: spaces of every kind,
// hyphens, apostrophes, punctuation, symbols. So "l’armement" holds the word
// armement, and "nord-coréen" is the phrase nord coréen on both sides.
//
// # Words
//
// A term matches whole words: Russie is not in Biélorussie. A phrase matches
// its words one after the other, whatever separates them. A trailing *
// accepts any ending of the last word.
//
// Han, hiragana, Thai, Lao, Khmer and Burmese are written without spaces, and
// a term matches wherever it is written, also inside a longer run: 京都 is in
// 東京都. A katakana run is taken as one word: a term that begins or ends in
// katakana does so where the run does, so ロシア is in ロシア軍 and not in
// ベロシア. Characters that the term writes together must stand together.
//
// Hangul words end with an attached particle more often than not, so a word of
// two characters or more may be followed by one: 북한 is in 북한은 and 북한의,
// but not in 북한산. Likewise the conjunctions, prepositions and the article
// that Arabic writes before a word: كوريا is in وكوريا and بكوريا; three
// letters of the word remain at least.
//
// ~word accepts the inflections of a word, by the Snowball stemmer of the
// article's language: Arabic, Dutch, English, French, German, Italian,
// Portuguese, Russian, Spanish or Swedish. In other languages the word is taken
// as it is written; where the language is not known, a form in any of them will
// do. ="…" compares the characters as they are written.
//
// # Languages
//
// The language of an article is what its page or source says, else what its
// words speak: the script, then a vote of the commonest words. Where they do not
// tell it is not known, and lang: holds: a miss would be worse than a false
// alert. NOT lang: holds then too.
//
// # Places
//
// The lead is the body's first paragraph, and the following ones until there are
// thirty words. site: is the host of the address, and a domain has those under
// it; tag: is a whole tag of the article's sources.
//
// # How
//
// See docs/decisions/009-own-matching-engine.md. A Set is one index for all
// watches; the time of an article depends little on their number.
package query
