package monitor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/monitor/edit"
)

// health adds an event about a source, or about all of them.
func (o *outbox) health(t veille.EventType, source string, episode veille.Episode) {
	message := "Source " + source + " is failing: " + episode.Message + "."
	switch {
	case episode.Network && t == veille.SourceRecovered:
		source, message = "\x00network", "Sources can be reached again, after "+lasted(o.now.Sub(episode.Since))+"."
	case episode.Network:
		source, message = "\x00network", sentence(episode.Message)+"."
	case t == veille.SourceRecovered:
		message = fmt.Sprintf("Source %s is well again, after %s (%s).", source, lasted(o.now.Sub(episode.Since)), episode.Cause)
	case t == veille.SourceQuiet:
		message = "Source " + source + " is quiet: " + episode.Message
	}
	o.system(t, source, episode.Since, message)
}

// system adds an event for the health receivers about a source, or, where the
// subject begins with a NUL, about what all of them need.
func (o *outbox) system(t veille.EventType, subject string, since time.Time, message string) {
	e := veille.Event{Type: t, Time: o.now.UTC().Truncate(time.Millisecond), Message: message}
	if !strings.HasPrefix(subject, "\x00") {
		e.Source = subject
	}
	e.ID = veille.SystemEventID(t, subject, since.UTC().Format(time.RFC3339Nano))
	o.events = append(o.events, e)
	for _, r := range o.plan.Health {
		o.deliveries = append(o.deliveries, veille.Delivery{
			Receiver: r, EventID: e.ID, State: veille.DeliveryPending, Created: e.Time, Due: e.Time,
		})
	}
}

// lasted writes a span of time for people.
func lasted(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= time.Hour:
		return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	}
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}

// shownSources is how many sources in trouble the warnings name.
const shownSources = 10

// Warnings names the sources that are not well, with the reason, at most ten.
func (m *Monitor) Warnings() []string {
	var unwell []veille.SourceState
	m.mu.Lock()
	for _, run := range m.sources {
		s := run.state
		if s.Health.Episode.Type != "" || s.Fails > 1 {
			unwell = append(unwell, s)
		}
	}
	m.mu.Unlock()
	slices.SortFunc(unwell, func(a, b veille.SourceState) int { return strings.Compare(a.Name, b.Name) })
	var out []string
	for _, s := range unwell[:min(len(unwell), shownSources)] {
		out = append(out, warning(s))
	}
	if more := len(unwell) - shownSources; more > 0 {
		out = append(out, fmt.Sprintf("%d more sources are not well: veille sources", more))
	}
	return out
}

func warning(s veille.SourceState) string {
	switch e := s.Health.Episode; {
	case s.Fails > 0:
	case e.Type == veille.SourceQuiet:
		return "source " + s.Name + " is quiet: " + e.Message
	case s.Error == "":
		return "source " + s.Name + " is failing: " + e.Message
	}
	text := fmt.Sprintf("source %s is failing: %s", s.Name, edit.Cut(s.Error, 200))
	if !s.LastSuccess.IsZero() {
		text += ", last read " + s.LastSuccess.UTC().Format(time.RFC3339)
	}
	return text
}
