package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"veille"
)

// A back-test of a million articles takes longer than any answer of a page may.
func TestBacktest_OutlastsTheDeadlinesOfTheSocket(t *testing.T) {
	l := newLab(t, 15)
	l.publish(30)
	own := &operator{Store: l.store}
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{
		Handler: http.HandlerFunc(own.serveBacktest), WriteTimeout: time.Nanosecond, ReadHeaderTimeout: time.Minute,
	}}
	server.Start()
	t.Cleanup(server.Close)
	c := newControlClient(socket)
	defer func() { _ = c.Close() }()
	report, err := c.Backtest(context.WithoutCancel(t.Context()), pastTest{Now: pastRules{Watches: []veille.Watch{{Name: "W", Query: "Russie"}}}})
	if err != nil || report.Articles != 30 || report.Watches[0].Hits == 0 {
		t.Errorf("%v, %+v", err, report)
	}
}
