package veille

import (
	"fmt"
	"slices"
	"time"
)

// Mute silences a watch, a source or a story until a time. One of the three is
// set; a later mute of the same replaces it.
type Mute struct {
	Watch  string `json:"watch,omitempty"`
	Source string `json:"source,omitempty"`
	// Story is the id of a story.
	Story string    `json:"story,omitempty"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	// Reason is why, for whoever wonders at the silence.
	Reason string `json:"reason"`
}

// Subject names what is muted: "watch Corée", "story sto_…".
func (m Mute) Subject() string {
	switch {
	case m.Watch != "":
		return "watch " + m.Watch
	case m.Source != "":
		return "source " + m.Source
	}
	return "story " + m.Story
}

// Problem says what is wrong with a mute, nil if nothing is.
func (m Mute) Problem() error {
	set := 0
	for _, s := range []string{m.Watch, m.Source, m.Story} {
		if s != "" {
			set++
		}
	}
	switch {
	case set != 1:
		return fmt.Errorf("a mute names one watch, source or story, not %d", set)
	case m.Reason == "":
		return fmt.Errorf("a mute of %s needs a reason", m.Subject())
	case m.Until.IsZero():
		return fmt.Errorf("a mute of %s needs an end", m.Subject())
	}
	return nil
}

// Silences reports whether the mutes silence an event on its way to a receiver
// that watches notify, and why. Muted watches silence it only together: as long
// as one of them is not muted, the receiver is told. Events about Veille itself
// are never silenced.
func Silences(mutes []Mute, e Event, watches []string, now time.Time) (reason string, silenced bool) {
	if e.Article == nil {
		return "", false
	}
	unmuted := slices.Clone(watches)
	for _, m := range mutes {
		if !m.Until.After(now) {
			continue
		}
		why := fmt.Sprintf("%s is muted until %s: %s", m.Subject(), m.Until.UTC().Format(time.RFC3339), m.Reason)
		switch {
		case m.Source != "" && e.Article.Source == m.Source, m.Story != "" && e.Story != nil && e.Story.ID == m.Story:
			return why, true
		case m.Watch != "" && slices.Contains(unmuted, m.Watch):
			unmuted = slices.DeleteFunc(unmuted, func(w string) bool { return w == m.Watch })
			if len(unmuted) == 0 {
				return why, true
			}
		}
	}
	return "", false
}
