package veille_test

import (
	"testing"

	"veille"
)

func TestLanguageCode(t *testing.T) {
	for code, want := range map[string]struct {
		meant string
		ok    bool
	}{
		"fr": {"", true}, "zh": {"", true}, "zu": {"", true}, "aa": {"", true}, "iw": {"", true}, "kmr": {"", true},
		"jp": {"ja", false}, "ua": {"uk", false}, "fra": {"fr", false}, "zho": {"zh", false},
		"xx": {"", false}, "FR": {"", false}, "f": {"", false}, "": {"", false}, "é": {"", false}, "f ": {"", false}, "french": {"", false},
	} {
		if meant, ok := veille.LanguageCode(code); meant != want.meant || ok != want.ok {
			t.Errorf("%q: %q, %v", code, meant, ok)
		}
	}
}
