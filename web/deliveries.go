package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"veille"
)

// deliveriesView is the outbox.
type deliveriesView struct {
	*frame
	State    veille.DeliveryState
	Receiver string
	Rows     []deliveryRow
	Next     string
	// Dead and Pending count up to most.
	Dead, Pending string
	Receivers     []string
	// Troubled are the receivers that are paused or disabled.
	Troubled []veille.ReceiverState
	Done     string
}

type deliveryRow struct {
	veille.Delivery
	Headline string
	Article  string
	Kind     veille.EventType
	Tries    []veille.Attempt
}

// mostCounted bounds what a count on a tab reads.
const mostCounted = 500

func (s *Server) deliveries(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	from, err := parseCursor(q.Get("from"))
	if err != nil {
		s.refusePerson(w, r, http.StatusBadRequest, err.Error())
		return
	}
	view := deliveriesView{frame: s.frame(r, "deliveries", "deliveries.title"), State: veille.DeliveryState(q.Get("state")), Receiver: q.Get("receiver")}
	if n, err := strconv.Atoi(q.Get("retried")); err == nil {
		view.Done = view.N("deliveries.retried", n)
	} else if n, err := strconv.Atoi(q.Get("dropped")); err == nil {
		view.Done = view.N("deliveries.dropped", n)
	}
	count := func(state veille.DeliveryState) (string, error) {
		rows, err := s.Reader.Deliveries(ctx, veille.DeliveryFilter{State: state, Page: veille.Page{Limit: mostCounted}})
		if len(rows) == mostCounted {
			return strconv.Itoa(mostCounted) + "+", err
		}
		return strconv.Itoa(len(rows)), err
	}
	var deadErr, pendingErr error
	view.Dead, deadErr = count(veille.DeliveryDead)
	view.Pending, pendingErr = count(veille.DeliveryPending)
	switch view.State {
	case veille.DeliveryDead, veille.DeliveryPending, veille.DeliverySent, veille.DeliverySuppressed, veille.DeliveryGrouped, veille.DeliverySplit:
	default:
		// What needs a hand comes first.
		view.State = veille.DeliverySent
		if view.Pending != "0" {
			view.State = veille.DeliveryPending
		}
		if view.Dead != "0" {
			view.State = veille.DeliveryDead
		}
	}
	rows, next, err := paged(ctx, from, 50, func(ctx context.Context, p veille.Page) ([]veille.Delivery, error) {
		return s.Reader.Deliveries(ctx, veille.DeliveryFilter{Page: p, State: view.State, Receiver: view.Receiver})
	}, func(d veille.Delivery) time.Time { return d.Created })
	if err = errors.Join(err, deadErr, pendingErr); err != nil {
		s.broken(w, r, err)
		return
	}
	view.Next = next
	for _, d := range rows {
		row := deliveryRow{Delivery: d, Headline: d.EventID}
		if e, err := s.Reader.Event(ctx, d.EventID); err == nil {
			row.Kind, row.Headline = e.Type, view.Notice(e)
			if e.Article != nil {
				row.Headline, row.Article = e.Article.Title, e.Article.ID
			}
		}
		if d.Attempts > 0 || d.LastError != "" {
			if row.Tries, err = s.Reader.Attempts(ctx, d.Seq); err != nil && !errors.Is(err, veille.ErrNotFound) {
				s.broken(w, r, err)
				return
			}
		}
		view.Rows = append(view.Rows, row)
	}
	states, err := s.Reader.Receivers(ctx)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	for _, x := range states {
		if x.Disabled || x.PausedUntil.After(view.at) {
			view.Troubled = append(view.Troubled, x)
		}
	}
	for _, x := range s.Desk.Setup().Receivers {
		view.Receivers = append(view.Receivers, x.Name)
	}
	s.render(w, http.StatusOK, "deliveries", view)
}

// formFilter reads which deliveries a form means.
func formFilter(r *http.Request) veille.DeliveryFilter {
	return veille.DeliveryFilter{Receiver: r.PostFormValue("receiver"), EventID: r.PostFormValue("event"), State: veille.DeliveryState(r.PostFormValue("state"))}
}

func (s *Server) retry(w http.ResponseWriter, r *http.Request) {
	s.settle(w, r, "retried", s.Operator.Retry)
}

func (s *Server) drop(w http.ResponseWriter, r *http.Request) {
	s.settle(w, r, "dropped", s.Operator.Drop)
}

func (s *Server) settle(w http.ResponseWriter, r *http.Request, done string, act func(context.Context, veille.DeliveryFilter) (int, error)) {
	f := formFilter(r)
	if f.Receiver == "" && f.EventID == "" {
		s.refusePerson(w, r, http.StatusBadRequest, "")
		return
	}
	n, err := act(r.Context(), f)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.Log.Info("deliveries settled by hand", "as", done, "by", frameName(r), "count", n, "receiver", f.Receiver, "event", f.EventID)
	back := url.Values{done: {strconv.Itoa(n)}}
	if state := r.PostFormValue("back"); state != "" {
		back.Set("state", state)
	}
	http.Redirect(w, r, "/deliveries?"+back.Encode(), http.StatusSeeOther)
}

// logView is the tries of a delivery.
type logView struct {
	*frame
	Tries []veille.Attempt
}

// Log shows the tries of a delivery.
func (f *frame) Log(tries []veille.Attempt) logView { return logView{f, tries} }
