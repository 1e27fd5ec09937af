package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"veille"
)

// TestRunbook_NamesEveryEventMetricAndLogLine holds docs/operating.md to what
// the program says.
func TestRunbook_NamesEveryEventMetricAndLogLine(t *testing.T) {
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	book := string(text)
	for _, e := range veille.EventTypes() {
		if !strings.Contains(book, "`"+string(e)+"`") {
			t.Errorf("event %s is not in docs/operating.md", e)
		}
	}
	metric := regexp.MustCompile(`"(veille_[a-z_]+_(?:total|seconds|bytes|[a-z]+))"`)
	line := regexp.MustCompile(`[lL]og\.(?:Warn|Error)\("([^"]+)"`)
	// Cookies are no metrics.
	cookies := map[string]bool{"veille_session": true, "veille_lang": true}
	metrics, lines := 0, 0
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range metric.FindAllStringSubmatch(string(source), -1) {
			if metrics++; !cookies[m[1]] && !strings.Contains(book, m[1]) {
				t.Errorf("%s: metric %s is not in docs/operating.md", path, m[1])
			}
		}
		for _, m := range line.FindAllStringSubmatch(string(source), -1) {
			if lines++; !strings.Contains(book, m[1]) {
				t.Errorf("%s: log line %q is not in docs/operating.md", path, m[1])
			}
		}
		return nil
	})
	if err != nil || metrics < 30 || lines < 30 {
		t.Errorf("looked at %d metrics and %d log lines: %v", metrics, lines, err)
	}
}
