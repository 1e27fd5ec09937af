package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// operation is one thing that the API does: it routes the request and
// describes it, so that the description is of what is there.
type operation struct {
	// Route is a pattern of http.ServeMux.
	Route   string
	Summary string
	// Query names the parameters of the query, Answer is the type of the answer;
	// nil for none, or for bytes.
	Query  []string
	Answer reflect.Type
	Status int
	// Write says that a token needs the right to act.
	Write bool
	serve http.HandlerFunc
}

// parameters says what each parameter of the API means.
func parameters() map[string]map[string]any {
	text := func(what string) map[string]any {
		return map[string]any{"description": what, "schema": map[string]any{"type": "string"}}
	}
	instant := func(what string) map[string]any {
		return map[string]any{"description": what, "schema": map[string]any{"type": "string", "format": "date-time"}}
	}
	return map[string]map[string]any{
		"limit":    {"description": "At most this many rows, 1000 at most; 50 where nothing is said.", "schema": map[string]any{"type": "integer", "minimum": 0}},
		"cursor":   text("Where the page begins: taken from the Link header of the page before."),
		"since":    instant("Only rows at or after this time."),
		"before":   instant("Only rows before this time."),
		"watch":    text("Only of this watch."),
		"type":     text("Only of this type, such as article.edited."),
		"source":   text("Only of this source."),
		"q":        text("What to look for, in the language of the watches."),
		"language": text("Only read in this language, an ISO 639-1 code."),
		"facets":   {"description": "true also counts all that matches, by source, watch, language and day.", "schema": map[string]any{"type": "boolean"}},
		"outlets":  {"description": "Only what at least this many sites carry.", "schema": map[string]any{"type": "integer", "minimum": 0}},
		"receiver": text("Only to this receiver."),
		"state":    text("Only in this state: pending, sent, dead, suppressed, grouped or split."),
		"event":    text("Only of the event with this id."),
		"batch":    text("Only those that the digest with this id tells."),
		"story":    text("The id of a story."),
		"until":    instant("When the mute ends."),
		"reason":   text("Why it is muted."),
		"of":       text("The id of an article, or a link that leads to it."),
		"id":       text("The id."), "seq": text("The sequence number of the delivery."),
		"name": text("The name."),
	}
}

// openAPI describes operations as OpenAPI 3.1.
func openAPI(version string, operations []operation) ([]byte, error) {
	components, known := schemas{}, parameters()
	failure := map[string]any{"description": "What is wrong, as RFC 9457 says it.", "content": map[string]any{
		"application/problem+json": map[string]any{"schema": components.of(reflect.TypeFor[Problem]())}}}
	paths := map[string]map[string]any{}
	for _, o := range operations {
		method, path, _ := strings.Cut(o.Route, " ")
		params := []any{}
		add := func(name, in string) {
			p := map[string]any{"name": name, "in": in, "required": in == "path"}
			for k, v := range known[name] {
				p[k] = v
			}
			params = append(params, p)
		}
		for _, part := range strings.Split(path, "/") {
			if name, ok := strings.CutPrefix(part, "{"); ok {
				add(strings.TrimSuffix(name, "}"), "path")
			}
		}
		for _, name := range o.Query {
			add(name, "query")
		}
		done := map[string]any{"description": o.Summary}
		switch {
		case o.Answer != nil:
			schema := components.of(o.Answer)
			if o.Answer.Kind() == reflect.Slice {
				schema["type"] = "array"
			}
			done["content"] = map[string]any{"application/json": map[string]any{"schema": schema}}
		case o.Status == statusBytes:
			done["content"] = map[string]any{"application/octet-stream": map[string]any{}}
		}
		status := o.Status
		if status == statusBytes || status == 0 {
			status = 200
		}
		summary := o.Summary
		if o.Write {
			summary += " Needs a token with write."
		}
		if paths[path] == nil {
			paths[path] = map[string]any{}
		}
		paths[path][strings.ToLower(method)] = map[string]any{
			"summary": summary, "parameters": params,
			"responses": map[string]any{strconv.Itoa(status): done, "default": failure},
		}
	}
	return json.MarshalIndent(map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{"title": "Veille", "version": version,
			"description": "What Veille has read, told and does. Rows are as `veille articles --json` and its siblings print them; listings are newest first, and a Link header names the next page."},
		"security": []any{map[string]any{"bearer": []any{}}, map[string]any{"basic": []any{}}},
		"paths":    paths,
		"components": map[string]any{
			"schemas": components,
			"securitySchemes": map[string]any{
				"bearer": map[string]any{"type": "http", "scheme": "bearer"},
				"basic":  map[string]any{"type": "http", "scheme": "basic", "description": "Any name, with the password or a token."},
			},
		},
	}, "", " ")
}
