package discover

import (
	"math"
	"strconv"
)

// score adds up the terms that speak for or against an address, and where it
// was asked to, says each.
type score struct {
	sum  float64
	tell bool
	why  []string
}

func (s *score) add(v float64, term string) {
	if v == 0 {
		return
	}
	s.sum += v
	if s.tell {
		s.why = append(s.why, signed(v)+" "+term)
	}
}

// raise lifts the sum to a floor.
func (s *score) raise(floor float64, term string) {
	if s.sum < floor {
		s.add(floor-s.sum, term)
	}
}

// sink lowers the sum to a ceiling.
func (s *score) sink(ceiling float64, term string) {
	if s.sum > ceiling {
		s.add(ceiling-s.sum, term)
	}
}

func signed(v float64) string {
	sign := ""
	if v > 0 {
		sign = "+"
	}
	return sign + strconv.FormatFloat(math.Round(v*10)/10, 'f', 1, 64)
}

// probability maps a score to 0..1; the threshold lies at one half.
func probability(score float64) float64 {
	return math.Round(1000/(1+math.Exp(-score))) / 1000
}
