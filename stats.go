package veille

import (
	"slices"
	"sync/atomic"
	"time"
)

// Sample is one number that a package shows to the operator. Packages count
// with plain atomics and answer with samples when asked, so that only the web
// package knows how metrics travel.
type Sample struct {
	// Name begins with veille_ and ends in its unit; counters in _total.
	Name   string
	Help   string
	Type   SampleType
	Labels [][2]string
	// Value is the number; of a histogram, the sum of what was observed.
	Value float64
	// Count and Buckets are those of a histogram.
	Count   uint64
	Buckets []Bucket
}

// Bucket counts what was observed up to a bound, smaller buckets included.
type Bucket struct {
	UpTo  float64
	Count uint64
}

// SampleType tells a number that only grows from one that moves.
type SampleType int

// The sample types.
const (
	Gauge SampleType = iota
	Counter
	Histogram
)

// Latencies counts durations in buckets, to show how they are spread. It is
// safe for concurrent use.
type Latencies struct {
	bounds []time.Duration
	counts []atomic.Uint64 // one more than bounds: what is longer than all
	sum    atomic.Int64
}

// NewLatencies returns empty buckets with these upper bounds, which grow.
func NewLatencies(bounds ...time.Duration) *Latencies {
	return &Latencies{bounds: bounds, counts: make([]atomic.Uint64, len(bounds)+1)}
}

// Observe counts a duration; a negative one, of clocks that differ, as none.
func (l *Latencies) Observe(d time.Duration) {
	d = max(d, 0)
	i, _ := slices.BinarySearch(l.bounds, d)
	l.counts[i].Add(1)
	l.sum.Add(int64(d))
}

// Sample shows the buckets, in seconds.
func (l *Latencies) Sample(name, help string, labels ...[2]string) Sample {
	s := Sample{Name: name, Help: help, Type: Histogram, Labels: labels, Value: time.Duration(l.sum.Load()).Seconds(), Buckets: make([]Bucket, len(l.bounds))}
	for i := range l.counts {
		s.Count += l.counts[i].Load()
		if i < len(l.bounds) {
			s.Buckets[i] = Bucket{l.bounds[i].Seconds(), s.Count}
		}
	}
	return s
}
