package crash

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"veille"
)

// verdict is what a history says.
type verdict struct {
	// happenings are the events by type, article and revision, and the ids that
	// the webhooks gave each.
	happenings map[string][]string
	// got are the ids that each receiver accepted, by itself or in a digest, and
	// how often.
	got map[string]map[string]int
	// repeats counts the requests accepted again, unheard those whose sender
	// could not know.
	repeats, unheard map[string]int
	requests         int
	violations       []string
}

// review reads a history and notes what must never be in one.
func review(history []told) verdict {
	v := verdict{happenings: map[string][]string{}, got: map[string]map[string]int{}, repeats: map[string]int{}, unheard: map[string]int{}}
	bodies := map[string]string{}
	// inside says which digest told an event, alone that it was told by itself,
	// stage how far an article has come.
	inside, alone, stage := map[string]string{}, map[string]bool{}, map[string]int{}
	bad := func(format string, args ...any) { v.violations = append(v.violations, fmt.Sprintf(format, args...)) }
	for _, h := range history {
		v.requests++
		key := h.Receiver + " " + h.ID
		if first, known := bodies[key]; known && first != string(h.Body) {
			bad("%s came with two bodies:\n%s\n%s", key, first, h.Body)
		}
		bodies[key] = string(h.Body)
		if h.Answer == refused {
			continue
		}
		if h.Answer == unheard {
			v.unheard[h.Receiver]++
		}
		if v.got[h.Receiver] == nil {
			v.got[h.Receiver] = map[string]int{}
		}
		if h.Receiver == "room" {
			// The body is for people; the transaction is the event's id.
			if v.got[h.Receiver][h.ID]++; v.got[h.Receiver][h.ID] > 1 {
				v.repeats[h.Receiver]++
			}
			continue
		}
		e, err := event(h)
		if err != nil {
			bad("%s: %v", key, err)
			continue
		}
		if v.got[h.Receiver][e.ID] > 0 {
			v.repeats[h.Receiver]++
		}
		v.got[h.Receiver][e.ID]++
		parts := []veille.Event{e}
		if e.Type == veille.Digest {
			parts = e.Events
			delete(v.got[h.Receiver], e.ID)
			if inside[e.ID] == "" {
				inside[e.ID] = e.ID
			} else {
				v.repeats[h.Receiver]++
			}
		}
		for _, p := range parts {
			if p.Article == nil {
				if e.Type == veille.Digest {
					bad("a digest for %s says of %s no more than its id", h.Receiver, p.ID)
				}
				continue // about Veille itself
			}
			if e.Type == veille.Digest {
				v.got[h.Receiver][p.ID]++
				if in := inside[h.Receiver+p.ID]; in != "" && in != e.ID {
					bad("%s tells %s in %s and in %s", h.Receiver, p.ID, in, e.ID)
				}
				inside[h.Receiver+p.ID] = e.ID
				if alone[h.Receiver+p.ID] {
					bad("%s tells %s alone and in %s", h.Receiver, p.ID, e.ID)
				}
			} else if in := inside[h.Receiver+p.ID]; in != "" {
				bad("%s tells %s in %s and alone", h.Receiver, p.ID, in)
			} else {
				alone[h.Receiver+p.ID] = true
			}
			number := 0
			if p.Revision != nil {
				number = p.Revision.Number
			}
			what := fmt.Sprintf("%s %s %d", p.Type, p.Article.URL, number)
			if !slices.Contains(v.happenings[what], p.ID) {
				v.happenings[what] = append(v.happenings[what], p.ID)
			}
			// A story's events come in order; what was told may come again.
			if s := h.Receiver + " " + p.Article.URL; v.got[h.Receiver][p.ID] == 1 {
				if number < stage[s] {
					bad("%s: revision %d of %s after %d", h.Receiver, number, p.Article.URL, stage[s])
				}
				stage[s] = number
			}
		}
	}
	for what, ids := range v.happenings {
		if len(ids) > 1 {
			bad("%s came under %d ids: %s", what, len(ids), strings.Join(ids, " "))
		}
	}
	return v
}

// event reads the body of a webhook, in a CloudEvents envelope or not.
func event(h told) (veille.Event, error) {
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(h.Body, &envelope); err != nil {
		return veille.Event{}, err
	}
	body := h.Body
	if len(envelope.Data) > 0 {
		body = envelope.Data
	}
	var e veille.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return veille.Event{}, err
	}
	if e.ID != h.ID {
		return veille.Event{}, fmt.Errorf("the body is of %q", e.ID)
	}
	return e, nil
}

// missing lists what is expected, by type and URL, and was not told to a
// receiver.
func (v verdict) missing(expected, receivers []string) []string {
	byURL := map[string][]string{}
	for what, ids := range v.happenings {
		key := what[:strings.LastIndexByte(what, ' ')]
		byURL[key] = append(byURL[key], ids...)
	}
	var out []string
	for _, want := range expected {
		for _, r := range receivers {
			if !slices.ContainsFunc(byURL[want], func(id string) bool { return v.got[r][id] > 0 }) {
				out = append(out, r+": "+want)
			}
		}
	}
	return out
}
