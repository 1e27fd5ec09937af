package web

import (
	"reflect"
	"strings"
	"time"
	"unicode"
)

// schemas describes Go types as JSON Schema, as encoding/json writes them, so
// that the document cannot tell other names than the answers have.
type schemas map[string]any

var timeType = reflect.TypeFor[time.Time]()

// of returns the schema of a type; structs with a name are described once,
// under components.
func (s schemas) of(t reflect.Type) map[string]any {
	switch {
	case t == timeType:
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return map[string]any{"anyOf": []any{s.of(t.Elem()), map[string]any{"type": "null"}}}
	}
	switch t.Kind() {
	case reflect.Struct:
		name := t.Name()
		if _, known := s[name]; !known {
			s[name] = nil // a type that holds itself ends here
			s[name] = s.object(t)
		}
		return map[string]any{"$ref": "#/components/schemas/" + name}
	case reflect.Slice:
		// An empty list that is part of the contract is null where nobody made it.
		return map[string]any{"type": []string{"array", "null"}, "items": s.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Float64, reflect.Float32:
		return map[string]any{"type": "number"}
	default:
		return map[string]any{"type": "integer"}
	}
}

func (s schemas) object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	s.fields(t, properties, &required)
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

func (s schemas) fields(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			s.fields(f.Type, properties, required)
			continue
		}
		if name == "-" || !unicode.IsUpper(rune(f.Name[0])) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		properties[name] = s.of(f.Type)
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
