package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"veille"
)

// Control serves the operator's commands under /api/v1. It asks for no
// credentials: serve it only where reaching it is already a permission, such
// as a socket in the data folder.
func Control(reader Reader, operator Operator) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/sources", list(func(ctx context.Context, _ url.Values) (any, error) {
		return reader.Sources(ctx)
	}))
	mux.HandleFunc("GET /api/v1/events", list(func(ctx context.Context, q url.Values) (any, error) {
		page, since, err := page(q)
		if err != nil {
			return nil, err
		}
		return reader.Events(ctx, veille.EventFilter{Page: page, Since: since, Watch: q.Get("watch"), Type: veille.EventType(q.Get("type"))})
	}))
	mux.HandleFunc("GET /api/v1/articles", list(func(ctx context.Context, q url.Values) (any, error) {
		page, since, err := page(q)
		if err != nil {
			return nil, err
		}
		return reader.Articles(ctx, veille.ArticleFilter{Page: page, Since: since, Source: q.Get("source")})
	}))
	mux.HandleFunc("GET /api/v1/deliveries", list(func(ctx context.Context, q url.Values) (any, error) {
		f, err := deliveryFilter(q)
		if err != nil {
			return nil, err
		}
		return reader.Deliveries(ctx, f)
	}))
	mux.HandleFunc("GET /api/v1/sites/{name}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		list(func(ctx context.Context, _ url.Values) (any, error) { return reader.Site(ctx, name) })(w, r)
	})
	mux.HandleFunc("POST /api/v1/deliveries/retry", list(func(ctx context.Context, q url.Values) (any, error) {
		return touched(ctx, q, operator.Retry)
	}))
	mux.HandleFunc("POST /api/v1/deliveries/drop", list(func(ctx context.Context, q url.Values) (any, error) {
		return touched(ctx, q, operator.Drop)
	}))
	mux.HandleFunc("GET /api/v1/backup", func(w http.ResponseWriter, r *http.Request) {
		// The trailer tells a whole copy from one that broke off.
		w.Header().Set("Trailer", "X-Veille-Backup")
		w.Header().Set("Content-Type", "application/octet-stream")
		if _, err := operator.Backup(r.Context(), impatient{w, http.NewResponseController(w)}); err == nil {
			w.Header().Set("X-Veille-Backup", "complete")
		}
	})
	return mux
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

func touched(ctx context.Context, q url.Values, act func(context.Context, veille.DeliveryFilter) (int, error)) (any, error) {
	f, err := deliveryFilter(q)
	if err != nil {
		return nil, err
	}
	n, err := act(ctx, f)
	return Touched{n}, err
}

// errBadRequest marks what the asker must mend.
var errBadRequest = errors.New("bad request")

// list answers with the JSON of what a query yields.
func list(ask func(context.Context, url.Values) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := ask(r.Context(), r.URL.Query())
		switch {
		case errors.Is(err, errBadRequest):
			writeJSON(w, http.StatusBadRequest, failure{err.Error()})
		case errors.Is(err, veille.ErrNotFound):
			writeJSON(w, http.StatusNotFound, failure{err.Error()})
		case err != nil:
			writeJSON(w, http.StatusInternalServerError, failure{err.Error()})
		default:
			writeJSON(w, http.StatusOK, rows)
		}
	}
}

type failure struct {
	Error string `json:"error"`
}

func deliveryFilter(q url.Values) (veille.DeliveryFilter, error) {
	page, _, err := page(q)
	return veille.DeliveryFilter{
		Page: page, Receiver: q.Get("receiver"), State: veille.DeliveryState(q.Get("state")), EventID: q.Get("event"),
	}, err
}

// page reads limit, before and since.
func page(q url.Values) (p veille.Page, since time.Time, err error) {
	if s := q.Get("limit"); s != "" {
		if p.Limit, err = strconv.Atoi(s); err != nil || p.Limit < 0 {
			return p, since, fmt.Errorf("limit %q is not a count: %w", s, errBadRequest)
		}
	}
	if p.Before, err = instant(q, "before"); err != nil {
		return p, since, err
	}
	since, err = instant(q, "since")
	return p, since, err
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
