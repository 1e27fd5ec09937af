package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"veille"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func expectTold(t *testing.T, n *newsroom, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, n.told()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func view(i int) string { return fmt.Sprintf("https://news.example/view/%d", i) }

func TestMonitor_FirstPollAlertsOnlyWithinTheLookback(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		now := time.Now()
		n.web.publish(section, view(1), "old", body("a"), now.Add(-48*time.Hour))
		n.web.publish(section, view(2), "recent", body("b"), now.Add(-2*time.Hour))
		n.web.publish(section, view(3), "undated", body("c"), time.Time{})
		n.web.publish(section, view(4), "listed as old", body("d"), time.Time{})
		n.web.listings[section].Outlinks[0].Published = now.Add(-48 * time.Hour)
		n.start()
		n.after(2 * time.Minute)
		expectTold(t, n, "published recent [dprk] r1")
		if got := len(n.visits(view(4))); got != 0 {
			t.Errorf("an outlink dated before the lookback was visited %d times", got)
		}
		a := n.article(view(3))
		if a.Silent == "" {
			t.Error("the undated article does not say why it was silent")
		}
		n.web.publish(section, view(5), "new and undated", body("e"), time.Time{})
		n.web.publish(section, view(6), "new and old", body("f"), now.Add(-999*time.Hour))
		n.after(10 * time.Minute)
		if got := len(n.told()); got != 3 {
			t.Errorf("after the baseline: %v", n.told())
		}
		n.halt()
	})
}

func TestMonitor_AlertsWithinASecondOfThePoll(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "first", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(2), "breaking", body("b"), time.Time{})
		polls := len(n.polls(section))
		for len(n.polls(section)) == polls {
			n.after(100 * time.Millisecond)
		}
		n.after(500 * time.Millisecond)
		expectTold(t, n, "published breaking [dprk] r1")
		e := n.events()[0]
		if e.Article.Authors == nil || e.Article.Published != nil || *e.Article.Language != "fr" || e.Story.Outlets != 1 {
			t.Errorf("event: %+v", e.Article)
		}
		if d := n.store.deliveries; len(d) != 1 || d[0].Receiver != "desk" || d[0].State != veille.DeliveryPending {
			t.Errorf("deliveries: %+v", d)
		}
		n.halt()
	})
}

func TestMonitor_ARestartNeitherRepeatsNorForgets(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "backlog", body("a"), time.Time{})
		n.start()
		n.after(7 * time.Minute)
		n.halt()
		n.web.publish(section, view(2), "while down", body("b"), time.Time{})
		n.after(72 * time.Hour)
		before := len(n.polls(section))
		n.start()
		n.after(5 * time.Second)
		if got := len(n.polls(section)) - before; got != 1 {
			t.Errorf("%d polls to catch up, want 1", got)
		}
		n.after(30 * time.Minute)
		expectTold(t, n, "published while down [dprk] r1")
		n.halt()
	})
}

func TestMonitor_UnchangedPollsAreBatchedAndKeepTheirSchedule(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources = nil
		for i := range 20 {
			u := fmt.Sprintf("https://h%d.example/", i)
			n.plan.Sources = append(n.plan.Sources, veille.Source{Name: fmt.Sprint("s", i), URL: u, Schedule: "*/10 * * * *"})
			n.web.publish(u, u+"a", "x", body(u), time.Time{})
		}
		n.start()
		n.after(24 * time.Hour)
		n.halt()
		total := 0
		for u, times := range n.web.polls {
			if n := len(times); n < 144 || n > 146 {
				t.Errorf("%s: %d polls in a day", u, n)
			}
			total += len(times)
		}
		if got := n.store.commits["CommitPoll"]; got != 20 {
			t.Errorf("%d poll commits for %d polls, want 20", got, total)
		}
		if got := n.store.commits["SaveSources"]; got > total {
			t.Errorf("%d state commits for %d polls", got, total)
		}
		if n.web.overlaps > 0 {
			t.Errorf("%d requests overlapped on one host", n.web.overlaps)
		}
	})
}

func TestMonitor_SkipsTicksWhileAPollRuns(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources[0].Schedule = "@every 10s"
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.web.slow["news.example"] = 25 * time.Second
		n.start()
		n.after(10 * time.Minute)
		n.halt()
		if n.web.overlaps > 0 {
			t.Errorf("%d polls overlapped", n.web.overlaps)
		}
		if n.m.counts.skipped.Load() == 0 {
			t.Error("no tick was counted as skipped")
		}
	})
}

func TestMonitor_ASlowHostDelaysNoOther(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources = append(n.plan.Sources, veille.Source{Name: "slow", URL: "https://slow.example/", Schedule: "@every 5m"})
		for i := range 1500 {
			n.web.publish("https://slow.example/", fmt.Sprintf("https://slow.example/%d", i), "s", "x", time.Time{})
		}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.with(func() { n.web.slow["slow.example"] = 30 * time.Second })
		for i := 2000; i < 3500; i++ {
			n.web.publish("https://slow.example/", fmt.Sprintf("https://slow.example/%d", i), "s", "x", time.Time{})
		}
		n.after(6 * time.Minute)
		n.web.publish(section, view(2), "quick", body("b"), time.Time{})
		n.after(5*time.Minute + time.Second)
		expectTold(t, n, "published quick [dprk] r1")
		n.halt()
		if len(n.m.lanes.held) > 2*laneRoom {
			t.Errorf("%d visits in memory", len(n.m.lanes.held))
		}
	})
}

func TestMonitor_AHostWithEndlessVisitsHidesNoOther(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources = append(n.plan.Sources, veille.Source{Name: "slow", URL: "https://slow.example/", Schedule: "@every 12h"})
		n.web.slow["slow.example"] = 30 * time.Second
		n.loadMost = 4 * loadBatch
		for i := range n.loadMost + 100 {
			u := fmt.Sprintf("https://slow.example/%d", i)
			n.store.visits[u] = veille.Visit{URL: u, Source: "slow", Seen: time.Now(), Due: time.Now().Add(-time.Hour)}
		}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(2 * time.Minute)
		n.web.publish(section, view(2), "quick", body("b"), time.Time{})
		n.after(5*time.Minute + 10*time.Second)
		expectTold(t, n, "published quick [dprk] r1")
		n.halt()
	})
}

func TestMonitor_BacksOffAndHonoursRetryAfter(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.with(func() {
			n.web.down["news.example"] = &veille.FetchError{Kind: veille.FetchServer, Status: 503, URL: section}
			n.web.polls = map[string][]time.Time{}
		})
		n.after(12 * time.Hour)
		if got := len(n.polls(section)); got < 14 || got > 25 {
			t.Errorf("%d polls in 12 hours of failure", got)
		}
		s := n.state("nk")
		if s.ErrorKind != veille.FetchServer || s.Fails == 0 || time.Until(s.NotBefore) > time.Hour {
			t.Errorf("state: %+v", s)
		}
		n.web.with(func() { n.web.down = map[string]error{} })
		n.web.publish(section, view(2), "after", body("b"), time.Time{})
		n.after(2 * time.Hour)
		expectTold(t, n, "published after [dprk] r1")
		if s := n.state("nk"); s.Fails != 0 || s.Error != "" {
			t.Errorf("state after recovery: %+v", s)
		}
		until := time.Now().Add(3 * time.Hour)
		n.web.with(func() {
			n.web.down["news.example"] = &veille.FetchError{Kind: veille.FetchThrottled, Status: 429, URL: section, RetryAfter: until}
			n.web.polls = map[string][]time.Time{}
		})
		n.after(3*time.Hour - time.Minute)
		if got := len(n.polls(section)); got != 1 {
			t.Errorf("%d polls before Retry-After", got)
		}
		n.after(2 * time.Minute)
		if got := len(n.polls(section)); got != 2 {
			t.Errorf("%d polls after Retry-After", got)
		}
		n.halt()
	})
}

func TestMonitor_ARedesignFiresNoBacklog(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		for i := range 12 {
			n.web.publish(section, view(i), "before", body(fmt.Sprint("b", i)), time.Time{})
		}
		n.start()
		n.after(time.Hour)
		now := time.Now()
		n.web.with(func() { n.web.listings[section].Outlinks = nil })
		for i := 100; i < 115; i++ {
			n.web.publish(section, view(i), "dated before", body(fmt.Sprint("r", i)), now.Add(-90*24*time.Hour))
		}
		// Moved articles: the same text under new links, without a date.
		for i := range 5 {
			n.web.publish(section, view(200+i), "before", body(fmt.Sprint("b", i)), time.Time{})
		}
		n.web.publish(section, view(300), "fresh", body("z"), now)
		n.after(time.Hour)
		expectTold(t, n, "published fresh [dprk] r1")
		n.halt()
	})
}

func TestMonitor_ASecondOutletsCopyJoinsTheStory(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		other := "https://copy.example/"
		n.plan.Sources = append(n.plan.Sources, veille.Source{Name: "copy", URL: other, Schedule: "@every 5m"})
		n.plan.Watches = append(n.plan.Watches, watchOf("only copy", "copy"))
		n.plan.Matcher = words{"dprk": {"corée", "russie"}, "only copy": {"corée"}}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.web.publish(other, other+"1", "y", body("b"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(2), "Dépêche", body("wire"), time.Time{})
		n.after(10 * time.Minute)
		n.web.publish(other, other+"2", "DÉPÊCHE", body("wire"), time.Time{})
		n.web.publish(other, other+"3?x", "Autre", body("else"), time.Time{})
		n.after(10 * time.Minute)
		told := strings.Join(n.told(), "; ")
		for _, want := range []string{"published Dépêche [dprk] r1", "published DÉPÊCHE [only copy] r1", "published Autre [dprk only copy] r1"} {
			if !strings.Contains(told, want) {
				t.Errorf("%q missing in %s", want, told)
			}
		}
		a := n.article(other + "2")
		if a.Story.Outlets != 2 || a.Story.First != view(2) {
			t.Errorf("story: %+v", a.Story)
		}
		n.halt()
	})
}

func TestMonitor_TwoLinksToOneCanonicalAlertOnce(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(2), "one", body("b"), time.Time{})
		n.web.publish(section, view(3), "one, mobile", body("c"), time.Time{})
		n.web.edit(view(3), func(p *page) { p.snap.Canonical = view(2) })
		n.after(time.Hour)
		if got := len(n.told()); got != 1 {
			t.Errorf("told %v", n.told())
		}
		if n.store.known[view(3)] == "" {
			t.Error("the second link does not lead to the article")
		}
		n.halt()
	})
}

func TestMonitor_ReloadAddsRemovesAndStartsAfreshOnANewURL(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		next := n.state("nk").LastScheduled

		other := "https://more.example/"
		n.web.publish(other, other+"1", "backlog", body("m"), time.Time{})
		n.plan.Sources = append(n.plan.Sources, veille.Source{Name: "more", URL: other, Schedule: "@every 5m"})
		n.m.Apply(n.plan)
		n.after(time.Second)
		if len(n.polls(other)) != 1 {
			t.Error("a new source was not polled at once")
		}
		if !n.state("nk").LastScheduled.Equal(next) {
			t.Error("a reload polled an unchanged source")
		}
		moved := n.plan
		moved.Sources = []veille.Source{{Name: "nk", URL: "https://news.example/new", Schedule: "@every 5m"}}
		n.web.publish("https://news.example/new", view(50), "backlog of the new URL", body("n"), time.Time{})
		n.m.Apply(moved)
		n.after(time.Hour)
		expectTold(t, n)
		polls := len(n.polls(other))
		n.after(time.Hour)
		if len(n.polls(other)) != polls {
			t.Error("a removed source is still polled")
		}
		n.halt()
	})
}

func TestMonitor_RetriesAVisitThatFailed(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(2), "late", body("b"), time.Time{})
		n.web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchTimeout} })
		n.after(10 * time.Minute)
		n.web.edit(view(2), func(p *page) { p.err = nil; p.snap.Kind = veille.KindConsent })
		n.after(20 * time.Minute)
		n.web.edit(view(2), func(p *page) { p.snap.Kind = veille.KindArticle })
		n.after(2 * time.Hour)
		expectTold(t, n, "published late [dprk] r1")
		n.halt()
	})
}

func TestMonitor_OnceDoesEverythingDueAndReports(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources = append(n.plan.Sources, veille.Source{Name: "gone", URL: "https://gone.example/", Schedule: "@hourly"})
		for i := range 280 {
			n.web.publish(section, view(i), fmt.Sprint("t", i), body(fmt.Sprint(i)), time.Now().Add(-time.Hour))
		}
		n.m = New(Options{Crawler: n.web, Store: n.store})
		n.m.Apply(n.plan)
		r, err := n.m.Once(t.Context())
		if err != nil || r.Polled != 1 || len(r.Failed) != 1 || r.Failed[0].Source != "gone" || r.Articles != 280 || r.Events != 280 {
			t.Errorf("report %d polled, %v failed, %d articles, %d events; %v", r.Polled, r.Failed, r.Articles, r.Events, err)
		}
		r, err = n.m.Once(t.Context())
		if err != nil || r.Articles != 0 || r.Events != 0 {
			t.Errorf("second: %+v %v", r, err)
		}
	})
}
