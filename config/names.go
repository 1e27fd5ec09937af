package config

import (
	"fmt"
	"strings"
	"unicode"
)

// checkName refuses names that cannot be shown on one line.
func checkName(at place, name string) bool {
	switch {
	case name == "":
		at.wrong("an empty name", "write one, or remove the key")
	case len([]rune(name)) > 100:
		at.wrong("this name is too long", "at most 100 characters")
	case strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl):
		at.wrong("a name with blanks around it or control characters in it", "remove them")
	default:
		return true
	}
	return false
}

// claim records a name that must be unique over all files, and reports whether
// it was free.
func claim(taken map[string]place, name string, at place, what string) bool {
	before, ok := taken[name]
	if !ok {
		taken[name] = at
		return true
	}
	line, _ := before.in.text.position(before.start())
	at.wrong("another "+what+" has this name", fmt.Sprintf("it is at %s:%d", before.in.text.name, line))
	return false
}
