// Package web answers over HTTP: the dashboard, the API, the feeds, liveness,
// readiness and metrics to those whom package access lets through, and the
// stored record to the operator's commands. It reads, and never decides.
package web
