package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"veille"
)

const (
	// liveLook is how often the store is looked at when nobody nudges.
	liveLook = 5 * time.Second
	// liveWindow is how far back a look goes: a commit may take its time.
	liveWindow = 2 * time.Minute
	// mostLive bounds the open pages that are told.
	mostLive = 200
	// liveBacklog bounds the events a page is told at once.
	liveBacklog = 100
	// liveBeat keeps proxies from closing a quiet stream.
	liveBeat = 20 * time.Second
)

// Live tells open pages of events as they come. One look at the store serves
// all of them.
type Live struct {
	reader Lists
	nudge  chan struct{}

	mu     sync.Mutex
	pages  map[chan veille.Event]struct{}
	closed bool
}

// NewLive returns a Live that tells nobody until Run.
func NewLive(reader Lists) *Live {
	return &Live{reader: reader, nudge: make(chan struct{}, 1), pages: map[chan veille.Event]struct{}{}}
}

// Nudge says that events may have been committed. It never blocks.
func (l *Live) Nudge() {
	select {
	case l.nudge <- struct{}{}:
	default:
	}
}

// Run looks for new events until ctx ends, then ends every stream.
func (l *Live) Run(ctx context.Context) error {
	defer l.close()
	tick := time.NewTicker(liveLook)
	defer tick.Stop()
	told := map[string]time.Time{}
	for first := true; ; first = false {
		events, err := l.reader.Events(ctx, veille.EventFilter{Since: time.Now().Add(-liveWindow), Page: veille.Page{Limit: liveBacklog}})
		if err == nil {
			for i := len(events) - 1; i >= 0; i-- {
				e := events[i]
				if _, ok := told[e.ID]; !ok && !first {
					l.tell(e)
				}
				told[e.ID] = time.Now()
			}
			for id, at := range told {
				if time.Since(at) > liveWindow {
					delete(told, id)
				}
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-l.nudge:
		}
	}
}

func (l *Live) tell(e veille.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for page := range l.pages {
		select {
		case page <- e:
		default: // a page that does not keep up loads anew when it reconnects
			delete(l.pages, page)
			close(page)
		}
	}
}

// join returns a channel of events; nil where there is no room.
func (l *Live) join() chan veille.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.pages) >= mostLive {
		return nil
	}
	page := make(chan veille.Event, liveBacklog)
	l.pages[page] = struct{}{}
	return page
}

func (l *Live) leave(page chan veille.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.pages[page]; ok {
		delete(l.pages, page)
		close(page)
	}
}

func (l *Live) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for page := range l.pages {
		delete(l.pages, page)
		close(page)
	}
}

// live streams alerts as server-sent events, each a piece of the page "now".
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	page := s.Live.join()
	if page == nil {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many open pages", http.StatusServiceUnavailable)
		return
	}
	defer s.Live.leave(page)
	control := http.NewResponseController(w)
	// The server's deadlines are for answers that end.
	_ = control.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	send := func(text string) bool {
		_ = control.SetWriteDeadline(time.Now().Add(10 * time.Second))
		_, err := fmt.Fprint(w, text)
		return err == nil && control.Flush() == nil
	}
	if !send("retry: 3000\n\n") {
		return
	}
	watch := r.URL.Query().Get("watch")
	// What came between the page and this stream is told again; the page knows
	// what it shows by its id.
	missed, err := s.Reader.Events(r.Context(), veille.EventFilter{Watch: watch, Since: time.Now().Add(-liveWindow), Page: veille.Page{Limit: liveBacklog}})
	if err != nil {
		return
	}
	for i := len(missed) - 1; i >= 0; i-- {
		if !send(s.liveMessage(r, missed[i])) {
			return
		}
	}
	// A session that is too old ends when somebody looks.
	over := func() bool {
		select {
		case <-s.Guard.Ended(r):
			return true
		default:
			return false
		}
	}
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.Guard.Ended(r):
			return
		case <-beat.C:
			if over() || !send(": still here\n\n") {
				return
			}
		case e, ok := <-page:
			if !ok {
				return
			}
			if watch != "" && !slices.Contains(e.Watches, watch) {
				continue
			}
			if over() || !send(s.liveMessage(r, e)) {
				return
			}
		}
	}
}

// liveMessage is the card of an event in the language of the page.
func (s *Server) liveMessage(r *http.Request, e veille.Event) string {
	var b bytes.Buffer
	f := s.frame(r, "now", "now.title")
	if err := s.pages["now"].ExecuteTemplate(&b, "card", s.card(r.Context(), f, e)); err != nil {
		s.Log.Error("card not rendered", "event", e.ID, "error", err)
		return ": unreadable\n\n"
	}
	html := strings.ReplaceAll(strings.ReplaceAll(b.String(), "\r", ""), "\n", "\ndata: ")
	return "event: alert\nid: " + e.ID + "\ndata: " + html + "\n\n"
}
