package veille

// Sample is one number that a package shows to the operator. Packages count
// with plain atomics and answer with samples when asked, so that only the web
// package knows how metrics travel.
type Sample struct {
	// Name begins with veille_ and ends in its unit; counters in _total.
	Name   string
	Help   string
	Type   SampleType
	Labels [][2]string
	Value  float64
}

// SampleType tells a number that only grows from one that moves.
type SampleType int

// The sample types.
const (
	Gauge SampleType = iota
	Counter
)
