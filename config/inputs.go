package config

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Inputs are what a configuration was read from: the files with what they held,
// and the globs with what they named, so that a Watcher can tell a change from
// that very moment on.
type Inputs struct {
	Files []string
	Globs []string
	state map[string][sha256.Size]byte
}

// add records a file and what it held; nil when it could not be read. A pipe
// cannot be read twice and is not watched. A folder is: a container's mount leaves
// one where a file was missing, until it is there.
func (in *Inputs) add(name string, data []byte) {
	if f, err := os.Stat(name); err == nil && !f.Mode().IsRegular() && !f.IsDir() {
		return
	}
	if !slices.Contains(in.Files, name) {
		in.Files = append(in.Files, name)
	}
	in.set(name, contentSum(data))
}

func (in *Inputs) addGlob(pattern string, names []string) {
	in.Globs = append(in.Globs, pattern)
	in.set("glob:"+pattern, namesSum(names))
}

func (in *Inputs) set(key string, sum [sha256.Size]byte) {
	if in.state == nil {
		in.state = make(map[string][sha256.Size]byte)
	}
	in.state[key] = sum
}

// now looks at the inputs again.
func (in Inputs) now() map[string][sha256.Size]byte {
	state := make(map[string][sha256.Size]byte, len(in.state))
	for _, name := range in.Files {
		data, err := readBounded(name, maxFile)
		if err != nil {
			data = nil
		}
		state[name] = contentSum(data)
	}
	for _, pattern := range in.Globs {
		names, _ := expandGlob(pattern)
		state["glob:"+pattern] = namesSum(names)
	}
	return state
}

// contentSum tells a missing file from an empty one.
func contentSum(data []byte) [sha256.Size]byte {
	if data == nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(data)
}

func namesSum(names []string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(names, "\x00")))
}

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

// expandGlob names the files that a pattern means, sorted. A plain path means
// itself, whether it exists or not.
func expandGlob(pattern string) ([]string, error) {
	if !isGlob(pattern) {
		return []string{filepath.Clean(pattern)}, nil
	}
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(filepath.Base(pattern), ".") {
		names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(filepath.Base(n), ".") })
	}
	return names, nil
}
