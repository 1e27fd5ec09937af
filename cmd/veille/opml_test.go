package main

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/config"
)

const subscriptions = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="2.0"><head><title>x</title></head><body>
 <outline text="Asie &amp; Pacifique">
  <outline text="Yonhap ${HOME} 'fr'" type="rss" xmlUrl="https://fr.yna.co.kr/RSS/nk.xml" category="/asie/corée,dépêches"/>
  <outline text="Yonhap ${HOME} 'fr'" xmlUrl="https://fr.yna.co.kr/RSS/other.xml"/>
  <outline text="again" xmlUrl="https://fr.yna.co.kr/RSS/nk.xml"/>
 </outline>
 <outline title="tag:/*?[]\" text="x" xmlUrl="http://example.org/feed?a=1&amp;b=2"/>
 <outline text="local" xmlUrl="file:///etc/passwd"/>
 <outline text="mine" xmlUrl="https://me:secret@example.org/"/>
</body></opml>`

func TestReadOPML_MakesSourcesThatTheConfigurationTakes(t *testing.T) {
	sources, skipped, err := readOPML(strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(subscriptions, "é", "\xe9"), "ê", "\xea")))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"local", "mine"}, skipped); d != "" {
		t.Errorf("skipped (-want +got):\n%s", d)
	}
	conf, err := config.Parse("opml", []byte(sourcesYAML(sources)), nil, checks())
	if err != nil {
		t.Fatalf("%v\n%s", err, sourcesYAML(sources))
	}
	var got []string
	for _, s := range conf.Sources {
		got = append(got, s.Name+" | "+s.URL+" | "+strings.Join(s.Tags, ", "))
	}
	want := []string{
		"Yonhap ${HOME} 'fr' | https://fr.yna.co.kr/RSS/nk.xml | Asie-&-Pacifique, asie-corée, dépêches",
		"Yonhap ${HOME} 'fr' 2 | https://fr.yna.co.kr/RSS/other.xml | Asie-&-Pacifique",
		"example.org | http://example.org/feed?a=1&b=2 | ",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	// What is written is read again.
	var b bytes.Buffer
	if err := writeOPML(&b, conf.Sources); err != nil {
		t.Fatal(err)
	}
	again, _, err := readOPML(&b)
	if err != nil || len(again) != 3 || again[0].Name != conf.Sources[0].Name || again[2].URL != conf.Sources[2].URL {
		t.Errorf("read again: %+v %v", again, err)
	}
}

func FuzzReadOPML(f *testing.F) {
	f.Add([]byte(subscriptions))
	f.Add([]byte("<opml><body>" + strings.Repeat("<outline text='a'>", 40)))
	f.Add([]byte(`<opml><body><outline xmlUrl="http://[::1%25]/"/></body></opml>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		sources, _, err := readOPML(bytes.NewReader(data))
		if err != nil || len(sources) == 0 {
			return
		}
		_, err = config.Parse("opml", []byte(sourcesYAML(sources)), nil, config.Checks{})
		if err != nil && !strings.Contains(err.Error(), ".url: ") { // addresses that are refused have their own words
			t.Errorf("%v\n%s", err, sourcesYAML(sources))
		}
	})
}

// Case 87 of the list of bad inputs.
func TestWriteCSV_RunsNoFormula(t *testing.T) {
	lang := "fr"
	titles := []string{`=HYPERLINK("http://evil")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1", "\u3000=1", "plain, \"quoted\"\nand long", "%0A=1", "|calc"}
	var events []veille.Event
	for _, title := range titles {
		events = append(events, veille.Event{ID: "evt_1", Type: veille.ArticlePublished, Time: time.Unix(0, 0), Watches: []string{"=w"},
			Article: &veille.EventArticle{Title: title, URL: "https://example.org/", Source: "-s", Language: &lang},
			Matches: []veille.Match{{Excerpt: "=1", Terms: []veille.Term{{Text: "@t"}}}}})
	}
	var b bytes.Buffer
	if err := writeCSV(&b, events); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != len(titles)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		for _, cell := range row {
			if trimmed := strings.TrimLeft(cell, " \u3000"); trimmed != "" && strings.ContainsRune("=+-@\t\r＝", []rune(trimmed)[0]) {
				t.Errorf("row %d: a cell %q", i, cell)
			}
		}
	}
	if rows[1][4] != `'=HYPERLINK("http://evil")` || rows[10][4] != titles[9] {
		t.Errorf("titles %q and %q", rows[1][4], rows[10][4])
	}
}
