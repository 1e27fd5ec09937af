package config

import (
	"strings"
	"testing"
)

// TestLoad_TellsOfLanguagesThatNoPageDeclares: a watch for jp would stay silent
// for ever.
func TestLoad_TellsOfLanguagesThatNoPageDeclares(t *testing.T) {
	const text = `
sources:
  - { url: https://a.example/, language: ua }
watches:
  - { name: w, query: "Kyiv", languages: [ja, jp, xx], notify: [c] }
receivers: { c: { stdout: {} } }
`
	_, err := Parse("veille.yaml", []byte(text), func(string) (string, bool) { return "", false }, Checks{})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`sources[0].language: "ua" is not an ISO 639 code that pages declare; did you mean uk?`,
		`watches[0].languages[1]: "jp" is not an ISO 639 code that pages declare; did you mean ja?`,
		`watches[0].languages[2]: "xx" is not an ISO 639 code; write two or three small letters, such as fr`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}
