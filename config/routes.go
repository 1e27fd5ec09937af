package config

import (
	"maps"
	"slices"
	"strings"

	"veille"
)

// notify finds the receivers that a watch names: by name, by a severity that
// they list, or by a label that they have.
func (l *loader) notify(raw watch) []string {
	at := raw.At.key("notify")
	if !at.missing && len(raw.Notify) == 0 && len(resolved(at.node).Content) == 0 {
		at.wrong("nobody is told", "list at least one receiver")
	}
	l.checkLabels(raw.At.key("labels"), raw.Labels)
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for i, item := range raw.Notify {
		if _, ok := l.receivers[item]; ok {
			add(item)
			continue
		}
		if item == "" {
			continue
		}
		found, ok := l.route(at.index(i), raw, item)
		for _, name := range found {
			add(name)
		}
		if !ok {
			l.noReceiver(at.index(i), item)
		}
	}
	return out
}

// route reads an item that names receivers by what they have. ok is false for an
// item of another form.
func (l *loader) route(at place, raw watch, item string) (names []string, ok bool) {
	what, of, given := strings.Cut(item, ":")
	switch {
	case what == "severity":
		level := of
		if !given {
			level = raw.Severity
		}
		if level == "" {
			at.wrong("this watch has no severity", "give it one, or write severity:high")
			return nil, true
		}
		names = l.receiversWith(func(r veille.Receiver) bool { return slices.Contains(r.Severities, level) })
		if len(names) == 0 {
			at.wrong("no receiver lists the severity "+level, "write severity: ["+level+"] beside its kind")
		}
	case what == "label" && of != "":
		key, value, given := strings.Cut(of, "=")
		if !given {
			value = raw.Labels[key]
		}
		if value == "" {
			at.wrong("this watch has no label "+key, "give it one, or write label:"+key+"=VALUE")
			return nil, true
		}
		names = l.receiversWith(func(r veille.Receiver) bool { return r.Labels[key] == value })
		if len(names) == 0 {
			// The value may come from the environment.
			at.wrong("no receiver has this label "+key, "write labels: { "+key+": … } beside the kind of a receiver")
		}
	default:
		return nil, false
	}
	return names, true
}

func (l *loader) receiversWith(has func(veille.Receiver) bool) []string {
	var names []string
	for _, r := range l.config.Receivers {
		if has(r) {
			names = append(names, r.Name)
		}
	}
	return names
}

func (l *loader) noReceiver(at place, name string) {
	names := slices.Sorted(maps.Keys(l.receivers))
	help := "there are no receivers yet"
	if len(names) > 0 {
		help = "the receivers are " + list(names)
	}
	if did := didYouMean(name, names); did != "" {
		help = did
	}
	at.wrong("no receiver has this name", help)
}

// health finds the receivers of events about Veille itself: those that the file
// names, else those that no watch does, else all.
func (l *loader) health(at place, given []string) {
	if !at.missing {
		if len(given) == 0 && !at.failed() {
			at.wrong("nobody would hear of a source that fails", "list at least one receiver, or remove the key")
		}
		for i, name := range given {
			if _, ok := l.receivers[name]; !ok && name != "" {
				l.noReceiver(at.index(i), name)
			}
		}
		l.config.Health = given
		return
	}
	named := map[string]bool{}
	for _, w := range l.config.Watches {
		for _, name := range w.Notify {
			named[name] = true
		}
	}
	l.config.Health = l.receiversWith(func(r veille.Receiver) bool { return !named[r.Name] })
	if len(l.config.Health) == 0 {
		l.config.Health = l.receiversWith(func(veille.Receiver) bool { return true })
	}
}
