package config

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// validator compiles the schema of the test's receiver kinds.
func validator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := Schema(testChecks().Kinds)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("veille.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("veille.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value reads YAML as an editor does, into the values of JSON.
func value(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var secrets = environ("SLACK_ASIA", "https://hooks.slack.com/services/x", "ARCHIVE_SECRET", "whsec_x", "SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/y")

func TestExamples_LoadAndValidate(t *testing.T) {
	schema := validator(t)
	files, err := filepath.Glob("../examples/*/veille.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		c, err := Load(file, secrets, testChecks())
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		for _, f := range c.Files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value(t, data)); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
	for name, data := range map[string][]byte{"example": Example(), "starter": Starter(), "whole": []byte(whole)} {
		if _, err := Parse(name, data, environ("COOKIE", "x"), testChecks()); err != nil {
			t.Errorf("%v", err)
		}
		if err := schema.Validate(value(t, data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The commented settings of the starter are the defaults, and load.
func TestStarter_SaysWhatItsCommentsMean(t *testing.T) {
	var b strings.Builder
	for line := range strings.Lines(string(Starter())) {
		trimmed := strings.TrimLeft(line, " ")
		rest, ok := strings.CutPrefix(trimmed, "# ")
		key, _, _ := strings.Cut(rest, ":")
		if ok && strings.Contains(rest, ": ") && !strings.ContainsAny(key, " (=-") && key != "include" && key != "hook" {
			line = line[:len(line)-len(trimmed)] + rest
		}
		b.WriteString(line)
	}
	c, err := Parse("starter", []byte(b.String()), secrets, testChecks())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	d := parse(t, oneSource)
	if c.Schedule != d.Schedule || c.TimeZone != d.TimeZone || c.Lookback != d.Lookback || c.Crawl != d.Crawl || !reflect.DeepEqual(c.HTTP, d.HTTP) || c.Retain != d.Retain {
		t.Errorf("the starter differs from the defaults: %+v", c)
	}
	if c.Contact == "" || len(c.Receivers) != 2 || c.Sources[0].Schedule != "@every 5m" {
		t.Errorf("comments were not read: %+v", c)
	}
}

func TestSchema_RefusesWhatLoadRefuses(t *testing.T) {
	schema := validator(t)
	for name, yaml := range map[string]string{
		"unknown key":         "shedule: '@hourly'\n" + oneSource,
		"unknown source key":  "sources: [{ url: 'https://a.example/', nme: x }]\n",
		"unknown option":      "receivers: { d: { slack: { url: 'https://x', channel: y } } }\n",
		"unknown kind":        "receivers: { d: { slak: {} } }\n",
		"two kinds":           "receivers: { d: { stdout: {}, slack: { url: x } } }\n",
		"no kind":             "receivers: { d: {} }\n",
		"no url":              "sources: [{ name: x }]\n",
		"no receiver":         "watches: [{ name: x, all: [y] }]\n",
		"nothing to look for": "watches: [{ name: x, none: [y], notify: [d] }]\n",
		"bad duration":        "lookback: 1 day\n",
		"bare number":         "lookback: 30\n",
		"bad size":            "crawl: { max_body: big }\n",
		"bad event":           "watches: [{ name: x, all: [y], on: [gone], notify: [d] }]\n",
		"bad boolean":         "sources: [{ url: 'https://a.example/', allow_private: 'yes' }]\n",
		"both secrets":        "receivers: { d: { slack: { url: x, url_file: y } } }\n",
		"no secret":           "receivers: { d: { slack: {} } }\n",
		"twice":               "watches: [{ name: x, all: [y], notify: [d, d] }]\n",
		"a later key":         "store: { nats: { url: x } }\n",
		"wrong type":          "sources: { url: x }\n",
	} {
		if err := schema.Validate(value(t, []byte(yaml))); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestSchema_DescribesEveryKey(t *testing.T) {
	data, err := Schema(testChecks().Kinds)
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if properties, ok := v["properties"].(map[string]any); ok {
				for key, p := range properties {
					if p, _ := p.(map[string]any); p["description"] == nil || p["description"] == "" {
						t.Errorf("%s.%s has no description", path, key)
					}
				}
			}
			for key, child := range v {
				walk(path+"."+key, child)
			}
		case []any:
			for _, child := range v {
				walk(path, child)
			}
		}
	}
	walk("", root)
	manual, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var keys func(v any)
	keys = func(v any) {
		m, _ := v.(map[string]any)
		properties, _ := m["properties"].(map[string]any)
		for key, p := range properties {
			if !bytes.Contains(manual, []byte("`"+key+"`")) && !strings.HasSuffix(key, "_file") && key != "tries" {
				t.Errorf("docs/configuration.md does not name %s", key)
			}
			keys(p)
		}
		if m["items"] != nil {
			keys(m["items"])
		}
		if m["additionalProperties"] != nil {
			keys(m["additionalProperties"])
		}
	}
	keys(root)
}
