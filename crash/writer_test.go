package crash

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"veille"
	"veille/store/bolt"
)

// desks are the receivers of the store campaigns.
func desks() []string { return []string{"hook", "bus", "room"} }

// epoch is when the store campaigns play.
func epoch() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// newsFor is article n with an event and a delivery for each receiver.
func newsFor(n int) veille.ArticleCommit {
	url := fmt.Sprintf("https://news.example/view/%d", n)
	at := epoch().Add(time.Duration(n) * time.Second)
	a := veille.Article{
		ID: veille.ArticleID(url), URL: url, Source: "wire", FirstSeen: at, CheckedAt: at, Revision: 1, TextHash: url,
		Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: url, Body: strings.Repeat("Un paragraphe sur "+url+".\n\n", 1+n%40)},
	}
	e := veille.Event{ID: veille.EventID(a.ID, veille.ArticlePublished, 1), Type: veille.ArticlePublished, Time: at, Watches: []string{"w"},
		Article: &veille.EventArticle{ID: a.ID, URL: url, Title: url}}
	c := veille.ArticleCommit{Article: a, Revision: &veille.Revision{ArticleID: a.ID, Number: 1, At: at, Snapshot: a.Snapshot}, Events: []veille.Event{e}}
	for _, r := range desks() {
		c.Deliveries = append(c.Deliveries, veille.Delivery{Receiver: r, EventID: e.ID, Watches: e.Watches, Created: at})
	}
	return c
}

// promise is what the writer says on its standard output once it holds: an
// article is committed; a receiver accepted a delivery, which must not be
// forgotten from then on; a delivery is settled.
type promise struct {
	what string
	// n is the article's, receiver that of a delivery.
	n        int
	receiver string
}

func (p promise) String() string { return fmt.Sprintf("%s %d %s\n", p.what, p.n, p.receiver) }

// readPromise reads a line; ok is false where it is none or is cut.
func readPromise(line string) (p promise, ok bool) {
	fields := strings.Split(strings.TrimSuffix(line, "\n"), " ")
	if len(fields) != 3 || !strings.HasSuffix(line, "\n") {
		return promise{}, false
	}
	n, err := strconv.Atoi(fields[1])
	return promise{fields[0], n, fields[2]}, err == nil
}

// keepStore is the writer's process: it does a daemon's work on the store at
// VEILLE_CRASH_STORE up to article VEILLE_CRASH_ARTICLES, from wherever an
// earlier one stopped, and then ends. It exits with 4 where the store fails.
func keepStore() {
	last, err := strconv.Atoi(os.Getenv("VEILLE_CRASH_ARTICLES"))
	if err != nil {
		panic(err)
	}
	first, _ := strconv.ParseUint(os.Getenv("VEILLE_CRASH_SEED"), 10, 64)
	if err := work(context.Background(), os.Getenv("VEILLE_CRASH_STORE"), last, rand.New(rand.NewPCG(first, 3))); err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		os.Exit(4)
	}
	os.Exit(0)
}

func work(ctx context.Context, path string, last int, chance *rand.Rand) (err error) {
	s, err := bolt.Open(path, bolt.Options{MinFree: -1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	say := func(what string, n int, receiver string) error {
		_, err := os.Stdout.WriteString(promise{what, n, receiver}.String())
		return err
	}
	for n := range last {
		c := newsFor(n)
		if _, err := s.Article(ctx, c.Article.ID); err == nil {
			continue // an earlier process came further
		} else if !errors.Is(err, veille.ErrNotFound) {
			return err
		}
		// A poll finds it, and then it is read.
		visit := veille.Visit{URL: c.Article.URL, Source: "wire", Due: c.Article.FirstSeen}
		if err := s.CommitPoll(ctx, veille.PollCommit{State: veille.SourceState{Name: "wire"}, Visits: []veille.Visit{visit}}); err != nil {
			return err
		}
		c.Done = visit
		if err := s.CommitArticle(ctx, c); err != nil {
			return err
		}
		if err := say("committed", n, ""); err != nil {
			return err
		}
		for range chance.IntN(2 * len(desks())) {
			if err := deliver(ctx, s, chance, say); err != nil {
				return err
			}
		}
		if n%17 == 16 {
			// What was settled long ago goes, and its pages are used again.
			if _, _, err := s.Prune(ctx, c.Article.FirstSeen.Add(-time.Hour), epoch()); err != nil {
				return err
			}
		}
	}
	return nil
}

// deliver tries one delivery of some receiver.
func deliver(ctx context.Context, s *bolt.Store, chance *rand.Rand, say func(string, int, string) error) error {
	receiver := desks()[chance.IntN(len(desks()))]
	d, _, err := s.NextDelivery(ctx, receiver, time.Now())
	if errors.Is(err, veille.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	n, err := strconv.Atoi(d.Event.Article.URL[strings.LastIndexByte(d.Event.Article.URL, '/')+1:])
	if err != nil {
		return err
	}
	set := veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: receiver}, Attempt: &veille.Attempt{At: epoch(), Result: veille.AttemptSent}}
	set.Delivery.Attempts++
	if refuses := chance.IntN(5) == 0; refuses {
		set.Attempt.Result = "retry"
		return s.Settle(ctx, set)
	}
	if err := say("accepted", n, receiver); err != nil {
		return err
	}
	set.Delivery.State = veille.DeliverySent
	if err := s.Settle(ctx, set); err != nil {
		return err
	}
	return say("settled", n, receiver)
}

// broken lists how a store breaks what was promised before it was opened.
// Without promises it still must not contradict itself.
func broken(ctx context.Context, s *bolt.Store, promises []promise) ([]string, error) {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	rows := map[string]veille.DeliveryState{}
	deliveries, err := s.Deliveries(ctx, veille.DeliveryFilter{})
	if err != nil {
		return nil, err
	}
	waiting := map[string]int{}
	for _, d := range deliveries {
		if _, twice := rows[d.Receiver+" "+d.EventID]; twice {
			bad("%s has two deliveries to %s", d.EventID, d.Receiver)
		}
		rows[d.Receiver+" "+d.EventID] = d.State
		if d.State == veille.DeliveryPending {
			waiting[d.Receiver]++
		}
	}
	for _, r := range desks() {
		// The queue and the rows say the same: no row is both pending and settled.
		queued, err := s.Waiting(ctx, r, 0, len(deliveries)+1)
		if err != nil {
			return nil, err
		}
		for _, d := range queued {
			if state := rows[r+" "+d.EventID]; state != veille.DeliveryPending {
				bad("%s waits for %s and is %q", d.EventID, r, state)
			}
		}
		if len(queued) != waiting[r] || s.Pending(r) != waiting[r] {
			bad("%s: %d are pending, %d are queued, %d are counted", r, waiting[r], len(queued), s.Pending(r))
		}
	}
	articles, err := s.Articles(ctx, veille.ArticleFilter{})
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, a := range articles {
		known[a.ID] = true
	}
	events, err := s.Events(ctx, veille.EventFilter{})
	if err != nil {
		return nil, err
	}
	if len(events)*len(desks()) != len(deliveries) || len(articles) != len(events) {
		bad("%d articles, %d events, %d deliveries", len(articles), len(events), len(deliveries))
	}
	for _, e := range events {
		if !known[e.Article.ID] {
			bad("%s is about an article that is not there", e.ID)
		}
		for _, r := range desks() {
			if _, ok := rows[r+" "+e.ID]; !ok {
				bad("%s has no delivery to %s", e.ID, r)
			}
		}
	}
	for _, p := range promises {
		c := newsFor(p.n)
		switch id := c.Events[0].ID; p.what {
		case "committed":
			if !known[c.Article.ID] {
				bad("article %d was committed and is lost", p.n)
			}
		case "accepted":
			if state, ok := rows[p.receiver+" "+id]; !ok || state != veille.DeliverySent && state != veille.DeliveryPending {
				bad("%s accepted article %d, and its delivery is %q", p.receiver, p.n, state)
			}
		case "settled":
			if state := rows[p.receiver+" "+id]; state != veille.DeliverySent {
				bad("article %d was settled for %s, and is %q again", p.n, p.receiver, state)
			}
		}
	}
	return out, nil
}
