package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"veille"
)

const whole = `
schedule: "@every 5m"
timezone: Europe/Paris
language: fr
lookback: 2d
contact: mailto:ops@example.org
sources:
  - name: yonhap-nk
    url: https://fr.yna.co.kr/nk/index
    schedule: "@every 2m"
    timezone: Asia/Seoul
    language: fr
    tags: [korea]
    links: { include: ['/view/A[A-Z]{2}\d+'], exclude: ['/photo/'] }
    select: { title: h1.tit, body: article.story, published: time }
    headers: { Cookie: "${COOKIE}" }
    recheck: [15m, 1h30m, 2d]
  - url: http://127.0.0.1:8080/feed
    allow_private: true
    recheck: []
concepts:
  dprk: [Corée du Nord, RPDC]
watches:
  - name: Armes
    query: '@dprk AND arme*'
    sources: [yonhap-*, tag:korea]
    languages: [fr, no]
    on: [published, withdrawn]
    in: added
    only: title
    min_change: 5
    severity: high
    labels: { desk: asia }
    notify: [desk, severity, "label:desk", "severity:critical"]
  - name: Mots
    all: [NO, 007, 2023-09-14, 1e3, on, 0x1F, "12:30"]
    notify: [desk, hook]
receivers:
  hook: { webhook: { url: https://example.org/hook, secret: s3cr3t } }
  desk: { slack: { url: "${SLACK:-https://hooks.slack.com/services/a}" }, digest: { every: 1h, max: 5, above: 0 }, rate: 20/1m }
  asia: { stdout: {}, labels: { desk: asia }, quiet: { from: 22:00, to: "7:30", timezone: Asia/Seoul } }
  ops: { stdout: {} }
  pager: { stdout: {}, severity: [high, critical], digest: { at: "0 7 * * *" } }
crawl: { spacing: 500ms, parallel: 4, timeout: 1m, max_body: 2MB }
http: { listen: off }
store: { bolt: { max_size: 2GiB } }
retain: { articles: 2w, deliveries: 1d }
`

func TestParse_ReadsTheWholeGrammar(t *testing.T) {
	got := parse(t, whole, "COOKIE", "k=v")
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Schedule: "@every 5m", TimeZone: "Europe/Paris", Language: "fr", Lookback: 48 * time.Hour, Contact: "mailto:ops@example.org",
		Sources: []veille.Source{
			{
				Name: "yonhap-nk", URL: "https://fr.yna.co.kr/nk/index", Schedule: "@every 2m", TimeZone: "Asia/Seoul", Language: "fr", Tags: []string{"korea"},
				Links:   veille.LinkFilter{Include: []*regexp.Regexp{regexp.MustCompile(`/view/A[A-Z]{2}\d+`)}, Exclude: []*regexp.Regexp{regexp.MustCompile(`/photo/`)}},
				Select:  veille.Selectors{Title: "h1.tit", Body: "article.story", Published: "time"},
				Headers: map[string]veille.Secret{"Cookie": veille.NewSecret("k=v")},
				Recheck: []time.Duration{15 * time.Minute, 90 * time.Minute, 48 * time.Hour},
			},
			{Name: "127.0.0.1-feed-kudopz", URL: "http://127.0.0.1:8080/feed", Schedule: "@every 5m", TimeZone: "Europe/Paris", AllowPrivate: true, Recheck: []time.Duration{}},
		},
		Concepts: map[string][]string{"dprk": {"Corée du Nord", "RPDC"}},
		Watches: []veille.Watch{
			{
				Name: "Armes", Query: "@dprk AND arme*", Sources: []string{"yonhap-*", "tag:korea"}, Languages: []string{"fr", "no"},
				On:    []veille.EventType{veille.ArticlePublished, veille.ArticleWithdrawn},
				Added: true, OnlyTitle: true, MinChange: 5, Severity: "high", Labels: map[string]string{"desk": "asia"},
				Notify: []string{"desk", "pager", "asia"},
			},
			{
				Name: "Mots", List: veille.Clause{All: items("NO", "007", "2023-09-14", "1e3", "on", "0x1F", "12:30")},
				On: []veille.EventType{veille.ArticlePublished, veille.ArticleEdited}, Notify: []string{"desk", "hook"},
			},
		},
		Receivers: []veille.Receiver{
			{
				Name: "asia", Kind: "stdout", Options: &stdoutOptions{}, Digest: veille.DigestRule{Max: 20, TimeZone: "Europe/Paris"},
				Quiet: veille.Quiet{From: 22 * time.Hour, To: 7*time.Hour + 30*time.Minute, Zone: seoul}, Labels: map[string]string{"desk": "asia"},
			},
			{
				Name: "desk", Kind: "slack", Options: &slackOptions{URL: veille.NewSecret("https://hooks.slack.com/services/a")},
				Digest: veille.DigestRule{Every: time.Hour, Max: 5, TimeZone: "Europe/Paris"}, Rate: veille.Rate{Count: 20, Per: time.Minute},
			},
			{
				Name: "hook", Kind: "webhook", Options: &webhookOptions{URL: "https://example.org/hook", Secret: veille.NewSecret("s3cr3t"), Tries: 3},
				Digest: veille.DigestRule{Max: 20, TimeZone: "Europe/Paris"},
			},
			{Name: "ops", Kind: "stdout", Options: &stdoutOptions{}, Digest: veille.DigestRule{Max: 20, TimeZone: "Europe/Paris"}},
			{
				Name: "pager", Kind: "stdout", Options: &stdoutOptions{}, Digest: veille.DigestRule{At: "0 7 * * *", Max: 20, TimeZone: "Europe/Paris"},
				Severities: []string{"high", "critical"},
			},
		},
		Health: []string{"ops"},
		Crawl:  Crawl{Spacing: 500 * time.Millisecond, Timeout: time.Minute, Parallel: 4, MaxBody: 2_000_000},
		Store:  Store{Bolt{2 << 30}},
		Retain: Retain{Articles: 14 * day, Deliveries: day},
	}
	secrets := cmp.Comparer(func(a, b veille.Secret) bool { return a.Reveal() == b.Reveal() })
	expressions := cmp.Comparer(func(a, b *regexp.Regexp) bool { return a.String() == b.String() })
	zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if d := cmp.Diff(want, got, secrets, expressions, zones, cmpopts.IgnoreFields(Config{}, "Inputs")); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestParse_FillsInDefaults(t *testing.T) {
	c := parse(t, oneSource)
	want := Config{
		Schedule: "*/10 * * * *", TimeZone: "UTC", Lookback: day,
		Crawl: Crawl{time.Second, 30 * time.Second, 32, 8 << 20}, HTTP: HTTP{Listen: "127.0.0.1:8080"}, Retain: Retain{90 * day, 30 * day, 0},
	}
	got := Config{Schedule: c.Schedule, TimeZone: c.TimeZone, Lookback: c.Lookback, Crawl: c.Crawl, HTTP: c.HTTP, Retain: c.Retain}
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Inputs{}, veille.Secret{})); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff(defaultRecheck(), c.Sources[0].Recheck); d != "" {
		t.Errorf("recheck -want +got:\n%s", d)
	}
}

func TestParse_ReadsOtherWaysToWriteYAML(t *testing.T) {
	want := "a AND b"
	for name, query := range map[string]string{
		"plain": "a AND b", "single": "'a AND b'", "double": `"a AND b"`, "comment behind quotes": "'a AND b' # why",
		"two lines": "a\n      AND b", "literal": "|-\n      a AND b", "folded": ">-\n      a\n      AND b", "byte order mark": "a AND b",
	} {
		t.Run(name, func(t *testing.T) {
			yaml := "watches:\n  - name: w\n    query: " + query + "\n    notify: [c]\nreceivers: { c: { stdout: {} } }\n" + oneSource
			if name == "byte order mark" {
				yaml = "\ufeff" + yaml
			}
			if got := parse(t, yaml).Watches[0].Query; got != want {
				t.Errorf("query %q", got)
			}
		})
	}
	c := parse(t, "watches:\n  - &w { name: w, all: &l [x, y], notify: [c] }\n  - { name: v, all: *l, notify: [c] }\nreceivers: { c: { stdout: {} } }\n"+oneSource)
	if d := cmp.Diff(items("x", "y"), c.Watches[1].List.All); d != "" {
		t.Errorf("alias -want +got:\n%s", d)
	}
}

func TestLoad_ReadsIncludesAndSecretFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("veille.yaml", "include: ['desks/*.yaml', '*.yaml', more.yaml]\n"+oneSource)
	write("more.yaml", "receivers:\n  desk: { slack: { url_file: secrets/slack } }\n")
	write("desks/a.yaml", "concepts: { c: [x] }\nwatches:\n  - { name: a, query: '@c', sources: [b.*], notify: [desk] }\n")
	write("desks/b.yaml", "sources:\n  - url: https://b.example/\n")
	write("desks/.#c.yaml", "broken: [\n")
	write("secrets/slack", "https://hooks.slack.com/services/x\r\n")
	c, err := Load(filepath.Join(dir, "veille.yaml"), nil, testChecks())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sources) != 2 || len(c.Watches) != 1 || len(c.Receivers) != 1 || len(c.Concepts) != 1 {
		t.Errorf("%d sources, %d watches, %d receivers, %d concepts", len(c.Sources), len(c.Watches), len(c.Receivers), len(c.Concepts))
	}
	if got := c.Receivers[0].Options.(*slackOptions).URL.Reveal(); got != "https://hooks.slack.com/services/x" {
		t.Errorf("secret %q", got)
	}
	var names []string
	for _, f := range c.Files {
		rel, _ := filepath.Rel(dir, f)
		names = append(names, filepath.ToSlash(rel))
	}
	want := []string{"veille.yaml", "desks/a.yaml", "desks/b.yaml", "more.yaml", "secrets/slack"}
	if d := cmp.Diff(want, names, cmpopts.SortSlices(strings.Compare)); d != "" {
		t.Errorf("files -want +got:\n%s", d)
	}
}

func TestLoad_TellsAMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "veille.yaml"), nil, testChecks())
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestLoad_RefusesAHugeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "veille.yaml")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, nil, testChecks()); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error %v", err)
	}
}

func TestParse_ReadsNoOtherFile(t *testing.T) {
	got := refused(t, "include: [/etc/passwd]\nreceivers:\n  d: { slack: { url_file: /etc/passwd } }\n"+oneSource)
	want := "t.yaml:1:10: include: other files cannot be included from here\n" +
		"t.yaml:3:27: receivers.d.slack.url_file: other files cannot be read from here"
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}

func TestParse_JudgesTheDefaultScheduleForTheSourcesThatInheritIt(t *testing.T) {
	checks := testChecks()
	checks.Schedule = func(expr, _ string, private bool) error {
		if expr == "@every 1s" && !private {
			return errors.New("too often")
		}
		return nil
	}
	private := "schedule: '@every 1s'\nsources:\n  - { url: 'http://127.0.0.1/', allow_private: true }\n"
	if _, err := Parse("t.yaml", []byte(private), nil, checks); err != nil {
		t.Errorf("private sources only: %v", err)
	}
	if _, err := Parse("t.yaml", []byte(private+"  - url: https://a.example/\n"), nil, checks); err == nil {
		t.Error("a public source may inherit it")
	}
}

func TestParse_NamesSourcesAfterTheirURL(t *testing.T) {
	for url, want := range map[string]string{
		"https://fr.yna.co.kr/nk/index":            "fr.yna.co.kr-nk-index",
		"https://www.example.org/":                 "example.org",
		"https://example.org":                      "example.org",
		"https://example.org/rss.xml":              "example.org-rss.xml",
		"https://example.org/?page=1":              "example.org-sn7uli",
		"https://example.org/?page=2":              "example.org-vodxgv",
		"http://example.org/":                      "example.org-pan4at",
		"https://example.org/A":                    "example.org-a-w6ymmp",
		"https://例え.jp/ニュース":                       "例え.jp-ニュース",
		"https://e.org/" + strings.Repeat("x", 80): "e.org-" + strings.Repeat("x", 54) + "-onalou",
	} {
		c := parse(t, "sources:\n  - url: "+url+"\n")
		if got := c.Sources[0].Name; got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

func TestParse_LoadsTenThousandSources(t *testing.T) {
	var b strings.Builder
	b.WriteString("sources:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  - { url: 'https://host%d.example/news/%d', tags: [t%d], schedule: '*/5 * * * *' }\n", i, i, i%100)
	}
	b.WriteString("receivers: { c: { stdout: {} } }\nwatches:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  - { name: w%d, query: 'a AND b', sources: [host%d.*, 'tag:t%d'], notify: [c] }\n", i, i, i%100)
	}
	start := time.Now()
	c := parse(t, b.String())
	t.Logf("%d bytes in %v", b.Len(), time.Since(start))
	if len(c.Sources) != 10_000 || len(c.Watches) != 1000 {
		t.Errorf("%d sources, %d watches", len(c.Sources), len(c.Watches))
	}
}

// items makes the members of a list from words and phrases.
func items(words ...string) []veille.Clause {
	out := make([]veille.Clause, len(words))
	for i, w := range words {
		out[i].Item = w
	}
	return out
}
