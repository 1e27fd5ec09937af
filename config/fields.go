package config

import (
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"veille"
)

var (
	secretType   = reflect.TypeFor[veille.Secret]()
	durationType = reflect.TypeFor[time.Duration]()
	placeType    = reflect.TypeFor[place]()
	documentType = reflect.TypeFor[document]()
	clauseType   = reflect.TypeFor[clause]()
)

// field is one key of a mapping, from the tags of a struct field:
//
//	yaml:"key"         the key
//	doc:"…"            one or two sentences for the schema and the manual
//	enum:"a b"         the only values, also written "a,b"
//	pattern:"…"        a regular expression for the schema
//	required:"true"    the key must be there
//	unit:"bytes"       an int64 written as a size: 8MiB
//	unique:"true"      a list whose items differ
//	alone:"word"       a list that may also be this one word, without brackets
//	trap:"query|word"  text in which a stray # or & is a mistake
//	later:"a b"        keys of the mapping that this version does not know yet
type field struct {
	index                                []int
	key, doc, pattern, unit, trap, alone string
	enum                                 []string
	required, unique                     bool
	typ                                  reflect.Type
}

// shape is what the decoder and the schema know of a struct.
type shape struct {
	fields []field
	later  []string
	// at is the index of the field that takes the place itself; nil without.
	at []int
}

func (s shape) keys() []string {
	keys := make([]string, 0, len(s.fields))
	for _, f := range s.fields {
		keys = append(keys, f.key)
		if f.typ == secretType {
			keys = append(keys, f.key+"_file")
		}
	}
	return keys
}

// asMapping says how to write what is not a mapping as one.
func (s shape) asMapping(n *yaml.Node) string {
	if n.Kind == yaml.SequenceNode {
		return "write its keys without a - before them"
	}
	for _, f := range s.fields {
		if f.required {
			return "write its keys, such as " + f.key + ": …"
		}
	}
	return "write its keys: " + either(s.keys())
}

type fieldCache map[reflect.Type]shape

func (c fieldCache) shape(t reflect.Type) shape {
	if s, ok := c[t]; ok {
		return s
	}
	s := shapeOf(t, nil)
	c[t] = s
	return s
}

func shapeOf(t reflect.Type, prefix []int) shape {
	var s shape
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int(nil), prefix...), i)
		if later := f.Tag.Get("later"); later != "" {
			s.later = append(s.later, strings.Fields(later)...)
		}
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case f.Type == placeType && key == "-":
			s.at = index
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			inner := shapeOf(f.Type, index)
			s.fields, s.later = append(s.fields, inner.fields...), append(s.later, inner.later...)
			if inner.at != nil {
				s.at = inner.at
			}
		case f.PkgPath != "" || key == "" || key == "-":
		default:
			s.fields = append(s.fields, field{
				index: index, key: key, typ: f.Type,
				doc: f.Tag.Get("doc"), pattern: f.Tag.Get("pattern"), unit: f.Tag.Get("unit"), trap: f.Tag.Get("trap"), alone: f.Tag.Get("alone"),
				enum:     strings.FieldsFunc(f.Tag.Get("enum"), func(r rune) bool { return r == ' ' || r == ',' }),
				required: f.Tag.Get("required") == "true", unique: f.Tag.Get("unique") == "true",
			})
		}
	}
	return s
}
