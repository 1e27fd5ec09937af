package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"veille"
)

// readings is where the fixtures' readings are kept: the name of the reading
// (veille.Reading), then a line a page with the digest of what it says.
const readings = "testdata/readings.txt"

// TestReading_IsNamedAnewWhenAPageReadsOtherwise: a release that reads stored
// pages otherwise without another name would tell its own change as an edit.
func TestReading_IsNamedAnewWhenAPageReadsOtherwise(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil {
		t.Fatal(err)
	}
	name, now := veille.Reading(veille.Selectors{}), map[string]string{}
	for _, path := range pages {
		url, body := fixture(t, path)
		now[filepath.Base(path)] = compared(t, read(t, url, body))
	}
	before, then := storedReadings(t)
	for page, digest := range then {
		if got, ok := now[page]; ok && got != digest && name == before {
			t.Errorf("%s is read otherwise: raise readingRules in reading.go, then run this test with -update", page)
		}
	}
	if t.Failed() {
		return
	}
	if *update {
		var b strings.Builder
		fmt.Fprintln(&b, name)
		for _, page := range slices.Sorted(maps.Keys(now)) {
			fmt.Fprintln(&b, page, now[page])
		}
		if err := os.WriteFile(readings, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if name != before || !maps.Equal(now, then) {
		t.Errorf("%s is of reading %s, and not of these pages read by %s: run this test with -update", readings, before, name)
	}
}

func storedReadings(t *testing.T) (name string, pages map[string]string) {
	t.Helper()
	b, err := os.ReadFile(readings)
	if err != nil {
		t.Fatal(err)
	}
	name, rest, _ := strings.Cut(string(b), "\n")
	pages = map[string]string{}
	for line := range strings.Lines(rest) {
		page, digest, _ := strings.Cut(strings.TrimSpace(line), " ")
		pages[page] = digest
	}
	return name, pages
}

// compared is the digest of what makes an edit, another article or a
// withdrawal where it differs between two readings of one page.
func compared(t *testing.T, s veille.Snapshot) string {
	t.Helper()
	b, err := json.Marshal([]any{s.Canonical, s.Title, s.Description, s.Body, s.Authors, s.Published, s.Image, s.Kind, s.Live})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
