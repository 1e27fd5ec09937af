package veille_test

import (
	"testing"
	"time"

	"veille"
)

func TestSilences_NeedsEveryWatchOrTheSourceOrTheStory(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	e := veille.Event{Article: &veille.EventArticle{Source: "wire"}, Story: &veille.Story{ID: "sto_a"}}
	until := now.Add(time.Hour)
	for _, c := range []struct {
		name    string
		mutes   []veille.Mute
		event   veille.Event
		watches []string
		want    bool
	}{
		{"nothing muted", nil, e, []string{"a"}, false},
		{"the watch", []veille.Mute{{Watch: "a", Until: until}}, e, []string{"a"}, true},
		{"one of two watches", []veille.Mute{{Watch: "a", Until: until}}, e, []string{"a", "b"}, false},
		{"both watches", []veille.Mute{{Watch: "a", Until: until}, {Watch: "b", Until: until}}, e, []string{"a", "b"}, true},
		{"the source", []veille.Mute{{Source: "wire", Until: until}}, e, []string{"a", "b"}, true},
		{"another source", []veille.Mute{{Source: "feed", Until: until}}, e, []string{"a"}, false},
		{"the story", []veille.Mute{{Story: "sto_a", Until: until}}, e, []string{"a"}, true},
		{"a mute that ended", []veille.Mute{{Watch: "a", Until: now}}, e, []string{"a"}, false},
		{"an event about Veille itself", []veille.Mute{{Watch: "a", Until: until}}, veille.Event{}, nil, false},
	} {
		reason, got := veille.Silences(c.mutes, c.event, c.watches, now)
		if got != c.want || got == (reason == "") {
			t.Errorf("%s: %t (%q), want %t", c.name, got, reason, c.want)
		}
	}
}

func TestMute_ThatIsNotWholeIsAProblem(t *testing.T) {
	whole := veille.Mute{Watch: "a", Until: time.Unix(1, 0), Reason: "why"}
	if err := whole.Problem(); err != nil {
		t.Errorf("a whole mute: %v", err)
	}
	for name, spoil := range map[string]func(*veille.Mute){
		"no subject": func(m *veille.Mute) { m.Watch = "" }, "two subjects": func(m *veille.Mute) { m.Source = "wire" },
		"no reason": func(m *veille.Mute) { m.Reason = "" }, "no end": func(m *veille.Mute) { m.Until = time.Time{} },
	} {
		m := whole
		if spoil(&m); m.Problem() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
