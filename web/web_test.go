package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/web"
)

// condition is a status that a test sets.
type condition struct {
	reasons, warnings []string
	samples           []veille.Sample
}

func (c *condition) Reasons() []string        { return c.reasons }
func (c *condition) Warnings() []string       { return c.warnings }
func (c *condition) Samples() []veille.Sample { return c.samples }

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestReadyz_IsUnavailableWithTheReasons(t *testing.T) {
	c := &condition{}
	h := web.Health(c)
	if code, body := get(t, h, "/readyz"); code != 200 || !strings.Contains(body, `{"ready":true,"reasons":[],"warnings":[]}`) {
		t.Errorf("healthy: %d %s", code, body)
	}
	c.warnings = []string{"configuration rejected"}
	if code, body := get(t, h, "/readyz"); code != 200 || !strings.Contains(body, "configuration rejected") {
		t.Errorf("a warning: %d %s", code, body)
	}
	c.reasons = []string{"store full"}
	if code, body := get(t, h, "/readyz"); code != 503 || !strings.Contains(body, "store full") {
		t.Errorf("a reason: %d %s", code, body)
	}
	if code, _ := get(t, h, "/healthz"); code != 200 {
		t.Errorf("/healthz while not ready: %d", code)
	}
}

func TestMetrics_ShowEverySample(t *testing.T) {
	c := &condition{samples: []veille.Sample{
		{Name: "veille_polls_total", Help: "Polls.", Type: veille.Counter, Labels: [][2]string{{"result", "ok"}}, Value: 3},
		{Name: "veille_polls_total", Help: "Polls.", Type: veille.Counter, Labels: [][2]string{{"result", `a "quoted" \ name`}}, Value: 1},
		{Name: "veille_wait_seconds", Help: "Wait.", Type: veille.Histogram, Value: 7.5, Count: 3, Buckets: []veille.Bucket{{UpTo: 1, Count: 1}, {UpTo: 5, Count: 2}}},
		{Name: "veille_store_bytes", Help: "Size.", Value: 4096},
	}}
	code, body := get(t, web.Health(c), "/metrics")
	if code != 200 {
		t.Fatalf("status %d: %s", code, body)
	}
	for _, want := range []string{
		"# TYPE veille_polls_total counter", `veille_polls_total{result="ok"} 3`,
		`veille_polls_total{result="a \"quoted\" \\ name"} 1`, "# TYPE veille_store_bytes gauge", "veille_store_bytes 4096", `veille_wait_seconds_bucket{le="5"} 2`, `veille_wait_seconds_bucket{le="+Inf"} 3`, "veille_wait_seconds_sum 7.5", "go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
}

// record is a stored record that notes what it was asked.
type record struct {
	web.Lists
	web.Operator
	web.Searcher
	asked veille.DeliveryFilter
	fail  error
}

func (r *record) Deliveries(_ context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error) {
	r.asked = f
	return []veille.Delivery{{EventID: "evt_1"}}, r.fail
}

func (r *record) Backup(_ context.Context, w io.Writer) (int64, error) {
	n, _ := io.WriteString(w, "half")
	return int64(n), r.fail
}

func TestControl_PassesTheFilterOn(t *testing.T) {
	r := &record{}
	code, body := get(t, web.Control(r, r, r), "/api/v1/deliveries?receiver=desk&state=dead&event=evt_1&limit=7&before=2026-11-23T08:00:00Z")
	if code != 200 || !strings.Contains(body, "evt_1") {
		t.Fatalf("%d %s", code, body)
	}
	want := veille.DeliveryFilter{Receiver: "desk", State: veille.DeliveryDead, EventID: "evt_1",
		Page: veille.Page{Limit: 7, Before: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, r.asked); diff != "" {
		t.Errorf("filter (-want +got):\n%s", diff)
	}
}

func TestControl_TellsTheAskersMistakesFromItsOwn(t *testing.T) {
	r := &record{}
	for _, c := range []struct {
		path string
		fail error
		want int
	}{
		{"/api/v1/deliveries?limit=many", nil, 400},
		{"/api/v1/deliveries?before=yesterday", nil, 400},
		{"/api/v1/deliveries?cursor=mine", nil, 400},
		{"/api/v1/deliveries?state=lost", nil, 400},
		{"/api/v1/deliveries", veille.ErrNotFound, 404},
		{"/api/v1/deliveries", errors.New("disk"), 500},
		{"/api/v1/nothing", nil, 404},
	} {
		r.fail = c.fail
		if code, body := get(t, web.Control(r, r, r), c.path); code != c.want {
			t.Errorf("%s with error %v: %d %s, want %d", c.path, c.fail, code, body, c.want)
		}
	}
}

func TestControl_MarksOnlyAWholeBackupComplete(t *testing.T) {
	r := &record{}
	server := httptest.NewServer(web.Control(r, r, r))
	defer server.Close()
	for _, c := range []struct {
		fail error
		want string
	}{{nil, "complete"}, {errors.New("read error"), ""}} {
		r.fail = c.fail
		answer, err := http.Get(server.URL + "/api/v1/backup")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(answer.Body); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Trailer.Get("X-Veille-Backup"); got != c.want {
			t.Errorf("backup with error %v is marked %q, want %q", c.fail, got, c.want)
		}
	}
}

func TestServe_EndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- web.Serve(ctx, l, web.Health(&condition{}), slog.New(slog.DiscardHandler)) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	var r web.Readiness
	if err := json.NewDecoder(answer.Body).Decode(&r); err != nil || !r.Ready {
		t.Errorf("readiness %+v: %v", r, err)
	}
	answer.Body.Close()
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}
