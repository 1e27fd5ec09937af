package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExamples_NameMetricsThatExist holds the alert rules, the Grafana
// dashboard and the manual against the names in the code.
func TestExamples_NameMetricsThatExist(t *testing.T) {
	written := regexp.MustCompile(`"(veille_[a-z_]+)"`)
	known := map[string]bool{}
	if err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range written.FindAllStringSubmatch(string(source), -1) {
			known[m[1]] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`\bveille_[a-z_]+`)
	for _, file := range []string{"../../examples/prometheus-alerts.yml", "../../examples/prometheus-alerts_test.yml", "../../examples/grafana-dashboard.json", "../../docs/operating.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := used.FindAllString(string(text), -1)
		if len(names) < 5 {
			t.Errorf("%s: %d metrics", file, len(names))
		}
		for _, name := range names {
			plain := name
			for _, suffix := range []string{"_bucket", "_count", "_sum"} {
				plain = strings.TrimSuffix(plain, suffix)
			}
			if !known[name] && !known[plain] && name != "veille_" {
				t.Errorf("%s: no metric %s", file, name)
			}
		}
	}
}
