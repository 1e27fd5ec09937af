package notify

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// TestDocs_ShowTheEvent holds docs/receivers.md to what a webhook is sent, and
// to every field that an event may have.
func TestDocs_ShowTheEvent(t *testing.T) {
	raw, err := os.ReadFile("../docs/receivers.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(raw), "\n## The event\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, shown, found := strings.Cut(section, "```json\n")
	shown, table, whole := strings.Cut(shown, "\n```\n")
	if !ok || !found || !whole {
		t.Fatal("docs/receivers.md shows no event")
	}
	body, err := encodeEvent(Example(veille.ArticlePublished), maxWebhookBody)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(unmarshal[any](t, body), unmarshal[any](t, []byte(shown))); diff != "" {
		t.Errorf("the event that is shown (-sent +shown):\n%s", diff)
	}
	var named func(reflect.Type, map[reflect.Type]bool)
	named = func(typ reflect.Type, seen map[reflect.Type]bool) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ.PkgPath() != "veille" || seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if name == "-" || name == "" {
				continue
			}
			if !strings.Contains(table, "`"+name+"`") && !strings.Contains(shown, `"`+name+`":`) {
				t.Errorf("%s: %q is not described", typ.Name(), name)
			}
			named(typ.Field(i).Type, seen)
		}
	}
	named(reflect.TypeFor[veille.Event](), map[reflect.Type]bool{})
	if !json.Valid([]byte(shown)) {
		t.Error("it is no JSON")
	}
}
