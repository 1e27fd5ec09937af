package web

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"veille/web/access"
)

// Readiness is the answer of /readyz: 200 when Ready, else 503.
type Readiness struct {
	Ready    bool     `json:"ready"`
	Reasons  []string `json:"reasons"`
	Warnings []string `json:"warnings"`
}

// health answers for the daemon's condition.
type health struct {
	status  Status
	metrics http.Handler
}

func newHealth(status Status) *health {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		&sampleCollector{status},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return &health{status, promhttp.HandlerFor(registry, promhttp.HandlerOpts{})}
}

// Health serves /healthz, /readyz and /metrics, whole, without asking for
// credentials: for a listener that only the operator reaches.
func Health(status Status) http.Handler {
	h := newHealth(status)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { h.answer(w, true) })
	mux.Handle("GET /metrics", h.metrics)
	return mux
}

func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintln(w, "alive")
}

func (h *health) readiness() Readiness {
	r := Readiness{Reasons: nonNil(h.status.Reasons()), Warnings: nonNil(h.status.Warnings())}
	r.Ready = len(r.Reasons) == 0
	return r
}

// answer tells whether the daemon is ready, and why not to those who may read.
func (h *health) answer(w http.ResponseWriter, reader bool) {
	r := h.readiness()
	code := http.StatusOK
	if !r.Ready {
		code = http.StatusServiceUnavailable
	}
	if !reader {
		r.Reasons, r.Warnings = []string{}, []string{}
	}
	writeJSON(w, code, r)
}

// readyz answers anybody with the code: a probe has no password, and asks under
// an address of its own. The words, which name sources and receivers, are for
// those who may read.
func (s *Server) readyz() http.Handler {
	return s.Guard.Admit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.health.answer(w, access.FromContext(r.Context()).Read)
	}), func(w http.ResponseWriter, _ *http.Request, _ int, _ string) { s.health.answer(w, false) })
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}
