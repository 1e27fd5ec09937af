package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"veille"
)

// withVariable is a text that the environment completes; what it becomes is
// checked when it is loaded.
const withVariable = `\$\{`

// Schema is the JSON Schema (draft 2020-12) of a configuration, generated from
// the types that the decoder fills, with the options of the receiver kinds.
func Schema(kinds []veille.ReceiverKind) ([]byte, error) {
	g := generator{fields: make(fieldCache), kinds: kinds}
	root, err := g.object(reflect.ValueOf(defaults()))
	if err != nil {
		return nil, err
	}
	group, err := g.object(reflect.Zero(clauseType))
	if err != nil {
		return nil, err
	}
	group["description"] = "A group of which all that is given must hold."
	item, err := g.scalar(reflect.Zero(reflect.TypeFor[string]()), field{trap: "word"})
	if err != nil {
		return nil, err
	}
	item["description"] = "A word or a phrase, prefix*, ~inflected, =exact, or @concept."
	root["$defs"] = schema{"clause": schema{"anyOf": []any{item, group}}}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Veille configuration"
	data, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the schema: %w", err)
	}
	return append(data, '\n'), nil
}

type schema = map[string]any

type generator struct {
	fields fieldCache
	kinds  []veille.ReceiverKind
}

// object describes a struct. Its non-zero fields are the defaults.
func (g generator) object(v reflect.Value) (schema, error) {
	shape := g.fields.shape(v.Type())
	properties := schema{}
	var required, conditions []any
	for _, f := range shape.fields {
		s, err := g.value(v.FieldByIndex(f.index), f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.key, err)
		}
		if f.doc != "" {
			s["description"] = f.doc
		}
		properties[f.key] = s
		if f.typ == secretType {
			properties[f.key+"_file"] = schema{"type": "string", "minLength": 1, "description": "A file that holds " + f.key + ", such as a Docker secret."}
			conditions = append(conditions, schema{"not": schema{"required": []any{f.key, f.key + "_file"}}})
			if f.required {
				conditions = append(conditions, schema{"anyOf": []any{schema{"required": []any{f.key}}, schema{"required": []any{f.key + "_file"}}}})
			}
			continue
		}
		if f.required {
			required = append(required, f.key)
		}
	}
	out := schema{"type": "object", "properties": properties, "additionalProperties": false}
	switch v.Type() {
	case reflect.TypeFor[watch]():
		conditions = append(conditions, anyKey("query", "all", "any", "at_least"))
	case clauseType:
		conditions = append(conditions, anyKey("all", "any", "none", "at_least"))
	}
	if len(required) > 0 {
		out["required"] = required
	}
	if len(conditions) > 0 {
		out["allOf"] = conditions
	}
	return out, nil
}

// anyKey asks for one at least of some keys.
func anyKey(keys ...string) schema {
	var ways []any
	for _, k := range keys {
		ways = append(ways, schema{"required": []string{k}})
	}
	return schema{"anyOf": ways}
}

func (g generator) value(v reflect.Value, f field) (schema, error) {
	switch t := v.Type(); {
	case t == secretType:
		return schema{"type": "string", "minLength": 1}, nil
	case t == durationType:
		s := schema{"type": []any{"string", "integer"}, "pattern": orVariable(durationPattern), "maximum": 0, "minimum": 0}
		if d := time.Duration(v.Int()); d != 0 {
			s["default"] = formatDuration(d)
		}
		return s, nil
	case f.unit == "bytes":
		s := schema{"type": []any{"string", "integer"}, "pattern": orVariable(sizePattern), "minimum": 0}
		if n := v.Int(); n != 0 {
			s["default"] = formatSize(n)
		}
		return s, nil
	case t == placeType:
		return g.receiver()
	case t == clauseType:
		return schema{"$ref": "#/$defs/clause"}, nil
	case t.Kind() == reflect.Pointer:
		return g.value(reflect.Zero(t.Elem()), f)
	case t.Kind() == reflect.Struct:
		return g.object(v)
	case t.Kind() == reflect.Slice:
		return g.list(v, f)
	case t.Kind() == reflect.Map:
		item, err := g.value(reflect.Zero(t.Elem()), f)
		return schema{"type": "object", "additionalProperties": item}, err
	}
	return g.scalar(v, f)
}

func (g generator) list(v reflect.Value, f field) (schema, error) {
	item := f
	item.unique, item.doc = false, ""
	s, err := g.value(reflect.Zero(v.Type().Elem()), item)
	out := schema{"type": "array", "items": s}
	if f.unique {
		out["uniqueItems"] = true
	}
	if f.alone != "" {
		out = schema{"anyOf": []any{out, schema{"enum": []any{f.alone}}, schema{"type": "string", "pattern": withVariable}}}
	}
	return out, err
}

func (g generator) scalar(v reflect.Value, f field) (schema, error) {
	s := schema{}
	switch v.Kind() {
	case reflect.String:
		s["type"] = "string"
		if f.trap != "" {
			// 007 and 1e3 are words here, whatever an editor takes them for.
			s["type"] = []any{"string", "number", "boolean"}
		}
		s["minLength"] = 1
		switch {
		case len(f.enum) > 0:
			var values []any
			for _, e := range f.enum {
				values = append(values, e)
			}
			s = schema{"anyOf": []any{schema{"enum": values}, schema{"type": "string", "pattern": withVariable}}}
		case f.pattern != "":
			s["pattern"] = orVariable(f.pattern)
		}
	case reflect.Bool:
		s["type"] = []any{"boolean", "string"}
		s["pattern"] = orVariable("^(true|false)$")
	case reflect.Float32, reflect.Float64:
		s["type"] = []any{"number", "string"}
		s["pattern"] = orVariable(`^[0-9.eE+-]+$`)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s["type"] = []any{"integer", "string"}
		s["pattern"] = orVariable(`^-?[0-9]+$`)
	default:
		return nil, fmt.Errorf("no schema for a value of type %s", v.Type())
	}
	if !v.IsZero() {
		s["default"] = v.Interface()
	}
	return s, nil
}

// receiver is one kind with its options, and what may stand beside it.
func (g generator) receiver() (schema, error) {
	out, err := g.object(reflect.ValueOf(receiver{}))
	if err != nil {
		return nil, err
	}
	properties, _ := out["properties"].(schema)
	var one []any
	for _, k := range g.kinds {
		options, err := g.object(reflect.Indirect(reflect.ValueOf(k.Options())))
		if err != nil {
			return nil, fmt.Errorf("options of %s: %w", k.Name, err)
		}
		options["description"] = k.Summary
		properties[k.Name] = options
		one = append(one, schema{"required": []any{k.Name}})
	}
	out["oneOf"] = one
	return out, nil
}

// orVariable widens a pattern to texts that the environment completes.
func orVariable(pattern string) string { return "(" + pattern + ")|" + withVariable }
