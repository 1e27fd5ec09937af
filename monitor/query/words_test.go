package query

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
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
	for _, fold := range []*folder{{}, newFolder()} {
		for _, c := range cases {
			var got []string
			var s scanner
			s.reset(fold, c.text)
			for s.next() {
				word := string(s.word)
				if s.glued {
					got[len(got)-1] += "+" + word
					continue
				}
				got = append(got, word)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%+q (table %t):\n%s", c.text, fold.bmp != nil, diff)
			}
		}
	}
}

func TestFolder_FoldsEveryCharacterOnceAndForAll(t *testing.T) {
	fold := newFolder()
	words := func(text string) string {
		var b strings.Builder
		for _, w := range wordsOf(fold, text) {
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

func FuzzScanner(f *testing.F) {
	for _, s := range []string{"l’armement 北朝鮮が ｶﾞｽ", "\u1107\u116e\u11a8은", "½²ﷺ\u0301", "\xff\xe2\x82", "и\u0306\u200b\u0301я"} {
		f.Add(s)
	}
	table, plain := newFolder(), &folder{}
	f.Fuzz(func(t *testing.T, text string) {
		words := wordsOf(table, text)
		if diff := cmp.Diff(words, wordsOf(plain, text), cmp.AllowUnexported(termWord{})); diff != "" {
			t.Fatalf("%+q: the table folds differently:\n%s", text, diff)
		}
		end := 0
		for _, w := range words {
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
