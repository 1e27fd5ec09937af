package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"veille"
)

// upgradeAt is the address that the fixture's store knows. Other systems than
// Linux have only one loopback address, whose ports others may hold.
const upgradeAt = "127.77.13.5:18765"

// gazetteSite is the site of the fixture some time later: every page has other
// bytes, and there is one article more.
type gazetteSite struct {
	mu   sync.Mutex
	told []string
}

func (s *gazetteSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		var e veille.Event
		if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told = append(s.told, fmt.Sprintf("%s %s %s", r.URL.Path, e.Type, e.Article.Title))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	from := strings.Replace(name, "pont.html", "port.html", 1)
	page, err := os.ReadFile(filepath.Join("testdata/upgrade/site", filepath.Base(from)))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	switch name {
	case "index.html":
		page = bytes.Replace(page, []byte("<main>"), []byte(`<main><h2><a href="/pont.html">Un pont relie désormais Rason et Vladivostok</a></h2>`), 1)
	case "pont.html":
		page = bytes.ReplaceAll(page, []byte("Rason et Vladivostok signent un accord portuaire"), []byte("Un pont relie désormais Rason et Vladivostok"))
		page = bytes.Replace(page, []byte("</article>"), []byte("<p>Le pont, long de neuf cents mètres, a été ouvert mercredi aux camions et aux autocars, en présence des deux gouverneurs et d'une fanfare militaire.</p><p>Six postes de douane neufs attendent les voyageurs sur chacune des rives du fleuve.</p></article>"), 1)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(append(page, "<!-- rendered anew -->"...))
}

// TestOnce_GoesOnWithTheStoreOfTheReleaseBefore: what that store holds is kept,
// what waits is delivered, nothing is told twice, and what this release reads
// otherwise is no edit.
func TestOnce_GoesOnWithTheStoreOfTheReleaseBefore(t *testing.T) {
	data := t.TempDir()
	packed, err := os.Open("testdata/upgrade/store.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	store, err := io.ReadAll(z)
	if err == nil {
		err = os.WriteFile(storePath(data), store, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", upgradeAt)
	if err != nil {
		t.Fatal(err)
	}
	site := &gazetteSite{}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: site}} //nolint:gosec // loopback
	server.Start()
	t.Cleanup(server.Close)
	do := func(args ...string) string {
		return command(t, append(args, "-c", "testdata/upgrade/veille.yaml", "--data", data)...)
	}
	url := "http://" + upgradeAt

	before := do("articles", "--json")
	if n := strings.Count(before, "\n"); n != 3 {
		t.Fatalf("%d articles:\n%s", n, before)
	}
	do("once")
	slices.Sort(site.told)
	want := []string{
		"/desk article.published Un pont relie désormais Rason et Vladivostok",
		"/late article.published La Corée du Nord et la Russie rouvrent une ligne de train",
		"/late article.published Rason et Vladivostok signent un accord portuaire",
		"/late article.published Un pont relie désormais Rason et Vladivostok",
	}
	if !slices.Equal(site.told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(site.told, "\n"), strings.Join(want, "\n"))
	}
	if n := strings.Count(do("articles", "--json"), "\n"); n != 4 {
		t.Errorf("%d articles", n)
	}
	if list := do("deliveries", "list"); strings.Count(list, " sent ") != 6 || strings.Contains(list, "pending") {
		t.Errorf("deliveries:\n%s", list)
	}
	for page, parts := range map[string][]string{
		"/lu.html":   {"told       article.published", "revision 2: body", "told as no edit", "late: sent"},
		"/port.html": {"told       article.published", "desk: sent", "late: sent"},
		"/riz.html":  {"as revision 1", "✗ Corée du Nord et Russie"},
	} {
		why := do("why", url+page)
		for _, part := range parts {
			if !strings.Contains(why, part) {
				t.Errorf("why %s does not say %q:\n%s", page, part, why)
			}
		}
		if page != "/lu.html" && strings.Contains(why, "revision 2") {
			t.Errorf("%s has changed:\n%s", page, why)
		}
	}
}
