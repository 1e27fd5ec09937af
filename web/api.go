package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"veille"
)

const (
	// defaultRows is how many rows a listing of the API has where nobody says,
	// mostRows how many it may have.
	defaultRows = 50
	mostRows    = 1000
)

// statusBytes marks an operation that answers with bytes, not with JSON.
const statusBytes = -1

// Control serves the API without asking for credentials: serve it only where
// reaching it is already a permission, such as a socket in the data folder. Its
// listings are whole where no limit is asked for.
func Control(lists Lists, operator Operator, searcher Searcher) http.Handler {
	mux := http.NewServeMux()
	for _, o := range (rows{lists, operator, searcher, 0}).operations() {
		mux.HandleFunc(o.Route, o.serve)
	}
	return mux
}

// api serves the same to those whom the guard lets through, with what else a
// program may want to know.
func (s *Server) api() http.Handler {
	mux := http.NewServeMux()
	for _, o := range s.operations() {
		if o.Write {
			mux.Handle(o.Route, s.Guard.Write(o.serve, refuseProgram))
		} else {
			mux.HandleFunc(o.Route, o.serve)
		}
	}
	mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(s.spec)
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, "the API is described at /api/v1/openapi.json")
	})
	return mux
}

// operations are all that the API does.
func (s *Server) operations() []operation {
	return append(rows{s.Reader, s.Operator, s.Searcher, defaultRows}.operations(),
		operation{Route: "GET /api/v1/status", Summary: "Whether the daemon does its work, and what needs a look.",
			Answer: reflect.TypeFor[Readiness](), serve: func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, s.health.readiness())
			}},
		operation{Route: "GET /api/v1/events/{id}", Summary: "One event.", Answer: reflect.TypeFor[veille.Event](), serve: one(s.Reader.Event)},
		operation{Route: "GET /api/v1/articles/{id}", Summary: "One article at its newest revision.", Answer: reflect.TypeFor[veille.Article](), serve: one(s.Reader.Article)},
		operation{Route: "GET /api/v1/articles/{id}/revisions", Summary: "Each revision of an article, the first one first.",
			Answer: reflect.TypeFor[[]veille.Revision](), serve: one(s.Reader.Revisions)},
		operation{Route: "GET /api/v1/why", Summary: "The life of an article or an address, and why it alerted or did not.",
			Query: []string{"of", "watch"}, Answer: reflect.TypeFor[Life](), serve: func(w http.ResponseWriter, r *http.Request) {
				life, err := s.life(r, "en", s.Chronicle.Life)
				answer(w, life, err)
			}},
		operation{Route: "POST /api/v1/why/look", Summary: "The same after a look at what the sources of an address's host list now, where nothing is remembered of it.",
			Query: []string{"of", "watch"}, Answer: reflect.TypeFor[Life](), Write: true, serve: func(w http.ResponseWriter, r *http.Request) {
				life, err := s.life(r, "en", s.Chronicle.Look)
				answer(w, life, err)
			}},
		operation{Route: "GET /api/v1/receivers", Summary: "What is remembered of the receivers.",
			Answer: reflect.TypeFor[[]veille.ReceiverState](), serve: func(w http.ResponseWriter, r *http.Request) {
				states, err := s.Reader.Receivers(r.Context())
				answer(w, nonNil(states), err)
			}},
		operation{Route: "GET /api/v1/watches", Summary: "The watches of the configuration, with what they caused.",
			Answer: reflect.TypeFor[[]WatchRow](), serve: func(w http.ResponseWriter, r *http.Request) {
				writeJSON(w, http.StatusOK, s.watchList())
			}},
		operation{Route: "POST /api/v1/sources/{name}/poll", Summary: "Polls a source as soon as its host is free.",
			Status: http.StatusAccepted, Write: true, serve: s.pollSource},
	)
}

func (s *Server) pollSource(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !s.hasSource(name) {
		problem(w, http.StatusNotFound, "no source "+strconv.Quote(name)+" in the configuration")
		return
	}
	s.Desk.PollNow(name)
	s.Log.Info("poll asked for", "source", name, "by", frameName(r))
	w.WriteHeader(http.StatusAccepted)
}

// WatchRow is a watch as the API shows it.
type WatchRow struct {
	Name  string `json:"name"`
	Query string `json:"query,omitempty"`
	// List is the list form on one line: "all: a, (any: b, c)".
	List      string             `json:"list,omitempty"`
	Sources   []string           `json:"sources,omitempty"`
	Languages []string           `json:"languages,omitempty"`
	On        []veille.EventType `json:"on"`
	Notify    []string           `json:"notify"`
	// Alerts counts those of the last four weeks; LastAlert is absent without.
	Alerts    int       `json:"alerts"`
	LastAlert time.Time `json:"last_alert,omitzero"`
}

func (s *Server) watchList() []WatchRow {
	out := []WatchRow{}
	for _, x := range s.Desk.Setup().Watches {
		daily, last := s.Tally.Watch(x.Name, time.Now(), time.UTC)
		row := WatchRow{Name: x.Name, Query: x.Query, List: listText(x.List), Sources: x.Sources,
			Languages: x.Languages, On: nonNil(x.On), Notify: nonNil(x.Notify), LastAlert: last}
		for _, n := range daily {
			row.Alerts += n
		}
		out = append(out, row)
	}
	return out
}

// rows serves what the commands list and do.
type rows struct {
	lists    Lists
	operator Operator
	searcher Searcher
	// most is how many rows a listing has where nobody says; 0 is all.
	most int
}

// operations are those that the commands need too.
func (a rows) operations() []operation {
	paging := []string{"limit", "cursor", "since", "before"}
	which := []string{"receiver", "state", "event", "watch", "batch"}
	return append(append(a.deliveryOperations(), a.searchOperation()), []operation{
		{Route: "GET /api/v1/sources", Summary: "What is remembered of each source.", Answer: reflect.TypeFor[[]veille.SourceState](),
			serve: func(w http.ResponseWriter, r *http.Request) {
				states, err := a.lists.Sources(r.Context())
				answer(w, nonNil(states), err)
			}},
		{Route: "GET /api/v1/events", Summary: "Alerts, and events about Veille itself.", Query: append([]string{"watch", "type"}, paging...),
			Answer: reflect.TypeFor[[]veille.Event](),
			serve: listed(a, func(ctx context.Context, q url.Values, p veille.Page, since time.Time) ([]veille.Event, error) {
				return a.lists.Events(ctx, veille.EventFilter{Page: p, Since: since, Watch: q.Get("watch"), Type: veille.EventType(q.Get("type"))})
			}, func(e veille.Event) time.Time { return e.Time })},
		{Route: "GET /api/v1/articles", Summary: "Articles, by when they were first seen.", Query: append([]string{"source"}, paging...),
			Answer: reflect.TypeFor[[]veille.Article](),
			serve: listed(a, func(ctx context.Context, q url.Values, p veille.Page, since time.Time) ([]veille.Article, error) {
				return a.lists.Articles(ctx, veille.ArticleFilter{Page: p, Since: since, Source: q.Get("source")})
			}, func(x veille.Article) time.Time { return x.FirstSeen })},
		{Route: "GET /api/v1/stories", Summary: "Stories of several articles, by when their newest member was first seen.",
			Query: append([]string{"source", "outlets"}, paging...), Answer: reflect.TypeFor[[]veille.StorySummary](),
			serve: listed(a, func(ctx context.Context, q url.Values, p veille.Page, since time.Time) ([]veille.StorySummary, error) {
				outlets, err := count(q, "outlets")
				if err != nil {
					return nil, err
				}
				return a.lists.Stories(ctx, veille.StoryFilter{Page: p, Since: since, Source: q.Get("source"), Outlets: outlets})
			}, func(s veille.StorySummary) time.Time { return s.Members[len(s.Members)-1].FirstSeen })},
		{Route: "GET /api/v1/stories/{id}", Summary: "The members of a story, the first one first.", Answer: reflect.TypeFor[[]veille.Member](),
			serve: one(a.lists.Story)},
		{Route: "GET /api/v1/deliveries", Summary: "Each alert on its way to each receiver.", Query: append(which, "limit", "cursor", "before"),
			Answer: reflect.TypeFor[[]veille.Delivery](),
			serve: listed(a, func(ctx context.Context, q url.Values, p veille.Page, _ time.Time) ([]veille.Delivery, error) {
				f, err := deliveryFilter(q)
				if err != nil {
					return nil, err
				}
				f.Page = p
				return a.lists.Deliveries(ctx, f)
			}, func(d veille.Delivery) time.Time { return d.Created })},
		{Route: "GET /api/v1/sites/{name}", Summary: "What the pages of a site have taught.", Answer: reflect.TypeFor[veille.Site](),
			serve: func(w http.ResponseWriter, r *http.Request) {
				site, err := a.lists.Site(r.Context(), r.PathValue("name"))
				answer(w, site, err)
			}},
		{Route: "POST /api/v1/deliveries/retry", Summary: "Puts dead letters back in the queue and resumes their receivers; with state=suppressed, replays what was muted.", Query: which[:4],
			Answer: reflect.TypeFor[Touched](), Write: true, serve: touch(a.operator.Retry)},
		{Route: "POST /api/v1/deliveries/drop", Summary: "Forgets deliveries that wait or are suppressed, and dead letters.", Query: which[:4],
			Answer: reflect.TypeFor[Touched](), Write: true, serve: touch(a.operator.Drop)},
		{Route: "GET /api/v1/backup", Summary: "A consistent copy of the store; the trailer X-Veille-Backup says that it is whole.",
			Status: statusBytes, Write: true, serve: a.backup},
	}...)
}

// backup copies the whole store: more than reading, for it holds what no page
// shows.
func (a rows) backup(w http.ResponseWriter, r *http.Request) {
	// The trailer tells a whole copy from one that broke off.
	w.Header().Set("Trailer", "X-Veille-Backup")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="veille.db"`)
	if _, err := a.operator.Backup(r.Context(), impatient{w, http.NewResponseController(w)}); err == nil {
		w.Header().Set("X-Veille-Backup", "complete")
	}
}

// impatient gives up on a client that stops reading: while the copy is being
// read, the store cannot give back old pages.
type impatient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w impatient) Write(p []byte) (int, error) {
	if err := w.control.SetWriteDeadline(time.Now().Add(20 * time.Second)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return w.ResponseWriter.Write(p)
}

// Touched is how many deliveries an operator's request changed.
type Touched struct {
	Deliveries int `json:"deliveries"`
}

func touch(act func(context.Context, veille.DeliveryFilter) (int, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		f, err := deliveryFilter(q)
		if err != nil {
			answer(w, nil, err)
			return
		}
		var pageErr error
		if f.Page, _, pageErr = page(q); pageErr != nil {
			answer(w, nil, pageErr)
			return
		}
		if f == (veille.DeliveryFilter{}) {
			answer(w, nil, fmt.Errorf("say which: receiver, state or event: %w", errBadRequest))
			return
		}
		n, err := act(r.Context(), f)
		answer(w, Touched{n}, err)
	}
}

// errBadRequest marks what the asker must mend.
var errBadRequest = errors.New("bad request")

// listed answers with a page of rows. Where there are more, the Link header
// names the next page (RFC 8288).
func listed[T any](a rows, list func(context.Context, url.Values, veille.Page, time.Time) ([]T, error), at func(T) time.Time) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		p, since, err := page(q)
		var from cursor
		if err == nil {
			from, err = parseCursor(q.Get("cursor"))
		}
		if err != nil {
			answer(w, nil, err)
			return
		}
		if p.Limit == 0 {
			p.Limit = a.most
		}
		if a.most > 0 {
			p.Limit = min(p.Limit, mostRows)
		}
		if p.Limit == 0 || !p.Before.IsZero() {
			found, err := list(r.Context(), q, p, since)
			answer(w, nonNil(found), err)
			return
		}
		found, next, err := paged(r.Context(), from, p.Limit, func(ctx context.Context, p veille.Page) ([]T, error) {
			return list(ctx, q, p, since)
		}, at)
		if next != "" {
			q.Set("cursor", next)
			w.Header().Set("Link", "<"+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
		}
		answer(w, nonNil(found), err)
	}
}

// one answers with what an id stands for.
func one[T any](find func(context.Context, string) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		found, err := find(r.Context(), r.PathValue("id"))
		answer(w, found, err)
	}
}

func answer(w http.ResponseWriter, v any, err error) {
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, v)
	case errors.Is(err, errBadRequest), isProblem(err):
		problem(w, http.StatusBadRequest, err.Error())
	case errors.Is(err, veille.ErrNotFound):
		problem(w, http.StatusNotFound, err.Error())
	default:
		problem(w, http.StatusInternalServerError, err.Error())
	}
}

// Problem is an error as programs get it (RFC 9457).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Problem{"about:blank", http.StatusText(status), status, detail})
}

// refuseProgram answers what the guard refused to a program. The challenge
// makes feed readers and browsers ask for a name and a password.
func refuseProgram(w http.ResponseWriter, _ *http.Request, status int, what string) {
	if status == http.StatusUnauthorized {
		w.Header().Add("WWW-Authenticate", `Basic realm="veille", charset="UTF-8"`)
		w.Header().Add("WWW-Authenticate", `Bearer realm="veille"`)
	}
	problem(w, status, what)
}

func deliveryFilter(q url.Values) (veille.DeliveryFilter, error) {
	f := veille.DeliveryFilter{Receiver: q.Get("receiver"), State: veille.DeliveryState(q.Get("state")), EventID: q.Get("event"), Watch: q.Get("watch"), Batch: q.Get("batch")}
	switch f.State {
	case "", veille.DeliveryPending, veille.DeliverySent, veille.DeliveryDead, veille.DeliverySuppressed, veille.DeliveryGrouped, veille.DeliverySplit:
		return f, nil
	}
	return f, fmt.Errorf("state %q is not pending, sent, dead, suppressed, grouped or split: %w", f.State, errBadRequest)
}

// page reads limit, before and since.
func page(q url.Values) (p veille.Page, since time.Time, err error) {
	if p.Limit, err = count(q, "limit"); err != nil {
		return p, since, err
	}
	if p.Before, err = instant(q, "before"); err != nil {
		return p, since, err
	}
	since, err = instant(q, "since")
	return p, since, err
}

// count reads a number from 0 up; 0 where nothing is said.
func count(q url.Values, key string) (int, error) {
	s := q.Get(key)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s %q is not a count: %w", key, s, errBadRequest)
	}
	return n, nil
}

func instant(q url.Values, key string) (time.Time, error) {
	s := q.Get(key)
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%s %q is not an RFC 3339 time: %w", key, s, errBadRequest)
	}
	return t, nil
}
