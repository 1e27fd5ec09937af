package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme_ConfigurationChecks runs `veille check` on the README's own YAML.
func TestReadme_ConfigurationChecks(t *testing.T) {
	text := readme(t)
	_, block, ok := strings.Cut(text, "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	if !ok {
		t.Fatal("the README has no YAML")
	}
	path := filepath.Join(t.TempDir(), "veille.yaml")
	if err := os.WriteFile(path, []byte(block), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := veilleIn(t, map[string]string{"SLACK_WEBHOOK_URL": "https://hooks.slack.example/services/T/B/x"}, "check", "-c", path)
	if code != exitDone {
		t.Errorf("veille check: exit %d\n%s", code, out)
	}
}

// TestReadme_CommandsAreThere runs what the README tells a newcomer to type
// that neither watches for ever nor needs a network, and the help of the rest.
func TestReadme_CommandsAreThere(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)(?:go run \\./cmd/veille|\\./veille|^veille) ([a-z]+)([^#\\n&`]*)").FindAllStringSubmatch(readme(t), -1) {
		seen[m[1]] = true
		args := append([]string{m[1]}, strings.Fields(m[2])...)
		switch m[1] {
		case "try":
		case "demo", "run", "init", "check", "notify", "schema", "why", "explain", "fmt", "deliveries", "diff", "backtest":
			args = append(args, "--help")
		default:
			t.Errorf("the README has `veille %s`, which this test does not know", m[1])
			continue
		}
		if code, out := veilleIn(t, nil, args...); code != exitDone {
			t.Errorf("veille %s: exit %d\n%s", strings.Join(args, " "), code, out)
		}
	}
	for _, command := range []string{"demo", "run", "try", "check"} {
		if !seen[command] {
			t.Errorf("the README does not show `veille %s`", command)
		}
	}
}

// TestReadme_TryShowsTheReason runs the README's third command.
func TestReadme_TryShowsTheReason(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	code, out := veilleIn(t, nil, "try", "examples/article.html")
	if code != exitDone || !strings.Contains(out, "✓") || !strings.Contains(out, "«Corée du Nord»") {
		t.Errorf("veille try examples/article.html: exit %d\n%s", code, out)
	}
}

func TestReadme_ShowsAResultByLine15(t *testing.T) {
	lines := strings.Split(readme(t), "\n")
	if len(lines) > 150 {
		t.Errorf("%d lines: a README is not the manual", len(lines))
	}
	if top := strings.Join(lines[:15], "\n"); !strings.Contains(top, "go run ./cmd/veille demo") {
		t.Errorf("no command with a result in the first 15 lines:\n%s", top)
	}
}

func readme(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"README.md", filepath.Join("..", "..", "README.md")} {
		if text, err := os.ReadFile(path); err == nil {
			return string(text)
		}
	}
	t.Fatal("no README.md")
	return ""
}

// veilleIn runs the command line in this process and returns what it printed.
func veilleIn(t *testing.T, env map[string]string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, strings.NewReader(""), &out, &out)
	return code, out.String()
}
