package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"veille"
	"veille/web"
	"veille/why"
)

// controlClient asks a running daemon through the socket in its data folder.
type controlClient struct {
	http *http.Client
}

func newControlClient(socket string) *controlClient {
	var d net.Dialer
	return &controlClient{&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", socket)
		},
	}}}
}

func (c *controlClient) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// ping reports whether a daemon answers.
func (c *controlClient) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return c.do(ctx, http.MethodGet, "/healthz", nil, func(*http.Response) error { return nil })
}

// readiness asks how the daemon is.
func (c *controlClient) readiness(ctx context.Context) (r web.Readiness, err error) {
	err = c.get(ctx, "/readyz", nil, &r)
	return r, err
}

func (c *controlClient) Sources(ctx context.Context) (rows []veille.SourceState, err error) {
	err = c.get(ctx, "/api/v1/sources", nil, &rows)
	return rows, err
}

func (c *controlClient) Events(ctx context.Context, f veille.EventFilter) (rows []veille.Event, err error) {
	q := pageQuery(f.Page, f.Since)
	q.Set("watch", f.Watch)
	q.Set("type", string(f.Type))
	err = c.get(ctx, "/api/v1/events", q, &rows)
	return rows, err
}

func (c *controlClient) Articles(ctx context.Context, f veille.ArticleFilter) (rows []veille.Article, err error) {
	q := pageQuery(f.Page, f.Since)
	q.Set("source", f.Source)
	err = c.get(ctx, "/api/v1/articles", q, &rows)
	return rows, err
}

func (c *controlClient) Deliveries(ctx context.Context, f veille.DeliveryFilter) (rows []veille.Delivery, err error) {
	err = c.get(ctx, "/api/v1/deliveries", deliveryQuery(f), &rows)
	return rows, err
}

func (c *controlClient) Site(ctx context.Context, name string) (site veille.Site, err error) {
	err = c.get(ctx, "/api/v1/sites/"+url.PathEscape(name), nil, &site)
	return site, err
}

// Delivery fills the event in, as the store does.
func (c *controlClient) Delivery(ctx context.Context, seq uint64) (veille.Delivery, error) {
	var l web.DeliveryLog
	err := c.get(ctx, "/api/v1/deliveries/"+strconv.FormatUint(seq, 10), nil, &l)
	l.Delivery.Event = l.Event
	return l.Delivery, err
}

func (c *controlClient) Attempts(ctx context.Context, seq uint64) (rows []veille.Attempt, err error) {
	err = c.get(ctx, "/api/v1/deliveries/"+strconv.FormatUint(seq, 10)+"/attempts", nil, &rows)
	return rows, err
}

func (c *controlClient) Mutes(ctx context.Context) (rows []veille.Mute, err error) {
	err = c.get(ctx, "/api/v1/mutes", nil, &rows)
	return rows, err
}

func (c *controlClient) Mute(ctx context.Context, m veille.Mute) error {
	return c.do(ctx, http.MethodPost, "/api/v1/mutes", muteQuery(m), func(*http.Response) error { return nil })
}

func (c *controlClient) Lift(ctx context.Context, m veille.Mute) error {
	return c.do(ctx, http.MethodPost, "/api/v1/mutes/lift", muteQuery(m), func(*http.Response) error { return nil })
}

func muteQuery(m veille.Mute) url.Values {
	q := url.Values{"watch": {m.Watch}, "source": {m.Source}, "story": {m.Story}, "reason": {m.Reason}}
	if !m.Until.IsZero() {
		q.Set("until", m.Until.Format(time.RFC3339))
	}
	return q
}

func (c *controlClient) Look(ctx context.Context, address string) (seen []why.Sighting, err error) {
	err = c.do(ctx, http.MethodPost, lookPath, url.Values{"of": {address}}, decodeInto(&seen))
	return seen, err
}

func (c *controlClient) Retry(ctx context.Context, f veille.DeliveryFilter) (int, error) {
	return c.touch(ctx, "/api/v1/deliveries/retry", f)
}

func (c *controlClient) Drop(ctx context.Context, f veille.DeliveryFilter) (int, error) {
	return c.touch(ctx, "/api/v1/deliveries/drop", f)
}

func (c *controlClient) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	err = c.do(ctx, http.MethodGet, "/api/v1/backup", nil, func(answer *http.Response) (err error) {
		if n, err = io.Copy(w, answer.Body); err != nil {
			return err
		}
		if answer.Trailer.Get("X-Veille-Backup") != "complete" {
			return errors.New("the copy broke off")
		}
		return nil
	})
	return n, err
}

func (c *controlClient) touch(ctx context.Context, path string, f veille.DeliveryFilter) (int, error) {
	var t web.Touched
	err := c.do(ctx, http.MethodPost, path, deliveryQuery(f), decodeInto(&t))
	return t.Deliveries, err
}

func (c *controlClient) get(ctx context.Context, path string, q url.Values, into any) error {
	return c.do(ctx, http.MethodGet, path, q, decodeInto(into))
}

func decodeInto(into any) func(*http.Response) error {
	return func(answer *http.Response) error { return json.NewDecoder(answer.Body).Decode(into) }
}

// do sends a request and lets use read the answer; one that is not 200 becomes
// the error it stands for. /readyz says in its body what its 503 means.
func (c *controlClient) do(ctx context.Context, method, path string, q url.Values, use func(*http.Response) error) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://veille"+path+"?"+q.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK || path == "/readyz" {
		return use(answer)
	}
	var p web.Problem
	if err := json.NewDecoder(io.LimitReader(answer.Body, 64<<10)).Decode(&p); err != nil || p.Detail == "" {
		p.Detail = answer.Status
	}
	switch answer.StatusCode {
	case http.StatusNotFound:
		return fmt.Errorf("%s: %w", p.Detail, veille.ErrNotFound)
	case http.StatusBadRequest:
		return fmt.Errorf("%s: %w", p.Detail, errUsage)
	}
	return errors.New(p.Detail)
}

func deliveryQuery(f veille.DeliveryFilter) url.Values {
	q := pageQuery(f.Page, time.Time{})
	q.Set("receiver", f.Receiver)
	q.Set("state", string(f.State))
	q.Set("event", f.EventID)
	q.Set("watch", f.Watch)
	q.Set("batch", f.Batch)
	return q
}

func pageQuery(p veille.Page, since time.Time) url.Values {
	q := url.Values{}
	if p.Limit > 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	if !p.Before.IsZero() {
		q.Set("before", p.Before.Format(time.RFC3339Nano))
	}
	if !since.IsZero() {
		q.Set("since", since.Format(time.RFC3339Nano))
	}
	return q
}
