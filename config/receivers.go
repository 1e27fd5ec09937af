package config

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"veille"
)

// receiversOf gathers the receivers of a file: a name, then a kind with its
// options.
func (l *loader) receiversOf(f fragment) {
	for name, at := range f.Receivers {
		if !claim(l.receivers, name, at, "receiver") || !checkName(at, name) {
			continue
		}
		n := resolved(at.node)
		if n.Kind != yaml.MappingNode || n.Style&yaml.TaggedStyle != 0 {
			at.wrong("this must be a kind with its options", "write "+l.kindExample())
			continue
		}
		var kinds []string
		known := shapeOf(reflect.TypeFor[receiver](), nil)
		var beside receiver
		misspelt := false
		at.keysOf(n, func(key string, value place) {
			if kind, ok := l.kind(key); ok {
				if kinds = append(kinds, key); len(kinds) == 1 {
					l.receiver(name, kind, value)
				}
				return
			}
			i := slices.IndexFunc(known.fields, func(f field) bool { return f.key == key })
			if i >= 0 {
				value.decode(reflect.ValueOf(&beside).Elem().FieldByIndex(known.fields[i].index), known.fields[i])
				return
			}
			misspelt = true
			var s shape
			for _, k := range l.checks.Kinds {
				s.fields = append(s.fields, field{key: k.Name})
			}
			s.fields = append(s.fields, known.fields...)
			meant := at.unknownKey(key, s)
			if kind, ok := l.kind(meant); ok {
				if kinds = append(kinds, meant); len(kinds) == 1 {
					l.receiver(name, kind, at.key(meant))
				}
			}
		})
		switch {
		case len(kinds) == 0 && !misspelt:
			at.wrong("a receiver needs a kind", "write "+l.kindExample())
		case len(kinds) > 1:
			at.wrong("a receiver has one kind, not "+list(kinds), "make two receivers of it")
		case len(kinds) == 1:
			kind, _ := l.kind(kinds[0])
			l.manners(&l.config.Receivers[len(l.config.Receivers)-1], kind, at, beside)
		}
	}
}

func (l *loader) kind(name string) (veille.ReceiverKind, bool) {
	i := slices.IndexFunc(l.checks.Kinds, func(k veille.ReceiverKind) bool { return k.Name == name })
	if i < 0 {
		return veille.ReceiverKind{}, false
	}
	return l.checks.Kinds[i], true
}

func (l *loader) kindExample() string {
	names := make([]string, 0, len(l.checks.Kinds))
	for _, k := range l.checks.Kinds {
		names = append(names, k.Name)
	}
	return "{ KIND: { … } } with one of " + list(names)
}

// receiver decodes the options of a kind strictly into the kind's own type.
func (l *loader) receiver(name string, kind veille.ReceiverKind, at place) {
	options := kind.Options()
	before := len(l.report.entries)
	if v := reflect.ValueOf(options); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		at.decode(v.Elem(), field{})
	}
	l.config.Receivers = append(l.config.Receivers, veille.Receiver{Name: name, Kind: kind.Name, Options: options})
	// What could not be decoded, or is missing where a key was misspelt, was
	// said already; the other options are judged all the same.
	said := map[string]bool{}
	for _, e := range l.report.entries[before:] {
		said[e.Path] = true
	}
	secrets := secretsOf(reflect.ValueOf(options))
	for _, p := range options.Problems() {
		p.Path = strings.TrimPrefix(strings.TrimPrefix(p.Path, kind.Name), ".")
		where := at.follow(p.Path)
		if file := at.follow(p.Path + "_file"); p.Path != "" && where.missing && !file.missing {
			where = file
		}
		if said[where.path.String()] || where.missing && len(said) > 0 {
			continue
		}
		where.wrongSecretly(p, secrets)
	}
}

// secretsOf reveals the secrets of options, so that no message shows one.
func secretsOf(v reflect.Value) []string {
	var out []string
	switch {
	case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
		if !v.IsNil() {
			return secretsOf(v.Elem())
		}
	case v.Type() == secretType && v.CanInterface():
		if s := v.Interface().(veille.Secret).Reveal(); s != "" {
			out = append(out, s)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			out = append(out, secretsOf(v.Field(i))...)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			out = append(out, secretsOf(v.Index(i))...)
		}
	case v.Kind() == reflect.Map:
		for _, k := range v.MapKeys() {
			out = append(out, secretsOf(v.MapIndex(k))...)
		}
	}
	return out
}
