package edit

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEdited_TellsEditsFromNoise(t *testing.T) {
	for _, c := range []struct {
		name, was, is string
		want          bool
	}{
		{"spaces", "a  b\u00a0c", "a b c\u202f", false},
		{"quotes and dashes", "l’an – « mille »", "l'an - \"mille\"", false},
		{"entities", "Q&amp;A &eacute;", "Q&A é", false},
		{"composition", "Core\u0301e 한국", "Corée 한국", false},
		{"soft hyphen", "mis\u00adsile", "missile", false},
		{"ellipsis", "fin…", "fin...", false},
		{"clock line", "un\n\nIl y a 3 minutes", "un\n\nIl y a 2 heures", false},
		{"english clock", "Updated 3 hours ago\n\nun", "Updated 4 hours ago\n\nun", false},
		{"korean clock", "3분 전\n본문", "15분 전\n본문", false},
		{"paragraphs", "un\n\ndeux", "un\ndeux", false},
		{"one letter", "missile", "missiles", true},
		{"one digit", "3 morts", "4 morts", true},
		{"case", "onu", "ONU", true},
		{"full stop", "fin", "fin.", true},
		{"accent", "ou", "où", true},
		{"history is no clock", "La guerre a éclaté il y a 3 ans dans le pays", "La guerre a éclaté il y a 4 ans dans le pays", true},
	} {
		if got := !Same("", c.was, "", c.is); got != c.want {
			t.Errorf("%s: edited = %v\n%q\n%q", c.name, got, Steady(c.was), Steady(c.is))
		}
	}
}

func TestTextHash_IgnoresFormAndKeepsText(t *testing.T) {
	a, n := TextHash("Titre", "Un « deux » trois.")
	b, _ := TextHash("TITRE ", "un \"deux\" — trois")
	if a != b || n != 4 {
		t.Errorf("forms of one text differ, or %d words", n)
	}
	if c, _ := TextHash("Titre", "Un deux quatre"); c == a {
		t.Error("two texts share a hash")
	}
	if x, _ := TextHash("ab", "c"); x == func() string { h, _ := TextHash("a", "bc"); return h }() {
		t.Error("title and body run together")
	}
	if _, n := TextHash("", "北朝鮮"); n != 3 {
		t.Errorf("%d ideographs", n)
	}
}

func TestSummary_EndsAtASentence(t *testing.T) {
	if got := Summary("  Une   description. ", "corps"); got != "Une description." {
		t.Errorf("%q", got)
	}
	first := "Première phrase de cet article, assez longue pour compter un peu plus de cent caractères dans le résumé de l'alerte."
	long := first + " " + strings.Repeat("La suite ne tient plus ", 20) + "."
	if got := Summary("", long+"\n\nautre"); got != first {
		t.Errorf("%q", got)
	}
	got := Summary("", strings.Repeat("mot ", 200))
	if n := utf8.RuneCountInString(got); n > excerptLimit || !strings.HasSuffix(got, "mot…") {
		t.Errorf("%d characters: %q", n, got)
	}
}

func FuzzSteady(f *testing.F) {
	f.Add("Il y a 3 minutes\n\nCore\u0301e «x»")
	f.Fuzz(func(t *testing.T, text string) {
		once := SteadyText(text)
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Errorf("invalid UTF-8 from %q", text)
		}
		TextHash(text, text)
		if n := utf8.RuneCountInString(Summary("", text)); n > excerptLimit {
			t.Errorf("summary of %d characters", n)
		}
	})
}
