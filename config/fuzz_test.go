package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add(Starter())
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 2000 {
			f.Add(data)
		}
	}
	env := environ("COOKIE", "c4n4ry-c4n4ry", "SET", "c4n4ry-c4n4ry", "TOKEN", "c4n4ry-c4n4ry")
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("t.yaml", data, env, testChecks())
		if err == nil {
			if len(c.Sources) == 0 {
				t.Error("accepted without a source")
			}
			return
		}
		if strings.Contains(err.Error(), "c4n4ry") && !strings.Contains(string(data), "c4n4ry") {
			t.Errorf("a value of the environment shows: %v", err)
		}
		if !utf8.Valid(data) {
			return
		}
		lines := strings.Count(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") + strings.Count(string(data), "\r") + 1
		for _, m := range err.(*Errors).Mistakes {
			if m.Line < 1 || m.Line > lines || m.Col < 1 || m.Col > len(data)+1 || m.What == "" {
				t.Errorf("no place: %+v", m)
			}
		}
	})
}

func FuzzExpand(f *testing.F) {
	for _, s := range []string{"${A}", "$${A}", "${A:-b}", "${", "a${A}${B:-}$", "${A:-${B}}"} {
		f.Add(s)
	}
	e := environment{environ("A", "${A}")}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := e.expand(s)
		if err == nil && !strings.Contains(s, "${") && got.text != s {
			t.Errorf("%q became %q", s, got.text)
		}
	})
}

// A byte of a text is found again in the file that the text was read from.
func FuzzLocate(f *testing.F) {
	for _, s := range []string{"a AND b", "'it''s'", `"\"a\" é \u00e9"`, "|\n  a\n   b\n", "|2\n    a\n\n   b\n", "&x a", ">\n a\n b\n"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, offset int) {
		text := newText("t", "", 0, []byte("q: "+s))
		var r report
		if !text.parse(&r) || text.root == nil || text.root.Kind != yaml.MappingNode {
			return
		}
		n := text.root.Content[1]
		if n.Kind != yaml.ScalarNode || offset < 0 || offset >= len(n.Value) {
			return
		}
		at, from, to, ok := text.locate(n, offset)
		if !ok {
			return
		}
		if from > at || at > to || to > len(text.data) {
			t.Fatalf("byte %d of %q: %d ≤ %d ≤ %d", offset, n.Value, from, at, to)
		}
		if c := n.Value[offset]; text.data[at] != c && text.data[at] != '\\' && utf8.RuneStart(c) && c < 0x80 {
			t.Errorf("byte %d of %q is found at %q", offset, n.Value, text.data[at:to])
		}
	})
}
