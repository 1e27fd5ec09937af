package config

import (
	"fmt"
	"slices"
	"strings"
)

// Mistake is one thing that is wrong with a configuration.
type Mistake struct {
	File string
	// Line and Col count from 1; Col counts characters as a reader sees them.
	// Both are 0 when the file as a whole is meant.
	Line, Col int
	// Path names the value: "watches[0].query"; empty for the file.
	Path string
	// What says what is wrong, Help what to write instead. Neither holds a
	// secret or a value of the environment.
	What string
	Help string
	// Excerpt is the text at fault with a caret below the place, for mistakes
	// within a text; else empty.
	Excerpt string
}

func (m Mistake) String() string {
	var b strings.Builder
	b.WriteString(m.File)
	if m.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", m.Line, m.Col)
	}
	b.WriteString(": ")
	if m.Path != "" {
		b.WriteString(m.Path + ": ")
	}
	b.WriteString(m.What)
	if m.Help != "" {
		b.WriteString("; " + m.Help)
	}
	return b.String()
}

// Errors lists every mistake of a configuration, in the order of the files and
// of the places in them.
type Errors struct {
	Mistakes []Mistake
	// Inputs are what was read until then, so that a correction can be noticed.
	Inputs Inputs
	// cause is the failure to read the main file, if that is what happened.
	cause error
}

func (e *Errors) Error() string {
	var b strings.Builder
	for i, m := range e.Mistakes {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(m.String())
		if m.Excerpt != "" {
			b.WriteByte('\n')
			b.WriteString(m.Excerpt)
		}
	}
	return b.String()
}

// Unwrap gives the failure to read the main file, so that fs.ErrNotExist can
// be told; nil for other mistakes.
func (e *Errors) Unwrap() error { return e.cause }

// report collects mistakes while loading.
type report struct {
	entries []entry
	cause   error
	// failed holds the places whose value could not be decoded (true), and
	// those above them (false). Nothing more is said about such a value.
	failed  map[failure]bool
	decoded bool
}

type failure struct {
	file int
	path string
}

type entry struct {
	file int // the rank of the file: the main one first
	Mistake
}

func (r *report) add(file int, m Mistake) { r.entries = append(r.entries, entry{file, m}) }

// at adds a mistake about a value. While decoding it marks the value as failed;
// later a failed value is left alone.
func (r *report) at(file int, path *step, m Mistake) {
	if r.decoded && r.failed[failure{file, m.Path}] {
		return
	}
	r.add(file, m)
	if !r.decoded {
		r.fail(file, path)
	}
}

func (r *report) fail(file int, path *step) {
	if r.failed == nil {
		r.failed = make(map[failure]bool)
	}
	r.failed[failure{file, path.String()}] = true
	for s := path; s != nil; s = s.up {
		above := failure{file, s.up.String()}
		if _, marked := r.failed[above]; marked {
			break
		}
		r.failed[above] = false
	}
}

func (r *report) clean() bool { return len(r.entries) == 0 }

// errors sorts the mistakes and drops those said twice.
func (r *report) errors(in Inputs) *Errors {
	slices.SortStableFunc(r.entries, func(a, b entry) int {
		for _, d := range []int{a.file - b.file, a.Line - b.Line, a.Col - b.Col} {
			if d != 0 {
				return d
			}
		}
		return strings.Compare(a.Path, b.Path)
	})
	e := &Errors{Inputs: in, cause: r.cause}
	for i, en := range r.entries {
		if i == 0 || en != r.entries[i-1] {
			e.Mistakes = append(e.Mistakes, en.Mistake)
		}
	}
	return e
}
