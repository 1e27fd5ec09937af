package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"veille"
)

type slackOptions struct {
	URL veille.Secret `yaml:"url" doc:"The address of the incoming webhook." required:"true"`
}

func (o *slackOptions) Problems() []veille.Problem {
	if !strings.HasPrefix(o.URL.Reveal(), "https://hooks.slack.com/") {
		return []veille.Problem{{Path: "url", What: "not an incoming webhook of Slack", Help: "it begins with https://hooks.slack.com/services/"}}
	}
	return nil
}

type webhookOptions struct {
	URL    string        `yaml:"url" doc:"Where events are posted." required:"true"`
	Secret veille.Secret `yaml:"secret" doc:"The signing secret: whsec_ and base64."`
	Tries  int           `yaml:"tries" doc:"A number."`
}

func (o *webhookOptions) Problems() []veille.Problem {
	var out []veille.Problem
	if !strings.HasPrefix(o.URL, "http") {
		out = append(out, veille.Problem{Path: "webhook.url", What: fmt.Sprintf("%q is not a URL", o.URL)})
	}
	if o.Secret.Reveal() == "careless" {
		out = append(out, veille.Problem{Path: "secret", What: "bad secret careless"})
	}
	return out
}

type stdoutOptions struct{}

func (*stdoutOptions) Problems() []veille.Problem { return nil }

// testChecks judge little, but place what they find as the real ones do.
func testChecks() Checks {
	return Checks{
		Kinds: []veille.ReceiverKind{
			{Name: "slack", Summary: "A Slack channel.", Options: func() veille.ReceiverOptions { return new(slackOptions) }},
			{Name: "stdout", Summary: "The console.", Options: func() veille.ReceiverOptions { return new(stdoutOptions) }},
			{Name: "webhook", Summary: "An HTTP endpoint.", Options: func() veille.ReceiverOptions { return &webhookOptions{Tries: 3} }},
		},
		Schedule: func(expr, zone string, _ bool) error {
			if !strings.HasPrefix(expr, "@") && len(strings.Fields(expr)) != 5 {
				return fmt.Errorf("schedule %q has not five fields", expr)
			}
			return nil
		},
		Selector: func(css string) error {
			if strings.Contains(css, "[[") {
				return errors.New("expected an identifier after [")
			}
			return nil
		},
		Rules: func(concepts map[string][]string, _ []string) Rules { return testRules(concepts) },
	}
}

type testRules map[string][]string

func (r testRules) Watch(w veille.Watch) []veille.Problem {
	var out []veille.Problem
	if i := strings.Index(w.Query, "@"); i >= 0 {
		name := strings.Fields(w.Query[i+1:])[0]
		if _, ok := r[name]; !ok {
			out = append(out, veille.Problem{Path: "query", Offset: i, What: "no such concept", Help: "concepts are listed under concepts"})
		}
	}
	and, or := strings.Index(w.Query, " AND "), strings.Index(w.Query, " OR ")
	if and >= 0 && or >= 0 && !strings.Contains(w.Query, "(") {
		out = append(out, veille.Problem{Path: "query", Offset: max(and, or) + 1, What: "AND and OR without parentheses", Help: "write (a AND b) OR c"})
	}
	var walk func(path string, list []veille.Clause)
	walk = func(path string, list []veille.Clause) {
		for i, c := range list {
			at := fmt.Sprintf("%s[%d]", path, i)
			if strings.HasPrefix(c.Item, "*") {
				out = append(out, veille.Problem{Path: at, What: "a word cannot begin with *"})
			}
			walk(at+".any", c.Any)
		}
	}
	walk("all", w.List.All)
	return out
}

func (r testRules) Concepts() []veille.Problem {
	var out []veille.Problem
	for name, words := range r {
		for i, s := range words {
			if j := strings.Index(s, "**"); j >= 0 {
				out = append(out, veille.Problem{Path: fmt.Sprintf("%s[%d]", name, i), Offset: j, What: "two stars"})
			}
		}
	}
	return out
}

func environ(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// parse parses a configuration with one source, and fails the test if it is
// refused.
func parse(t *testing.T, yaml string, env ...string) *Config {
	t.Helper()
	c, err := Parse("t.yaml", []byte(yaml), environ(env...), testChecks())
	if err != nil {
		t.Fatalf("Parse:\n%v", err)
	}
	return c
}

func refused(t *testing.T, yaml string, env ...string) string {
	t.Helper()
	_, err := Parse("t.yaml", []byte(yaml), environ(env...), testChecks())
	if err == nil {
		t.Fatalf("Parse accepted:\n%s", yaml)
	}
	return err.Error()
}

const oneSource = "sources:\n  - url: https://a.example/news\n"
