// Package web answers over HTTP: liveness, readiness and metrics to anybody who
// may reach the listener, and the stored record to the operator's commands. It
// reads, and never decides.
package web
