// Package crash holds the campaigns that try to make Veille lose, repeat or
// garble an alert: processes killed at any moment, power lost between any two
// writes, system calls that fail, disks that fill. It has tests only. The judge
// of each campaign is never the daemon: it is a receiver in a process of its
// own that writes down what it was told, or the bytes that reached the disk.
//
// `go test ./crash` runs a short lane of every campaign, `make crash` all of
// them; the flags are in lanes_test.go, the figures in docs/benchmarks.md.
package crash
