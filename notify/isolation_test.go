package notify

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// took is how long a receiver takes for an event: 20 to 220 ms, the same in
// every run.
func took(receiver, event string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(receiver + event))
	return time.Duration(20+h.Sum32()%200) * time.Millisecond
}

// outage commits 10,000 events for five receivers over 72 hours, ten at a time,
// and returns the 99th percentile of the time to the end of a delivery to the
// last four, and what the first one accepted.
func outage(t *testing.T, blackHole bool) (p99 time.Duration, first []string, want []string) {
	const events, together, span = 10_000, 10, 72 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		end := time.Now().Add(span)
		recorders := map[string]*recorder{}
		receivers := map[string]Notifier{}
		for i := range 5 {
			name := fmt.Sprint("r", i)
			recorders[name] = &recorder{do: func(ctx context.Context, d veille.Delivery, _ int) error {
				if i == 0 && blackHole && time.Now().Before(end) {
					<-ctx.Done()
					return verdict(veille.VerdictPause, 0, 0)
				}
				time.Sleep(took(name, d.EventID))
				return nil
			}}
			receivers[name] = recorders[name]
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, receivers)
		committed := map[string]time.Time{}
		for n := range events {
			e := event(fmt.Sprintf("evt_%05d", n))
			committed[e.ID] = time.Now()
			want = append(want, e.ID)
			for name := range receivers {
				outbox.put(name, e)
			}
			if n%together == together-1 {
				d.Wake([]string{"r0", "r1", "r2", "r3", "r4"})
				time.Sleep(span / events * together)
			}
		}
		time.Sleep(2 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		var waits []time.Duration
		for name, r := range recorders {
			if name == "r0" {
				first = r.accepted()
				continue
			}
			for _, c := range r.all() {
				waits = append(waits, c.at.Add(took(name, c.event)).Sub(committed[c.event]))
			}
		}
		slices.Sort(waits)
		if len(waits) != 4*events {
			t.Fatalf("%d deliveries to the four receivers, want %d", len(waits), 4*events)
		}
		p99 = waits[len(waits)*99/100]
	})
	return p99, first, want
}

func TestDispatcher_OneOfFiveInABlackHoleFor72HoursDelaysNoOther(t *testing.T) {
	before, _, _ := outage(t, false)
	during, backlog, want := outage(t, true)
	if during > before+before/10 {
		t.Errorf("the others' 99th percentile is %v, and %v without the outage", during, before)
	}
	if diff := cmp.Diff(want, backlog); diff != "" {
		t.Errorf("the backlog is not complete and in order:\n%s", diff)
	}
	t.Logf("99th percentile of the other four: %v, %v without the outage", during, before)
}
