package health

import (
	"strings"
	"testing"
	"time"

	"veille"
)

func TestLooked_CallsOnlyARunOfMissesUnreadable(t *testing.T) {
	read := func(pattern string) veille.Legibility {
		var r veille.Legibility
		for i, c := range pattern {
			r = Looked(r, Look{Readable: c == '+', Why: "section", Words: 400, Text: string(rune('a'+i%20)) + pattern[i:i+1]})
		}
		return r
	}
	for pattern, want := range map[string]bool{
		strings.Repeat("+", 50):                     false,
		strings.Repeat("+", 50) + "--":              false,
		strings.Repeat("+", 50) + "---":             true,
		strings.Repeat("+-", 50) + "---":            false, // half of its links are no articles
		strings.Repeat("+-", 50) + "--------------": true,
		"---":                        false, // a source that is new
		strings.Repeat("-", 14):      true,
		strings.Repeat("-", 5) + "+": false,
	} {
		if got := unreadable(read(pattern)); got != want {
			t.Errorf("%s: unreadable = %v", pattern, got)
		}
	}
}

func TestLooked_SeesBanners(t *testing.T) {
	usual := func() veille.Legibility {
		var r veille.Legibility
		for i := range 30 {
			r = Looked(r, Look{Readable: true, Words: 300 + 40*(i%9), Text: string(rune('a' + i))})
		}
		return r
	}
	state := func(r veille.Legibility) veille.SourceState {
		return veille.SourceState{Health: veille.SourceHealth{Reading: r}}
	}
	r := usual()
	for i := range 3 {
		if decay(state(r)).Type != "" {
			t.Errorf("after %d short articles: %+v", i, decay(state(r)))
		}
		r = Looked(r, Look{Readable: true, Words: 40 + i, Text: string(rune('0' + i))})
	}
	if got := decay(state(r)); got.Cause != "banner" || !strings.Contains(got.Message, "far shorter than usual (42 words") {
		t.Errorf("three short articles: %+v", got)
	}
	if r = Looked(r, Look{Readable: true, Words: 350, Text: "x"}); decay(state(r)).Type != "" {
		t.Errorf("a long one again: %+v", decay(state(r)))
	}
	r = usual()
	for range 3 {
		r = Looked(r, Look{Readable: true, Words: 310, Text: "the same"})
	}
	if got := decay(state(r)); got.Cause != "banner" || !strings.Contains(got.Message, "read alike") {
		t.Errorf("three articles alike: %+v", got)
	}
	// A source of short notes has short notes.
	var notes veille.Legibility
	for i := range 60 {
		notes = Looked(notes, Look{Readable: true, Words: []int{20, 900, 35, 60}[i%4], Text: string(rune('a' + i))})
		if got := decay(state(notes)); got.Type != "" {
			t.Fatalf("note %d: %+v", i, got)
		}
	}
}

func TestJudge_WaitsForTheSecondPollAndForBlips(t *testing.T) {
	now := monday
	fails := func(n int, kind veille.FetchErrorKind, since time.Duration) veille.SourceState {
		return veille.SourceState{Name: "s", Fails: n, ErrorKind: kind, Error: "why", Health: veille.SourceHealth{FailingSince: now.Add(-since)}}
	}
	relapsed := fails(3, veille.FetchForbidden, 20*time.Minute)
	relapsed.Health.Recovered = now.Add(-2 * time.Hour)
	for _, c := range []struct {
		name   string
		state  veille.SourceState
		cause  string
		unsure bool
	}{
		{"well", veille.SourceState{}, "", false},
		{"once forbidden", fails(1, veille.FetchForbidden, 0), "", true},
		{"twice forbidden", fails(2, veille.FetchForbidden, time.Minute), "forbidden", false},
		{"a blip", fails(3, veille.FetchServer, 5*time.Minute), "", true},
		{"no blip", fails(3, veille.FetchServer, 11*time.Minute), "server_error", false},
		{"a panic", fails(3, "", 11*time.Minute), "error", false},
		{"soon again", relapsed, "", true},
		{"once empty", veille.SourceState{Health: veille.SourceHealth{Empty: 1, FailingSince: now}}, "", true},
		{"twice empty", veille.SourceState{Health: veille.SourceHealth{Empty: 2, FailingSince: now}}, "no_links", false},
		{"selectors", veille.SourceState{SelectMisses: 3, SelectMissed: []string{"body"}}, "selectors", false},
	} {
		got, unsure := Judge(c.state, now, time.Hour)
		if got.Cause != c.cause || unsure != c.unsure {
			t.Errorf("%s: %+v, unsure %v", c.name, got, unsure)
		}
	}
}

func TestNext_TellsAnEpisodeOnceAndItsEnd(t *testing.T) {
	failing := Trouble{veille.SourceFailing, "forbidden", "403"}
	other := Trouble{veille.SourceFailing, "tls", "expired"}
	quiet := Trouble{veille.SourceQuiet, "quiet", "nothing new"}
	var h veille.SourceHealth
	for i, step := range []struct {
		trouble Trouble
		unsure  bool
		want    Turn
		open    veille.EventType
	}{
		{Trouble{}, false, Stay, ""},
		{Trouble{}, true, Stay, ""},
		{failing, false, Begin, veille.SourceFailing},
		{other, false, Stay, veille.SourceFailing},
		{Trouble{}, true, Stay, veille.SourceFailing},
		{Trouble{}, false, End, ""},
		{quiet, false, Begin, veille.SourceQuiet},
		{quiet, false, Stay, veille.SourceQuiet},
		{failing, false, Begin, veille.SourceFailing},
		{quiet, false, End, ""},
		{quiet, false, Begin, veille.SourceQuiet},
		{Trouble{}, false, End, ""},
	} {
		next, turn := Next(h, step.trouble, step.unsure, monday, monday.Add(time.Hour))
		if turn != step.want || next.Episode.Type != step.open {
			t.Errorf("step %d: turn %d, open %q", i, turn, next.Episode.Type)
		}
		h = next
	}
}
