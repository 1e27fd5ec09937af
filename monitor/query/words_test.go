package query

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

func TestScanner_CutsTextIntoFoldedWords(t *testing.T) {
	cases := []struct{ text, want string }{
		{"L’armement nord-coréen, c’est-à-dire…", "l armement nord coreen c est a dire"},
		{"Œuvre ÆON Straße Łódź Đà Ǿ", "oeuvre aeon strasse lodz da o"},
		{"İstanbul DIYARBAKIR ısı", "istanbul diyarbakir isi"},
		{"ΣΊΣΥΦΟΣ σίσυφος ᾳ", "σισυφοσ σισυφοσ α"},
		{"Ёлка Йод йод", "елка йод йод"},
		{"が か\u3099 ｶﾞ カ\u3099 ﾊﾟ", "が が ガ ガ パ"},
		{"東京都", "東+京+都"},
		{"NATO加盟2023年", "nato+加+盟+2023+年"},
		{"한국\u1112\u1161\u11ab국", "한국한국"},
		{"أإآٱا ة ى ی ک ﻻ", "ااااا ه ي ي ك لا"},
		{"½ km² Ⅷ ①", "1 2 km 2 viii 1"},
		{"ﬁn ﷺ", "fin صلي الله عليه وسلم"},
		{"a\u00adb c\u200bd e\u2060f كـا", "ab cd ef كا"},
		{"Apple™ R&D C++ a_b", "apple r d c a b"},
		{"a\xffb \xe2\x82", "a b"},
		{"รัก กา", "ร+ั+ก ก+า"},
		{"ओ३म् क़", "ओ३म् क़"},
		{"\u0301a\u0301\u0301 \u0301", "a"},
	}
	for _, c := range cases {
		var got []string
		var s scanner
		s.reset(c.text)
		for s.next() {
			word := string(s.word)
			if s.glued {
				got[len(got)-1] += "+" + word
				continue
			}
			got = append(got, word)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%+q:\n%s", c.text, diff)
		}
	}
}

func TestFolder_FoldsEveryCharacterOnceAndForAll(t *testing.T) {
	words := func(text string) string {
		var b strings.Builder
		for _, w := range wordsOf(text) {
			b.WriteString(w.text + " ")
		}
		return b.String()
	}
	for r := range rune(utf8.MaxRune + 1) {
		if r >= 0x20000 && r < 0xe0000 && r%97 != 0 {
			continue // ideographs and nothing
		}
		once := words("x" + string(r) + "x")
		if twice := words(once); twice != once {
			t.Errorf("%U folds to %+q, and that to %+q", r, once, twice)
		}
	}
}

func TestVoiced_ComposesKanaAsUnicodeDoes(t *testing.T) {
	for kana := rune(0x3040); kana < 0x3100; kana++ {
		for mark := rune(0x3099); mark <= 0x309a; mark++ {
			want := []rune(norm.NFC.String(string([]rune{kana, mark})))
			got := []rune{compose(kana, mark)}
			if got[0] == 0 {
				got = []rune{kana, mark}
			}
			if string(got) != string(want) {
				t.Errorf("%c with %U is %q, want %q", kana, mark, string(got), string(want))
			}
		}
	}
}

// FuzzCutter holds the fast reading of a text against the plain one.
func FuzzCutter(f *testing.F) {
	for _, s := range []string{"l’armement 北朝鮮が ｶﾞｽ", "\u1107\u116e\u11a8은", "½²ﷺ\u0301", "\xff\xe2\x82", "и\u0306\u200b\u0301я"} {
		f.Add(s)
	}
	c := newCutter(5)
	f.Fuzz(func(t *testing.T, text string) {
		words := wordsOf(text)
		var scan scanner
		tokens := c.cut(nil, text, &scan)
		if len(tokens) != len(words) {
			t.Fatalf("%+q: %d tokens, %d words", text, len(tokens), len(words))
		}
		end := 0
		for i, w := range words {
			if x := tokens[i]; x.hash != hashOf(5, w.text) || int(x.start) != w.start || int(x.end) != w.end || x.kind != w.kind || x.glued != w.glued {
				t.Fatalf("%+q: token %+v, word %+v", text, x, w)
			}
			if w.text == "" || !utf8.ValidString(w.text) || w.start < 0 || w.end > len(text) || w.start >= w.end {
				t.Fatalf("%+q: bad word %+v", text, w)
			}
			// Only the characters that stand for several words share a place.
			if w.start < end && text[w.start:w.end] != text[w.start:end] && utf8.RuneCountInString(text[w.start:end]) != 1 {
				t.Fatalf("%+q: %+v begins before %d", text, w, end)
			}
			end = w.end
		}
	})
}
