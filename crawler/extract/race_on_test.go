//go:build race

package extract

// raceDetector: sync.Pool drops what it is given at random under the race
// detector, and regular expressions keep their machines there, so that what is
// allocated says nothing.
const raceDetector = true
