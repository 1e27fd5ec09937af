package config

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"veille"
)

func TestParseDuration_KnowsDaysAndParts(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "90d": 90 * day, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute, "2w1d": 15 * day, "250ms": 250 * time.Millisecond, "0.5d": 12 * time.Hour,
	} {
		got, err := ParseDuration(s)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
		if again, err := ParseDuration(formatDuration(got)); err != nil || again != got {
			t.Errorf("%q: formatted as %q", s, formatDuration(got))
		}
	}
	for _, s := range []string{"", "-1h", "+1h", "1", "1 h", "1y", "h", "1h 30m", "99999999999d", "200000d200000d", "9223372036854775807ns1ns", "１h"} {
		if got, err := ParseDuration(s); err == nil {
			t.Errorf("%q: %v accepted", s, got)
		}
	}
}

func TestParseSize_TellsTwoFromTen(t *testing.T) {
	for s, want := range map[string]int64{"0": 0, "512": 512, "512B": 512, "8MiB": 8 << 20, "8 MiB": 8 << 20, "8MB": 8_000_000, "2GiB": 2 << 30, "1TiB": 1 << 40} {
		if got, err := parseSize(s); err != nil || got != want {
			t.Errorf("%q: %d, %v", s, got, err)
		}
	}
	if got := formatSize(8 << 20); got != "8MiB" {
		t.Errorf("formatted as %q", got)
	}
	for _, s := range []string{"", "-1", "8M", "8mib", "1.5GiB", "9999999TiB", "99999999999999999999"} {
		if got, err := parseSize(s); err == nil {
			t.Errorf("%q: %d accepted", s, got)
		}
	}
}

func TestEnvironment_Expands(t *testing.T) {
	e := environment{environ("A", "1", "EMPTY", "", "NESTED", "${A}")}
	for s, want := range map[string]string{
		"": "", "x": "x", "${A}": "1", "a${A}b${A}c": "a1b1c", "$A": "$A", "$": "$", "$${A}": "${A}", "$$${A}": "$${A}",
		"${B:-d}": "d", "${B:-}": "", "${EMPTY}": "", "${EMPTY:-d}": "d", "${A:-d}": "1", "${B:-a:-b $x}": "a:-b $x", "${NESTED}": "${A}", "}{": "}{",
	} {
		if got, err := e.expand(s); err != nil || got.text != want {
			t.Errorf("%q: %q, %v", s, got.text, err)
		}
	}
	for _, s := range []string{"${", "${A", "${}", "${B}", "${A-b}", "${1}", "${A:-${B}}", "${ A }"} {
		if got, err := e.expand(s); err == nil {
			t.Errorf("%q: %q accepted", s, got.text)
		}
	}
}

func TestParse_KeepsYAMLOutOfVariables(t *testing.T) {
	c := parse(t, "sources:\n  - { url: 'https://a.example/', tags: [\"${T}\"] }\n", "T", "a,b]:{x}#")
	if got := c.Sources[0].Tags; len(got) != 1 || got[0] != "a,b]:{x}#" {
		t.Errorf("tags %q", got)
	}
}

func TestConfig_PrintsNoSecret(t *testing.T) {
	c := parse(t, whole, "COOKIE", "canary")
	encoded, err := json.Marshal(c.Receivers)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%v %+v %#v %s", c, *c, c.Sources, encoded)
	if strings.Contains(text, "canary") || strings.Contains(text, "s3cr3t") {
		t.Error(text)
	}
}

// gossip repeats what it was told.
type gossip struct{ word, tag string }

func (g gossip) Watch(w veille.Watch) []veille.Problem {
	return []veille.Problem{{Path: "query", Offset: 2, What: "near " + w.Query}, {What: "watch " + w.Name}, {Path: "all[0]", What: g.word}, {Path: "all[0]", What: g.tag}}
}

func (g gossip) Concepts() []veille.Problem {
	return []veille.Problem{{Path: "c[0]", What: g.word}, {Path: "c", What: g.tag}}
}

func TestParse_ShowsNoValueOfTheEnvironment(t *testing.T) {
	const canary = "c4n4ry"
	checks := testChecks()
	checks.Schedule = func(expr, zone string, _ bool) error { return fmt.Errorf("field %s in %s", expr, zone) }
	checks.Selector = func(css string) error { return fmt.Errorf("at %.4s", css) }
	checks.Rules = func(c map[string][]string, tags []string) Rules { return gossip{c["c"][0], tags[0]} }
	yaml := strings.ReplaceAll(`
schedule: ${X}
timezone: ${X}
contact: ${X}
lookback: ${X}
sources:
  - { url: '${X}', name: 'a/${X}', schedule: 'a ${X}', language: '${X}', tags: ['${X}', '${X}', '${X} b'] }
  - { url: 'https://${X}:x/', select: { title: '${X}' }, links: { include: ['(${X}'] }, headers: { '${X}': "a\n${X}" }, recheck: ['${X}'] }
  - { url: 'https://${X}/', allow_private: '${X}' }
  - { url: 'https://${X}/' }
concepts: { c: ['${X}'] }
watches:
  - { name: '${X}', query: 'a ${X}', all: [x], sources: ['${X}', 'tag:${X}', c4n4rz, '[${X}'], on: ['${X}'], languages: ['${X}'], notify: ['${X}'] }
  - { name: '${X}', query: 'a ${X}', all: [x], notify: [d] }
receivers:
  d: { slack: { url: '${X}' } }
  e: { webhook: { url: '${X}', secret: '${X}', tries: '${X}' } }
  f: { webhook: { url: '${X}', secret: '${X}' } }
crawl: { parallel: '${X}', max_body: '${X}' }
http: { listen: '${X}' }
`, "${X}", "${X}")
	_, err := Parse("t.yaml", []byte(yaml), environ("X", canary), checks)
	if err == nil {
		t.Fatal("accepted")
	}
	if strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), canary[:4]+" ") {
		t.Errorf("%v", err)
	}
}

func TestDidYouMean_SuggestsWhatIsNear(t *testing.T) {
	for name, want := range map[string]string{
		"shedule": "schedule", "scheduel": "schedule", "Schedule": "schedule", "ulr": "url", "x": "", "sched": "", "": "",
	} {
		if got := Nearest(name, []string{"schedule", "url", "sources"}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
