package notify

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"veille"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		strings.Repeat(" ", 2) + "a\t\n b\r\nBcc: x\n": "a b Bcc: x",
		"\x1b[2J\u009b31m\x00x":                        "[2J31mx",
		"\u202egnp.exe":                                "gnp.exe",
		"«\u00a0oui\u202f»":                            "«\u00a0oui\u202f»",
		"نامه\u200cها":                                 "نامه\u200cها",
		"👩\u200d👧":                                     "👩\u200d👧",
		"a\xffb":                                       "a\ufffdb",
		"z" + strings.Repeat("\u0301", 99):             "z" + strings.Repeat("\u0301", maxMarks),
		"line\u2028sep":                                "line sep",
		"soft\u00adhyphen\ufeff":                       "softhyphen",
		"\U000e0041tag\ufff9":                          "tag",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFit_CutsBetweenGraphemesAndEntities(t *testing.T) {
	for _, tc := range []struct {
		in    string
		limit int
		want  string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdefg", 6, "abcde…"},
		{"a&b", 7, "a&amp;b"},
		{"a&bc", 7, "a&amp;…"},
		{"a&bc", 6, "a…"},
		{"ab👨‍👩‍👧cd", 9, "ab…"},
		{"ab👨‍👩‍👧cd", 12, "ab👨‍👩‍👧cd"},
		{"ab cd", 4, "ab…"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"", 0, ""},
	} {
		if got := fit(tc.in, tc.limit, mrkdwnEscape, units); got != tc.want {
			t.Errorf("%q in %d: %q, want %q", tc.in, tc.limit, got, tc.want)
		}
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, h := range hostile {
		f.Add(h, 40)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = min(max(limit, 0), 4000)
		cleaned := clean(s)
		got := slackPlain(cleaned, limit)
		if units(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("%d units of %d: %q", units(got), limit, got)
		}
		if strings.Contains(got, "*") {
			t.Fatalf("a star is left: %q", got)
		}
		checkMrkdwn(t, got)
		m := veille.Match{Excerpt: s, Terms: []veille.Term{{Text: s}, {Text: "a"}}}
		bold, _ := slackDialect().write(excerptRuns(m), limit)
		if units(bold) > limit {
			t.Fatalf("excerpt of %d units, want %d: %q", units(bold), limit, bold)
		}
		checkMrkdwn(t, bold)
	})
}

func FuzzCut(f *testing.F) {
	for _, h := range hostile {
		f.Add(h, 10)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = min(max(limit, 0), 4000)
		got := cutBytes(s, limit)
		if len(got) > limit {
			t.Fatalf("%d bytes of %d", len(got), limit)
		}
		prefix := strings.TrimSuffix(got, ellipsis)
		if len(s) > limit && prefix != "" && utf8.ValidString(s) {
			whole := uniseg.GraphemeClusterCount(s)
			if !strings.HasPrefix(s, prefix) || uniseg.GraphemeClusterCount(prefix)+uniseg.GraphemeClusterCount(s[len(prefix):]) < whole {
				t.Fatalf("%q is not a prefix of whole graphemes of %q", prefix, s)
			}
		}
	})
}

func FuzzLink(f *testing.F) {
	for _, s := range []string{"https://a/b|c", "javascript:1", "http://u:p@h/", "https://h/ <x>", "//h", "https://h/\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := link(s)
		if strings.ContainsAny(got, "|<> \n\"`") || got != "" && !strings.HasPrefix(strings.ToLower(got), "http") {
			t.Fatalf("link(%q) = %q", s, got)
		}
		for i := range len(got) {
			if got[i] < '!' || got[i] > '~' {
				t.Fatalf("byte %q in %q", got[i], got)
			}
		}
	})
}

// An alert without markup is read, copied and opened: its address must be the
// article's to the letter, in every receiver that writes one.
func TestVoice_WritesTheAddressAsItIs(t *testing.T) {
	e := Example(veille.ArticlePublished)
	e.Article.URL = "https://fr.example.org/nk/2023/@desk/a~b?id=1&x=#top"
	v := voice{words: wordsOf("")}
	for name, text := range map[string]string{
		"alert":  v.compose(plainDialect(byteLen), v.page(e), 3000),
		"digest": v.compose(plainDialect(byteLen), v.page(veille.Event{Type: veille.Digest, Time: e.Time, Events: []veille.Event{e, e}}), 3000),
	} {
		if !strings.Contains(text, e.Article.URL) {
			t.Errorf("%s: the address is not there whole: %q", name, text)
		}
	}
	v.template, _ = parseTemplate("{{with .Article}}{{link .URL .Title}}{{end}}", plainDialect(byteLen))
	if text, ok := v.render(plainDialect(byteLen), e, 3000); !ok || !strings.HasSuffix(text, " "+e.Article.URL) {
		t.Errorf("template: %t, %q", ok, text)
	}
}

func TestStdout_Golden(t *testing.T) {
	var plain, color, french bytes.Buffer
	for _, typ := range veille.EventTypes() {
		d := veille.Delivery{Event: Example(typ)}
		plain.WriteString((&stdout{voice: testVoice()}).consoleText(d))
		color.WriteString((&stdout{voice: testVoice(), color: true}).consoleText(d))
		french.WriteString((&stdout{voice: Voice{Language: "fr"}.in(consoleDialect(false), Env{Zone: time.FixedZone("CET", 3600)})}).consoleText(d))
	}
	golden(t, "stdout-fr.txt", french.Bytes())
	golden(t, "stdout.txt", plain.Bytes())
	golden(t, "stdout-color.txt", color.Bytes())
}

func TestStdout_JSONIsOneInertLineAnEvent(t *testing.T) {
	var out bytes.Buffer
	n, err := stdoutKind(newTurnstile()).Build("console", &StdoutOptions{Format: "json"}, Env{Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range events() {
		if weight(e) > 1<<20 {
			continue // what is large is bounded where events are made
		}
		out.Reset()
		if _, err := n.Notify(t.Context(), veille.Delivery{Event: e}); err != nil {
			t.Fatal(err)
		}
		if strings.Count(out.String(), "\n") != 1 || !strings.HasSuffix(out.String(), "\n") {
			t.Errorf("%s: not one line", name)
		}
		checkPlain(t, strings.TrimSuffix(out.String(), "\n"))
		before, _ := marshal(e)
		if diff := cmp.Diff(decode(t, before), decode(t, out.Bytes())); diff != "" {
			t.Errorf("%s: the escapes changed the event: %.300s", name, diff)
		}
	}
}

func stdoutSample() sample {
	return sample{
		kind:    "stdout",
		options: func(string) veille.ReceiverOptions { return &StdoutOptions{Format: "text"} },
		bad: []veille.ReceiverOptions{
			&StdoutOptions{Format: "xml"}, &StdoutOptions{Format: "json", Voice: Voice{Template: "x"}},
			&StdoutOptions{Voice: Voice{Template: "{{.Nobody}}"}}, &StdoutOptions{Voice: Voice{Template: "{{if}"}},
			&StdoutOptions{Voice: Voice{Template: "{{.Article.Title}}"}},
		},
		check: func(t *testing.T, _ veille.Event, payload []byte) {
			checkPlain(t, strings.ReplaceAll(string(payload), "\n", " "))
		},
	}
}
