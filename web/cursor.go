package web

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"veille"
)

// cursor is where a listing goes on: after the first skip rows of one time.
// Times alone would lose rows that share one.
type cursor struct {
	at   time.Time
	skip int
}

func (c cursor) String() string {
	if c.at.IsZero() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.at.UnixNano(), 36) + "." + strconv.Itoa(c.skip)))
}

func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		at, skip, _ := strings.Cut(string(raw), ".")
		nanos, atErr := strconv.ParseInt(at, 36, 64)
		n, skipErr := strconv.Atoi(skip)
		if atErr == nil && skipErr == nil && n >= 0 && n < 1<<20 {
			return cursor{time.Unix(0, nanos).UTC(), n}, nil
		}
	}
	return cursor{}, fmt.Errorf("cursor %q was not given by this server: %w", s, errBadRequest)
}

// paged lists the rows of a page and where the next page begins, "" at the end.
// list is asked for rows before a time, newest first; at tells a row's time.
func paged[T any](ctx context.Context, from cursor, limit int, list func(context.Context, veille.Page) ([]T, error), at func(T) time.Time) ([]T, string, error) {
	p := veille.Page{Limit: limit + 1 + from.skip}
	if !from.at.IsZero() {
		p.Before = from.at.Add(1)
	}
	rows, err := list(ctx, p)
	if err != nil {
		return nil, "", err
	}
	skipped := 0
	for skipped < from.skip && skipped < len(rows) && at(rows[skipped]).Equal(from.at) {
		skipped++
	}
	rows = rows[skipped:]
	if len(rows) <= limit {
		return rows, "", nil
	}
	rows = rows[:limit]
	next := cursor{at: at(rows[limit-1])}
	for i := limit - 1; i >= 0 && at(rows[i]).Equal(next.at); i-- {
		next.skip++
	}
	if next.at.Equal(from.at) {
		next.skip += skipped
	}
	return rows, next.String(), nil
}
