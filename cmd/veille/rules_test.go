package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veille"
	"veille/monitor/query"
)

func TestRules_StartFromWhatAnEarlierRunCompiled(t *testing.T) {
	dir := t.TempDir()
	watches := make([]veille.Watch, worthKeeping)
	for i := range watches {
		watches[i] = veille.Watch{Name: fmt.Sprint(i), Query: fmt.Sprintf("mot%d AND nom%d", i, i/2)}
	}
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	start := func(watches []veille.Watch) *query.Set {
		t.Helper()
		set, err := restoring(dir, log)(watches, nil)
		if err != nil {
			t.Fatal(err)
		}
		keepRules(dir, set, len(watches), log)
		text := veille.Snapshot{Title: "mot7 nom3"}
		if m, _ := set.Match(text, nil); len(m) != 1 || m[0].Watch != "7" {
			t.Errorf("matches are %v", m)
		}
		return set
	}
	if start(watches).Restored() {
		t.Error("the first start reads what is not there")
	}
	if !start(watches).Restored() {
		t.Errorf("the second start compiles: %s", &said)
	}
	watches[3].Query = "autre"
	if start(watches).Restored() {
		t.Error("another watch-list is taken for the first")
	}
	path := filepath.Join(dir, rulesFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2]++
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if start(watches).Restored() {
		t.Error("a damaged file is used")
	}
	if !start(watches).Restored() {
		t.Error("a damaged file is not replaced")
	}
	start(watches[:10])
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("few watches keep the file: %v", err)
	}
	if strings.Contains(said.String(), "level=WARN") {
		t.Errorf("warnings: %s", &said)
	}
}
