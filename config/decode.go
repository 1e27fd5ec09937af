package config

import (
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"
)

// maxAliased bounds how many nodes one file may reach through aliases: a few
// lines of aliases of aliases would otherwise grow without end.
const maxAliased = 100_000

// decode fills v from the node at p, strictly, and reports every mistake. It
// answers whether v was filled.
func (p place) decode(v reflect.Value, f field) bool {
	if v.Type() == placeType {
		v.Set(reflect.ValueOf(p))
		return true
	}
	if v.Type() == clauseType && resolved(p.node).Kind == yaml.ScalarNode {
		return p.decodeItem(v)
	}
	if p.node.Kind == yaml.AliasNode {
		p.in.aliased += size(p.node, maxAliased)
		if p.in.aliased > maxAliased {
			if p.in.aliased <= 2*maxAliased+1 {
				p.in.aliased = 2*maxAliased + 2 // said once
				p.wrong("aliases make this file too large", fmt.Sprintf("at most %d values may come through aliases", maxAliased))
			}
			return false
		}
	}
	n := resolved(p.node)
	if n.Style&yaml.TaggedStyle != 0 {
		p.wrong("a YAML tag: a value without quotes cannot begin with !", "put the whole value between single quotes")
		return false
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		return p.decode(v.Elem(), f)
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Style == 0 {
		p.wrongNull(v.Type())
		return false
	}
	switch {
	case v.Type() == secretType || v.Type() == durationType:
		return p.decodeScalar(v, f)
	case v.Kind() == reflect.Struct:
		return p.decodeStruct(v)
	case v.Kind() == reflect.Slice:
		return p.decodeList(v, f)
	case v.Kind() == reflect.Map:
		return p.decodeMap(v, f)
	}
	return p.decodeScalar(v, f)
}

// size counts the nodes below an alias, itself included, up to a limit.
func size(n *yaml.Node, limit int) int {
	total := 1
	if n.Kind == yaml.AliasNode {
		return total + size(resolved(n), limit-1)
	}
	for _, c := range n.Content {
		if total >= limit {
			break
		}
		if c.Kind == yaml.AliasNode {
			total++ // counted when it is decoded in its turn
			continue
		}
		total += size(c, limit-total)
	}
	return total
}

func (p place) wrongNull(t reflect.Type) {
	help := "write a value, or remove the key"
	switch t.Kind() {
	case reflect.Struct:
		if t != secretType && p.path != nil && p.path.key == "" {
			help = "remove the item, or write its keys"
		} else if t != secretType {
			help = "write {} for no options, or remove the key"
		}
	case reflect.String:
		if p.written() != "" {
			help = "quote it if the word is meant"
		} else if p.path != nil && p.path.key == "" {
			help = "remove the item; text that begins with # must be quoted"
		}
	}
	p.wrong("no value", help)
}

// kindWords says what a node is, for people.
func kindWords(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// keysOf walks the keys of a mapping that can be used: plain, without tricks,
// and only once.
func (p place) keysOf(n *yaml.Node, use func(key string, value place)) {
	first := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		at := place{in: p.in, node: k, path: &step{up: p.path, key: k.Value}}
		switch {
		case k.Kind != yaml.ScalarNode || k.Style&yaml.TaggedStyle != 0 || k.Value == "":
			place{in: p.in, node: k, path: p.path}.wrong("a key must be plain text", "")
			continue
		case k.Tag == "!!merge":
			at.wrong("YAML merge keys are not read", "write the keys out")
			continue
		}
		if before := first[k.Value]; before != nil {
			line, _ := p.in.text.position(p.in.text.offset(before.Line, before.Column))
			at.wrong("this key is here twice", fmt.Sprintf("it is also on line %d", line))
			continue
		}
		first[k.Value] = k
		use(k.Value, place{in: p.in, node: n.Content[i+1], path: at.path})
	}
}

func (p place) decodeStruct(v reflect.Value) bool {
	n := resolved(p.node)
	if n.Kind != yaml.MappingNode {
		p.wrong("this must be a mapping of keys to values, not "+kindWords(n), p.in.fields.shape(v.Type()).asMapping(n))
		return false
	}
	s := p.in.fields.shape(v.Type())
	if s.at != nil {
		v.FieldByIndex(s.at).Set(reflect.ValueOf(p))
	}
	seen := make(map[string]bool, len(n.Content)/2)
	use := func(key string, value place) bool {
		for _, f := range s.fields {
			switch {
			case f.key == key:
				value.decode(v.FieldByIndex(f.index), f)
			case f.typ == secretType && f.key+"_file" == key:
				value.decodeSecretFile(v.FieldByIndex(f.index))
			default:
				continue
			}
			if seen[f.key] && f.typ == secretType {
				value.wrong(fmt.Sprintf("%s and %s_file are both given", f.key, f.key), "keep one of them")
			}
			seen[f.key] = true
			return true
		}
		return false
	}
	p.keysOf(n, func(key string, value place) {
		if use(key, value) {
			return
		}
		if meant := p.unknownKey(key, s); meant != "" {
			use(meant, p.key(meant))
		}
	})
	for _, f := range s.fields {
		if f.required && !seen[f.key] && !p.key(f.key).failed() {
			p.key(f.key).wrong("missing", "")
		}
	}
	return true
}

// decodeItem reads a clause that is a word or phrase alone.
func (p place) decodeItem(v reflect.Value) bool {
	c := clause{At: p}
	ok := p.decode(reflect.ValueOf(&c.Item).Elem(), field{trap: "word"})
	if ok && c.Item == "" {
		p.wrong("an empty text", "remove the item")
		ok = false
	}
	v.Set(reflect.ValueOf(c))
	return ok
}

func (p place) decodeList(v reflect.Value, f field) bool {
	n := resolved(p.node)
	if f.alone != "" && n.Kind == yaml.ScalarNode {
		one := reflect.New(v.Type().Elem()).Elem()
		word := f
		word.enum = []string{f.alone}
		if !p.decodeScalar(one, word) {
			return false
		}
		v.Set(reflect.Append(reflect.MakeSlice(v.Type(), 0, 1), one))
		return true
	}
	if n.Kind != yaml.SequenceNode {
		help := "write one item a line after -, or all of them in [ ]"
		p.wrong("this must be a list, not "+kindWords(n), help)
		return false
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	item := f
	item.unique = false
	filled := true
	var first map[string]int
	for i := range n.Content {
		at := p.index(i)
		if !at.decode(out.Index(i), item) {
			filled = false
			continue
		}
		if out.Index(i).Kind() != reflect.String {
			continue
		}
		s := out.Index(i).String()
		j, twice := first[s]
		switch {
		case s == "":
			at.wrong("an empty text", "remove the item")
			filled = false
		case f.unique && twice:
			at.wrong("this item is here twice", fmt.Sprintf("it is also item [%d]", j))
			filled = false
		case f.unique:
			if first == nil {
				first = make(map[string]int, len(n.Content))
			}
			first[s] = i
		}
	}
	v.Set(out)
	return filled
}

func (p place) decodeMap(v reflect.Value, f field) bool {
	n := resolved(p.node)
	if n.Kind != yaml.MappingNode {
		p.wrong("this must be a mapping of names to values, not "+kindWords(n), "write name: value, one a line and without a - before it")
		return false
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.Content)/2)
	filled := true
	p.keysOf(n, func(key string, value place) {
		item := reflect.New(v.Type().Elem()).Elem()
		if !value.decode(item, f) {
			filled = false
		}
		out.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
	})
	v.Set(out)
	return filled
}
