package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"veille"
	"veille/web/access"
)

// TestOpenAPI_DescribesWhatTheHandlersAnswer asks each described operation and
// holds the answer against its schema.
func TestOpenAPI_DescribesWhatTheHandlersAnswer(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	s.count(t)
	c := s.client(t)
	raw := c.get("/api/v1/openapi.json").body
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	var spec struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Summary    string
			Parameters []struct{ Name, In, Description string }
			Responses  map[string]struct {
				Content map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(raw), &spec); err != nil || spec.OpenAPI != "3.1.0" || len(spec.Paths) < 14 {
		t.Fatalf("%d paths, %v", len(spec.Paths), err)
	}
	valid := func(path, method, status, kind, body string) {
		t.Helper()
		pointer := "openapi.json#/paths/" + escape(path) + "/" + method + "/responses/" + status + "/content/" + escape(kind) + "/schema"
		schema, err := compiler.Compile(pointer)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v in %s", path, err, body)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
	}
	ids := strings.NewReplacer("{id}", "art_evil", "{seq}", "1", "{name}", "yonhap%20nk%231")
	for path, methods := range spec.Paths {
		for method, o := range methods {
			at := ids.Replace(path)
			if path == "/api/v1/events/{id}" {
				at = "/api/v1/events/evt_note"
			}
			if strings.Contains(path, "/deliveries/") && method == "post" {
				at += "?receiver=desk"
			}
			if path == "/api/v1/search" {
				at += "?q=Russie&facets=true"
			}
			if strings.Contains(path, "/mutes") && method == "post" {
				at += "?watch=any&until=2099-01-01T00:00:00Z&reason=known"
			}
			if strings.HasPrefix(path, "/api/v1/why") {
				at += "?of=art_evil"
			}
			answer := c.do(strings.ToUpper(method), at, nil)
			if o.Summary == "" || slices.ContainsFunc(o.Parameters, func(p struct{ Name, In, Description string }) bool { return p.Description == "" }) {
				t.Errorf("%s %s is not explained", method, path)
			}
			status := fmt.Sprint(answer.StatusCode)
			if path == "/api/v1/sites/{name}" || path == "/api/v1/stories/{id}" { // nothing is learned, and no story held
				valid(path, method, "default", "application/problem+json", answer.body)
				continue
			}
			response, ok := o.Responses[status]
			if !ok {
				t.Errorf("%s %s: %s %s is not described", method, path, status, answer.body)
				continue
			}
			if _, ok := response.Content["application/json"]; ok {
				valid(path, method, status, "application/json", answer.body)
			}
		}
	}
	for path, want := range map[string]int{"/api/v1/events?limit=x": 400, "/api/v1/articles/none": 404, "/api/v1/nothing": 404, "/api/v1/deliveries/x/attempts": 400,
		"/api/v1/search": 400, "/api/v1/search?q=(a": 400, "/api/v1/why": 400, "/api/v1/why?of=art_none": 404} {
		answer := c.get(path)
		if answer.StatusCode != want || answer.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
		valid("/api/v1/events", "get", "default", "application/problem+json", answer.body)
	}
	if answer := c.do("POST", "/api/v1/deliveries/drop", nil); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a drop of everything: %d", answer.StatusCode)
	}
}

func escape(pointer string) string {
	return url.PathEscape(strings.ReplaceAll(strings.ReplaceAll(pointer, "~", "~0"), "/", "~1"))
}

// TestAPI_PagesThroughRowsOfOneTime holds that a page boundary within rows of
// the same time neither repeats nor loses one.
func TestAPI_PagesThroughRowsOfOneTime(t *testing.T) {
	s := newSite(t, access.Policy{})
	var want []string
	for i := range 23 {
		at := time.Unix(int64(1_000_000-i/7), 0).UTC() // seven at a time
		id := fmt.Sprintf("evt_%02d", i)
		s.archive.events = append(s.archive.events, veille.Event{ID: id, Time: at, Type: veille.TestEvent, Watches: []string{"w"}})
		want = append(want, id)
	}
	c := s.client(t)
	for limit := 1; limit <= 24; limit++ {
		var got []string
		next := fmt.Sprintf("/api/v1/events?limit=%d&watch=w", limit)
		for next != "" {
			answer := c.get(next)
			var events []veille.Event
			if err := json.Unmarshal([]byte(answer.body), &events); err != nil || len(events) > limit {
				t.Fatalf("%d rows: %v", len(events), err)
			}
			for _, e := range events {
				got = append(got, e.ID)
			}
			next, _, _ = strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
			if len(got) > 30 {
				t.Fatalf("limit %d: no end", limit)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: %v", limit, got)
		}
	}
}

func TestLive_TellsWhatCameBeforeTheStreamDid(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/live?watch="+url.QueryEscape("Corée du Nord & Russie"), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("type %q", kind)
	}
	var said strings.Builder
	buffer := make([]byte, 4<<10)
	for !strings.Contains(said.String(), "</li>\n\n") {
		n, err := answer.Body.Read(buffer)
		if err != nil {
			t.Fatalf("%v after %s", err, said.String())
		}
		said.Write(buffer[:n])
	}
	for _, want := range []string{"retry: 3000\n\n", "event: alert\nid: " + s.archive.events[0].ID + "\ndata: <li class=\"card edited\"", "&lt;script&gt;"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in %s", want, said.String())
		}
	}
	// A line of an article must not end the message or begin another field.
	for line := range strings.Lines(said.String()) {
		if key, _, _ := strings.Cut(line, ":"); line != "\n" && key != "retry" && key != "event" && key != "id" && key != "data" {
			t.Errorf("a line %q", line)
		}
	}
}

func TestAPI_MutesAndLifts(t *testing.T) {
	s := newSite(t, access.Policy{})
	c := s.client(t)
	for _, step := range []struct {
		method, path string
		status       int
	}{
		{"POST", "/api/v1/mutes?watch=Cor%C3%A9e&until=2099-01-01T00:00:00Z", 400}, // no reason
		{"POST", "/api/v1/mutes?watch=a&source=b&until=2099-01-01T00:00:00Z&reason=r", 400},
		{"POST", "/api/v1/mutes?watch=Cor%C3%A9e&until=tomorrow&reason=r", 400},
		{"POST", "/api/v1/mutes?watch=Cor%C3%A9e&until=2099-01-01T00:00:00Z&reason=r", 200},
		{"GET", "/api/v1/mutes", 200},
		{"POST", "/api/v1/mutes/lift?watch=Cor%C3%A9e", 200},
		{"POST", "/api/v1/mutes/lift?watch=Cor%C3%A9e", 404},
		{"GET", "/api/v1/deliveries/x", 400},
	} {
		answer := c.do(step.method, step.path, nil)
		if answer.StatusCode != step.status {
			t.Errorf("%s %s: %d %s, want %d", step.method, step.path, answer.StatusCode, answer.body, step.status)
		}
		if step.path == "/api/v1/mutes" && !strings.Contains(answer.body, `"watch":"Corée"`) {
			t.Errorf("mutes: %s", answer.body)
		}
	}
}
