package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// unknownKey reports a key that the mapping does not have, at the key. It returns the
// key that was meant, if that is clear and not there: what stands under the
// misspelt one has its own mistakes, which are told at once.
func (p place) unknownKey(key string, s shape) (meant string) {
	at := p.key(key)
	for i, k := range resolved(p.node).Content {
		if i%2 == 0 && k.Value == key {
			at.node, at.missing = k, true // a key never holds a variable
			break
		}
	}
	if r := strange(key); r != 0 {
		at.wrong(fmt.Sprintf("a key with the character U+%04X in it, which looks like nothing or a blank", r), "delete it, and type the key anew")
		return ""
	}
	if len(s.fields) == 0 && !slices.Contains(s.later, key) {
		at.wrong("unknown key", "there are no keys here")
		return ""
	}
	help := Nearest(key, s.keys())
	if word := frenchKeys[strings.ToLower(key)]; help == "" && slices.Contains(s.keys(), word) {
		help = word
	}
	switch {
	case p.path == nil && p.in.text.rank > 0 && slices.Contains(p.in.fields.shape(documentType).keys(), key):
		at.wrong("this key belongs in the main file", "an included file holds "+list(s.keys()))
	case slices.Contains(s.later, key):
		at.wrong("unknown key", "it is not in this version")
	case help != "":
		at.wrong("unknown key", `did you mean "`+help+`"?`)
		if p.key(help).missing {
			at.node.Value = help
			return help
		}
	case p.isCut(key):
		at.wrong("unknown key", "a comma ends a value between { }: put the whole value before it between single quotes")
	case len(resolved(p.node).Content) == 2 && slices.Contains(s.keys(), "all"):
		at.wrong("unknown key", "an item that holds a colon and a blank must be quoted; as a group, its keys are "+list(s.keys()))
	default:
		at.wrong("unknown key", "the keys here are "+list(s.keys()))
	}
	return ""
}

// isCut reports whether a key is the rest of a text with a comma: it stands
// between { } and has no value.
func (p place) isCut(key string) bool {
	n := resolved(p.node)
	value := p.key(key).node
	return n.Style&yaml.FlowStyle != 0 && value.Kind == yaml.ScalarNode && value.Tag == "!!null" && value.Value == ""
}
