package monitor

import (
	"fmt"
	"testing"
	"time"

	"veille"
)

func TestMonitor_ReadsOnWhereAPageShowsNothingKnown(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		pages := []string{section, section + "?page=2", section + "?page=3", section + "?page=4", section + "?page=5"}
		n.web.publish(section, view(1), "first", body("a"), time.Now())
		n.start()
		n.after(10 * time.Minute)
		n.web.with(func() {
			for i, url := range pages {
				n.web.listings[url] = &veille.Listing{Kind: veille.KindSection}
				if i+1 < len(pages) {
					n.web.listings[url].Next = pages[i+1]
				}
			}
		})
		now := time.Now()
		for i := range 5 {
			n.web.publish(pages[0], view(10+i), fmt.Sprint("new on page 1, ", i), body(fmt.Sprint("n", i)), now)
			n.web.publish(pages[1], view(20+i), fmt.Sprint("old on page 2, ", i), body(fmt.Sprint("o", i)), now.Add(-99*time.Hour))
		}
		n.web.publish(pages[1], view(30), "new on page 2", body("z"), now)
		n.web.publish(pages[1], view(31), "undated on page 2", body("y"), time.Time{})
		n.web.publish(pages[2], view(32), "new on page 3", body("x"), now)
		n.web.with(func() { n.web.link(pages[2], veille.Outlink{URL: view(1)}) })
		n.web.publish(pages[3], view(33), "behind a known one", body("w"), now)
		n.after(15 * time.Minute)
		if got := n.told(); len(got) != 1+5+2 {
			t.Errorf("told %v", got)
		}
		for i, want := range []bool{true, true, true, false} {
			if got := len(n.polls(pages[i])) > 0; got != want {
				t.Errorf("page %d was read: %v", i+1, got)
			}
		}
		for _, i := range []int{20, 31} {
			if a := n.article(view(i)); a.Silent == "" {
				t.Errorf("%s does not say why it is silent", a.Snapshot.Title)
			}
		}
		second := len(n.polls(pages[1]))
		n.web.publish(pages[0], view(40), "later", body("q"), time.Now())
		n.after(30 * time.Minute)
		if got := len(n.polls(pages[1])); got != second {
			t.Errorf("page 2 was read again beside known links: %d times", got-second)
		}
		n.halt()
	})
}

func TestMonitor_ReadsThreeFurtherPagesAtMostAndNoneAtFirst(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		pages := []string{section}
		for i := 2; i < 9; i++ {
			pages = append(pages, fmt.Sprintf("%s?page=%d", section, i))
		}
		fill := func(from int) {
			for i, url := range pages {
				n.web.publish(url, view(from+i), fmt.Sprint("story ", from+i), body(fmt.Sprint(from+i)), time.Now())
				n.web.with(func() { n.web.listings[url].Next = pages[(i+1)%len(pages)] })
			}
		}
		fill(100)
		n.start()
		n.after(10 * time.Minute)
		if got := len(n.polls(pages[1])); got != 0 {
			t.Errorf("a first poll read %d further pages", got)
		}
		n.web.with(func() { clear(n.web.listings) })
		fill(200)
		n.after(11 * time.Minute)
		for i, url := range pages[1:] {
			if got, want := len(n.polls(url)) > 0, i < 3; got != want {
				t.Errorf("page %d was read: %v", i+2, got)
			}
		}
		n.halt()
	})
}

func TestMonitor_LosesNothingWhereAFurtherPageFails(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		second := "https://pages.example/2"
		n.web.publish(section, view(1), "first", body("a"), time.Now())
		n.start()
		n.after(10 * time.Minute)
		// Page 2 is on a host of its own here, so that it alone can be down.
		burst := func(from int) {
			n.web.with(func() {
				n.web.listings[section] = &veille.Listing{Kind: veille.KindSection, Next: second}
				n.web.listings[second] = &veille.Listing{Kind: veille.KindSection}
				n.web.down["pages.example"] = &veille.FetchError{Kind: veille.FetchTimeout, URL: second}
			})
			n.web.publish(section, view(from), fmt.Sprint("page 1, ", from), body(fmt.Sprint(from)), time.Now())
			n.web.publish(second, view(from+1), fmt.Sprint("page 2, ", from), body(fmt.Sprint(from+1)), time.Now())
		}
		burst(10)
		n.after(6 * time.Minute)
		if s := n.state("nk"); s.Fails == 0 || s.ErrorKind != veille.FetchTimeout {
			t.Errorf("a poll without its second page is no success: %+v", s)
		}
		n.web.with(func() { clear(n.web.down) })
		n.after(10 * time.Minute)
		if got := n.told(); len(got) != 3 {
			t.Errorf("told %v", got)
		}
		// One that stays away holds nothing back for long.
		burst(20)
		n.after(30 * time.Minute)
		if got := n.told(); len(got) != 4 || n.state("nk").Fails != 0 {
			t.Errorf("told %v with %d failures", got, n.state("nk").Fails)
		}
		n.halt()
	})
}

func TestLessons_AreBounded(t *testing.T) {
	var l lessons
	l.add(veille.Observation{URL: "https://a.example/1"})
	for i := range 1000 {
		l.add(veille.Observation{Site: "a.example", URL: fmt.Sprint("https://a.example/", i)})
	}
	if len(l.wait) > mostLessons {
		t.Errorf("%d wait", len(l.wait))
	}
	taken := l.take()
	if len(taken) != lessonsAPoll || len(l.wait) > mostLessons-lessonsAPoll {
		t.Errorf("took %d, left %d", len(taken), len(l.wait))
	}
}

func TestTaught_ACopyTeachesNoParagraphs(t *testing.T) {
	snap := veille.Snapshot{Learned: veille.Observation{Site: "a.example", Article: true, Paragraphs: []uint64{1}}}
	if o := taught(snap, true); len(o) != 1 || o[0].Paragraphs != nil {
		t.Errorf("copy: %+v", o)
	}
	if o := taught(snap, false); len(o) != 1 || len(o[0].Paragraphs) != 1 {
		t.Errorf("first: %+v", o)
	}
	if o := taught(veille.Snapshot{}, false); o != nil {
		t.Errorf("nothing to learn: %+v", o)
	}
}

func TestMonitor_TakesNoLessonForAnEdit(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.start()
		n.after(11 * time.Minute)
		const about = "The Daily has told the news of the coast since the great storm."
		n.web.publish(section, view(1), "Dam bursts - The Daily", body("flood")+"\n\n"+about, time.Now())
		n.after(11 * time.Minute)
		before := n.article(view(1))
		n.web.edit(view(1), func(p *page) {
			p.snap.Title, p.snap.Body = "Dam bursts", body("flood")
			p.snap.Omitted = veille.Omitted{Suffix: " - The Daily", Paragraphs: []veille.OmittedParagraph{{Before: 99, Text: about}}}
			p.snap.Description = "the bytes differ"
		})
		n.after(26 * time.Hour)
		if a := n.article(view(1)); a.Revision != 1 || a.Snapshot.Title != before.Snapshot.Title || !a.CheckedAt.After(before.CheckedAt) {
			t.Errorf("revision %d, %q, checked %v", a.Revision, a.Snapshot.Title, a.CheckedAt)
		}
		n.halt()
	})
}
