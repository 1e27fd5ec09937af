package veille

import (
	"encoding/json"
	"fmt"
	"testing"
)

// BenchmarkSite_LearnFromAPage is what an article costs the store: its site is
// read, taught and written.
func BenchmarkSite_LearnFromAPage(b *testing.B) {
	var s Site
	page := func(n int) Observation {
		o := Observation{URL: fmt.Sprintf("https://example.org/section-%c/a-story-of-number-%d", 'a'+n%26, 10000+n), Article: true, Suffix: "Example", Container: "div.story"}
		for p := range 30 {
			o.Paragraphs = append(o.Paragraphs, HashText(fmt.Sprint(n, p)))
		}
		return o
	}
	for n := range 200 {
		s.Learn(page(n))
	}
	record, err := json.Marshal(s)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(record)))
	for n := 0; b.Loop(); n++ {
		var site Site
		if err := json.Unmarshal(record, &site); err != nil {
			b.Fatal(err)
		}
		site.Learn(page(1000 + n))
		if _, err := json.Marshal(site); err != nil {
			b.Fatal(err)
		}
	}
}
