package discover

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelled is a line of the links corpus: a link of a news home page, and
// whether a person took it for a story.
type labelled struct {
	Site  string `json:"site"`
	URL   string `json:"url"`
	Text  string `json:"text"`
	Story bool   `json:"is_story"`
	Base  string `json:"base_guess"`
}

// labels reads links/labels.jsonl below the folder that VEILLE_CORPORA names.
func labels(b *testing.B) []labelled {
	b.Helper()
	root := os.Getenv("VEILLE_CORPORA")
	if root == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(root, "links", "labels.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var all []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			b.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// takes judges a link by its address and its text alone.
func (l labelled) takes() (bool, []string) {
	// The corpus guesses the page's host, and often wrongly: a relative link is
	// the page's own, and where no host is guessed none is another.
	c := newCollector(Page{URL: "https://" + strings.ReplaceAll(l.Site, "_", "-") + ".example/"})
	s := &sectionReader{links: c, index: map[string]int{}}
	link, ok := resolve(c.page, l.URL)
	if !ok {
		return false, nil
	}
	address := splitURL(link)
	if why := s.never(link, address); why != "" {
		return false, []string{why}
	}
	host, _, _ := strings.Cut(address.host, ":")
	x := candidate{url: link, address: address, text: plainText(l.Text),
		offSite: l.Base != "" && strings.Contains(l.URL, "//") && siteOf(host) != siteOf(l.Base)}
	x.score.tell = true
	x.score.address(address)
	x.anchorScore()
	if x.offSite {
		x.score.add(-1, "another site")
	}
	return x.score.sum >= scoreAccept, x.score.why
}

// BenchmarkCorpus_Links scores the links corpus, judging each link by its
// address and its text alone. With -v the mistakes are listed. Without
// VEILLE_CORPORA it has nothing to score.
func BenchmarkCorpus_Links(b *testing.B) {
	all := labels(b)
	var hit, wrong, missed float64
	for b.Loop() {
		hit, wrong, missed = 0, 0, 0
		for _, l := range all {
			taken, _ := l.takes()
			switch {
			case taken && l.Story:
				hit++
			case taken:
				wrong++
			case l.Story:
				missed++
			}
		}
	}
	if len(all) == 0 {
		return
	}
	b.ReportMetric(hit/(hit+wrong), "precision")
	b.ReportMetric(hit/(hit+missed), "recall")
	b.ReportMetric(2*hit/(2*hit+wrong+missed), "F1")
	if testing.Verbose() {
		for _, l := range all {
			if taken, why := l.takes(); taken != l.Story {
				u, _ := url.Parse(l.URL)
				b.Logf("%-14s story=%-5t %s %q %v", l.Site, l.Story, u, l.Text, why)
			}
		}
	}
}
