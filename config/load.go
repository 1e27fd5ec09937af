package config

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"veille"
)

// Load reads a configuration file and all that it includes. lookup gives the
// environment. A configuration with mistakes is an *Errors that lists them all;
// errors.Is tells fs.ErrNotExist when the file is missing.
func Load(path string, lookup func(string) (string, bool), checks Checks) (*Config, error) {
	l := newLoader(lookup, checks)
	data, err := readBounded(path, maxFile)
	l.inputs.add(path, data)
	if err != nil {
		l.report.cause = err
		l.report.add(0, Mistake{File: path, What: "read the configuration: " + reason(err)})
		return nil, l.report.errors(l.inputs)
	}
	return l.load(newText(path, filepath.Dir(path), 0, data))
}

// Parse reads a configuration from bytes. It reads no file: include and the
// _file form of secrets are mistakes. name stands for the file in messages.
func Parse(name string, data []byte, lookup func(string) (string, bool), checks Checks) (*Config, error) {
	l := newLoader(lookup, checks)
	if len(data) > maxFile {
		l.report.add(0, Mistake{File: name, What: errTooLarge.Error()})
		return nil, l.report.errors(l.inputs)
	}
	t := newText(name, "", 0, data)
	t.sealed = true
	return l.load(t)
}

// loader gathers what the files say into one Config.
type loader struct {
	checks Checks
	rules  Rules     // nil judges nothing
	told   *expanded // see toldFilled
	env    environment
	report report
	inputs Inputs
	fields fieldCache

	fragments []fragment
	sources   map[string]place // by name
	watches   map[string]place
	receivers map[string]place
	concepts  map[string]place
	schedules map[schedule]error
	patterns  map[string]bool // of watches: whether they select a source
	// publicDefault says that a public source has no schedule of its own.
	publicDefault bool
	// zoneAt is where the file says its time zone.
	zoneAt place
	// ladderDefault says that a source has no recheck of its own.
	ladderDefault bool
	config        Config
}

func newLoader(lookup func(string) (string, bool), checks Checks) *loader {
	return &loader{
		checks: checks, env: environment{lookup}, fields: make(fieldCache),
		sources: make(map[string]place), watches: make(map[string]place),
		receivers: make(map[string]place), concepts: make(map[string]place),
		schedules: make(map[schedule]error), patterns: make(map[string]bool),
		config: Config{Concepts: make(map[string][]string)},
	}
}

func (l *loader) load(t *text) (*Config, error) {
	doc := defaults()
	if at, ok := l.decode(t, &doc); ok {
		doc.At = at
		l.fragments = append(l.fragments, doc.fragment)
		if len(doc.Include) > 0 {
			l.include(at.key("include"), doc.Include)
		}
		l.report.decoded = true
		l.settings(doc)
		l.zoneAt = at.key("timezone")
		l.gather()
		l.health(at.key("health"), doc.Health)
		l.inherited(at)
		if len(l.config.Sources) == 0 && l.report.clean() {
			at.wrong("no sources: there is nothing to watch", "list at least one url under sources")
		}
	}
	if !l.report.clean() {
		return nil, l.report.errors(l.inputs)
	}
	l.config.Inputs = l.inputs
	l.config.Files = l.inputs.Files
	return &l.config, nil
}

// decode parses a text and fills into, a pointer to a struct. A text without
// content is an empty mapping.
func (l *loader) decode(t *text, into any) (place, bool) {
	if !t.parse(&l.report) {
		return place{}, false
	}
	in := &reading{text: t, env: l.env, report: &l.report, inputs: &l.inputs, fields: l.fields}
	if t.root == nil {
		t.root = emptyMapping()
	}
	at := place{in: in, node: t.root}
	return at, at.decode(reflect.ValueOf(into).Elem(), field{})
}

// include reads the files that patterns name. Hidden files that a glob meets
// are left out: editors and Kubernetes keep their own there.
func (l *loader) include(at place, patterns []string) {
	if at.in.text.sealed {
		at.wrong("other files cannot be included from here", "")
		return
	}
	main := filepath.Clean(at.in.text.name)
	var read []string
	for i, pattern := range patterns {
		at := at.index(i)
		if pattern == "" {
			continue // reported before
		}
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(at.in.text.dir, pattern)
		}
		names, err := expandGlob(pattern)
		if err != nil {
			at.wrong("this glob is broken", "close its brackets")
			continue
		}
		if isGlob(pattern) {
			l.inputs.addGlob(pattern, names)
		}
		names = slices.DeleteFunc(names, func(n string) bool { return n == main })
		if len(names) == 0 {
			l.inputs.add(pattern, nil)
			at.wrong("no file matches", "paths start at the folder of this file")
			continue
		}
		for _, name := range names {
			if !slices.Contains(read, name) {
				read = append(read, name)
				l.includeFile(at, name, len(read))
			}
		}
	}
}

func (l *loader) includeFile(at place, name string, rank int) {
	data, err := readBounded(name, maxFile)
	l.inputs.add(name, data)
	if err != nil {
		if len(at.filled().values) == 0 {
			at.wrong(fmt.Sprintf("read %s: %s", name, reason(err)), "")
		} else {
			at.wrong("read the file: "+reason(err), "")
		}
		return
	}
	var f fragment
	t := newText(name, filepath.Dir(name), rank, data)
	if at, ok := l.decode(t, &f); ok {
		f.At = at
		l.fragments = append(l.fragments, f)
	}
}

// gather builds the domain values, receivers and sources before the watches
// that name them.
func (l *loader) gather() {
	for _, f := range l.fragments {
		for i := range f.Sources {
			if f.Sources[i].At.decoded() {
				l.source(f.Sources[i])
			}
		}
		l.receiversOf(f)
		l.conceptsOf(f)
	}
	l.checkConcepts()
	slices.SortFunc(l.config.Receivers, func(a, b veille.Receiver) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range l.fragments {
		for i := range f.Watches {
			if f.Watches[i].At.decoded() {
				l.watch(f.Watches[i])
			}
		}
	}
}

func emptyMapping() *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: 1, Column: 1}
}
