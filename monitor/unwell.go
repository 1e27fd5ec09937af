package monitor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/monitor/edit"
)

// health adds an event about a source, or about all of them; detail is the error
// that its polls end with, if they do.
func (o *outbox) health(t veille.EventType, source string, episode veille.Episode, detail string) {
	trouble := veille.EventTrouble{Cause: episode.Cause, Since: episode.Since.UTC(), Detail: detail}
	message := "Source " + source + " is failing: " + episode.Message + "."
	switch {
	case episode.Network:
		source, trouble.Cause, trouble.Detail = "", "network", episode.Cause
		message = sentence(episode.Message) + "."
		if t == veille.SourceRecovered {
			message = "Sources can be reached again, after " + lasted(o.now.Sub(episode.Since)) + "."
		}
	case t == veille.SourceRecovered:
		message = fmt.Sprintf("Source %s is well again, after %s (%s).", source, lasted(o.now.Sub(episode.Since)), episode.Cause)
	case t == veille.SourceQuiet:
		message = "Source " + source + " is quiet: " + episode.Message
	}
	o.system(t, source, message, trouble)
}

// system adds an event for the health receivers about a source, or, where it is
// empty, about what all of them need: the network, the store.
func (o *outbox) system(t veille.EventType, source, message string, trouble veille.EventTrouble) {
	e := veille.Event{Type: t, Time: o.now.UTC().Truncate(time.Millisecond), Source: source, Message: message, Trouble: &trouble}
	subject := source
	if source == "" {
		subject = "\x00" + trouble.Cause
	}
	e.ID = veille.SystemEventID(t, subject, trouble.Since.UTC().Format(time.RFC3339Nano))
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
	var out []string
	m.mu.Lock()
	for host, last := range m.lanes.crowded {
		if time.Since(last) >= crowdedFor {
			delete(m.lanes.crowded, host)
			continue
		}
		out = append(out, fmt.Sprintf("host %s is polled more often than its spacing or Crawl-delay allows, so that its articles wait: poll its sources more seldom", host))
	}
	slices.Sort(out)
	out = out[:min(len(out), shownSources)]
	for _, run := range m.sources {
		s := run.state
		if s.Health.Episode.Type != "" || s.Fails > 1 {
			unwell = append(unwell, s)
		}
	}
	m.mu.Unlock()
	slices.SortFunc(unwell, func(a, b veille.SourceState) int { return strings.Compare(a.Name, b.Name) })
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
