// Package health judges a source against its own past. It is pure: a state and
// what happened go in, the next state and what to tell come out. What its
// figures promise is in docs/decisions/016-source-health.md.
package health
