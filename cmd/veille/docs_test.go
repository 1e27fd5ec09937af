package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	yamlBlock  = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	topLevel   = regexp.MustCompile(`(?m)^(\w+):`)
	secretPath = regexp.MustCompile(`(\w+)_file: (/run/secrets/[\w-]+)`)
	usedName   = regexp.MustCompile(`\$\{(\w+)\}`)
)

// TestDocs_EveryExampleChecks completes each YAML example of the manual with what
// it leaves out, and runs `veille check` on it.
func TestDocs_EveryExampleChecks(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v, %v", files, err)
	}
	checked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "scrape_configs") {
				continue // Prometheus' own
			}
			checked++
			dir := t.TempDir()
			path := filepath.Join(dir, "veille.yaml")
			if err := os.WriteFile(path, []byte(completed(t, dir, m[1])), 0o600); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{}
			for _, v := range usedName.FindAllStringSubmatch(m[1], -1) {
				env[v[1]] = exampleSecret(v[1])
			}
			if code, out := veilleIn(t, env, "check", "-c", path, "--data", dir); code != exitDone {
				t.Errorf("%s: exit %d\n%s\n%s", filepath.Base(file), code, m[1], out)
			}
		}
	}
	if checked < 10 {
		t.Errorf("%d examples", checked)
	}
}

// completed adds what an example does not show: the sections around it, its
// secrets and the page that it tries.
func completed(t *testing.T, dir, example string) string {
	t.Helper()
	switch first := strings.TrimSpace(strings.SplitN(example, "\n", 2)[0]); {
	case !strings.HasPrefix(example, "    "):
	case first == "tests:":
		example = "watches:\n  - name: w\n    query: '\"Corée du Nord\" AND Russie'\n    notify: [desk]\n" + example
		page := "<title>T</title><article><h1>Un accord</h1><p>La Corée du Nord et la Russie ont signé.</p></article>"
		if err := os.Mkdir(filepath.Join(dir, "samples"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "samples", "armement.html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	case strings.HasPrefix(first, "query:"):
		example = "watches:\n  - name: w\n" + example + "    notify: [desk]\n"
	default:
		example = "receivers:\n  r:\n" + example
	}
	example = secretPath.ReplaceAllStringFunc(example, func(s string) string {
		m := secretPath.FindStringSubmatch(s)
		path := filepath.Join(dir, m[1]+filepath.Base(m[2]))
		if err := os.WriteFile(path, []byte(exampleSecret(m[1]+m[2])), 0o600); err != nil {
			t.Fatal(err)
		}
		return m[1] + "_file: " + path
	})
	var have []string
	for _, m := range topLevel.FindAllStringSubmatch(example, -1) {
		have = append(have, m[1])
	}
	for key, text := range map[string]string{
		"sources":   "sources: [{ url: https://example.org/world }]\n",
		"receivers": "receivers: { console: { stdout: {} }, desk: { stdout: {} } }\n",
		"concepts":  "concepts: { dprk: [RPDC], russia: [Russie] }\n",
	} {
		if !slices.Contains(have, key) {
			example += text
		}
	}
	return example
}

// exampleSecret is a value that an option takes, by its name.
func exampleSecret(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "url"), strings.Contains(name, "slack_"), strings.Contains(name, "_url"):
		return "https://hooks.example.org/services/x"
	case strings.HasPrefix(name, "secret"), strings.HasSuffix(name, "_secret"):
		return "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	case strings.HasSuffix(name, "/slack"):
		return "xoxb-1-2-abcdefgh"
	case strings.HasSuffix(name, "/telegram"):
		return "1234567890:abcdefghijklmnopqrstuvwxyz"
	}
	return "0123456789abcdef0123456789abcdef"
}
