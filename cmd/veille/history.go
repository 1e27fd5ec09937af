package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"veille"
	"veille/web"
)

// history is an article with what it said before.
type history struct {
	Article   veille.Article    `json:"article"`
	Revisions []veille.Revision `json:"revisions"`
}

// historyPath is where the daemon's socket answers with a history.
const historyPath = "/history"

// History finds an article by its id or by a link that leads to it.
func (o *operator) History(ctx context.Context, of string) (h history, err error) {
	if strings.HasPrefix(of, "art_") {
		h.Article, err = o.Article(ctx, of)
	} else {
		var canonical string
		if canonical, err = veille.CanonicalURL(of); err != nil {
			return h, fmt.Errorf("%q is neither an article's id nor a URL: %w", cut(of, 80), errUsage)
		}
		h.Article, err = o.ArticleByURL(ctx, canonical)
	}
	if errors.Is(err, veille.ErrNotFound) {
		return h, fmt.Errorf("no article %s: %w", cut(of, 200), veille.ErrNotFound)
	}
	if err != nil {
		return h, err
	}
	h.Revisions, err = o.Revisions(ctx, h.Article.ID)
	return h, err
}

// History asks the daemon.
func (c *controlClient) History(ctx context.Context, of string) (h history, err error) {
	err = c.get(ctx, historyPath, url.Values{"of": {of}}, &h)
	return h, err
}

// serveHistory answers on the socket.
func (o *operator) serveHistory(w http.ResponseWriter, r *http.Request) {
	h, err := o.History(r.Context(), r.URL.Query().Get("of"))
	answer(w, h, err)
}

// answer sends a value over the socket, or why there is none.
func answer(w http.ResponseWriter, v any, err error) {
	status := http.StatusOK
	switch {
	case errors.Is(err, veille.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, errUsage):
		status = http.StatusBadRequest
	case err != nil:
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err != nil {
		detail := strings.TrimSuffix(strings.TrimSuffix(err.Error(), ": "+veille.ErrNotFound.Error()), ": "+errUsage.Error())
		v = web.Problem{Title: http.StatusText(status), Status: status, Detail: detail}
	}
	_ = json.NewEncoder(w).Encode(v)
}
