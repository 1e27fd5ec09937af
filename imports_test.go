package veille_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// walls says, for each package, which packages of this module and which
// modules of others its non-test files may import. A foreign module stands in
// one row only, but for golang.org/x, which is the standard library's annex.
var walls = map[string][]string{
	"veille":                  {},
	"veille/config":           {"veille", "go.yaml.in/yaml/v3", "github.com/fsnotify/fsnotify"},
	"veille/crawler":          {"veille", "veille/crawler/charset", "veille/crawler/extract", "veille/crawler/discover", "github.com/gocolly/colly/v2", "code.dny.dev/ssrf", "golang.org/x/net"},
	"veille/crawler/calendar": {},
	"veille/crawler/charset":  {"golang.org/x/net", "golang.org/x/text"},
	"veille/crawler/discover": {"veille", "veille/crawler/calendar", "veille/crawler/charset", "golang.org/x/net"},
	"veille/crawler/extract":  {"veille", "veille/crawler/calendar", "veille/crawler/charset", "golang.org/x/net", "golang.org/x/text", "github.com/andybalholm/cascadia", "codeberg.org/readeck/go-readability/v2"},
	"veille/crash":            {},
	"veille/demo":             {},
	"veille/monitor":          {"veille", "veille/monitor/edit", "veille/monitor/health", "veille/monitor/story", "github.com/robfig/cron/v3"},
	"veille/monitor/backtest": {"veille"},
	"veille/monitor/edit":     {"veille"},
	"veille/monitor/health":   {"veille"},
	"veille/monitor/query":    {"veille", "golang.org/x/text", "github.com/blevesearch/snowballstem"},
	"veille/monitor/story":    {"veille"},
	"veille/notify":           {"veille", "github.com/rivo/uniseg", "github.com/wneessen/go-mail"},
	"veille/store/bolt":       {"veille", "go.etcd.io/bbolt", "github.com/klauspost/compress", "golang.org/x/sys"},
	"veille/store/search":     {},
	"veille/store/storetest":  {"veille", "github.com/google/go-cmp"},
	"veille/store/warc":       {"veille"},
	"veille/trace":            {"veille", "go.opentelemetry.io/otel"},
	"veille/web":              {"veille", "veille/web/access", "github.com/prometheus/client_golang"},
	"veille/web/access":       {"veille"},
	"veille/why":              {"veille"},
}

// TestImports_KeepTheWalls holds who may import whom. cmd/veille knows
// everybody, and so is not in the table.
func TestImports_KeepTheWalls(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for decoder.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, "veille/cmd/") {
			continue
		}
		allowed, ok := walls[p.ImportPath]
		if !ok {
			t.Errorf("%s: a package without walls: add it to the table", p.ImportPath)
			continue
		}
		for _, path := range p.Imports {
			if standard(path) {
				continue
			}
			if !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, path) }) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
		}
	}
}

func TestWalls_GiveEachLibraryOnePackage(t *testing.T) {
	home := map[string]string{}
	for pkg, allowed := range walls {
		for _, a := range allowed {
			if strings.HasPrefix(a, "veille") || strings.HasPrefix(a, "golang.org/x/") || strings.HasPrefix(pkg, "veille/store/storetest") {
				continue
			}
			if other, ok := home[a]; ok {
				t.Errorf("%s and %s both import %s", pkg, other, a)
			}
			home[a] = pkg
		}
	}
}

// standard tells a package of the standard library by its path.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != "veille" && !strings.Contains(first, ".")
}

// covers reports whether an entry of the table allows a path: a package of
// this module exactly, a foreign module with all its packages.
func covers(allowed, path string) bool {
	if path == allowed {
		return true
	}
	return !strings.HasPrefix(allowed, "veille") && strings.HasPrefix(path, allowed+"/")
}
