package crash

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// told is one line of the receiver's history: a request that it read to its
// end, and whether the sender was let know.
type told struct {
	Receiver string          `json:"receiver"`
	ID       string          `json:"id"`
	Answer   string          `json:"answer"`
	Body     json.RawMessage `json:"body"`
}

// The answers of the receiver.
const (
	accepted = "accepted"
	// unheard is accepted, but the sender's connection was cut before it knew.
	unheard = "unheard"
	refused = "refused"
)

// receive is the receiver's process: /hook and /bus take webhooks, everything
// else is a Matrix homeserver. A part of the answers, VEILLE_CRASH_FAILING of
// a thousand, are 5xx, 429 or a cut connection, before or after accepting.
func receive() {
	history, err := os.OpenFile(os.Getenv("VEILLE_CRASH_HISTORY"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	failing, _ := strconv.Atoi(os.Getenv("VEILLE_CRASH_FAILING"))
	first, _ := strconv.ParseUint(os.Getenv("VEILLE_CRASH_SEED"), 10, 64)
	chance := rand.New(rand.NewPCG(first, 1))
	var mu sync.Mutex
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("http://" + listener.Addr().String())
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the sender was killed in the middle of it
		}
		mu.Lock()
		defer mu.Unlock()
		h := told{Receiver: strings.TrimPrefix(r.URL.Path, "/"), ID: r.Header.Get("webhook-id"), Answer: accepted, Body: body}
		if h.ID == "" {
			h.Receiver, h.ID = "room", path.Base(r.URL.Path)
		}
		status := http.StatusOK
		if chance.IntN(1000) < failing {
			switch h.Answer = refused; chance.IntN(4) {
			case 0:
				status = []int{500, 502, 503}[chance.IntN(3)]
			case 1:
				status = http.StatusTooManyRequests
				w.Header().Set("Retry-After", "0")
			case 2:
				status = 0
			default:
				status, h.Answer = 0, unheard
			}
		}
		line, err := json.Marshal(h)
		if err != nil {
			panic(fmt.Sprintf("%s: %s: %v", h.ID, body, err))
		}
		if _, err := history.Write(append(line, '\n')); err != nil {
			panic(err)
		}
		fmt.Println(h.Answer)
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		if h.Receiver == "room" && status == http.StatusOK {
			_ = json.NewEncoder(w).Encode(map[string]string{"event_id": "$" + h.ID})
		}
	})))
}

// judge is the test's end of the receiver.
type judge struct {
	url string
	// heard has an element for each request since it was last emptied, and
	// drops those that nobody waits for.
	heard   chan struct{}
	history string
}

// newJudge starts the receiver's process.
func newJudge(t *testing.T, failing int) *judge {
	t.Helper()
	j := &judge{heard: make(chan struct{}, 1024), history: filepath.Join(t.TempDir(), "history.jsonl")}
	cmd := child(t, "receiver", "VEILLE_CRASH_HISTORY="+j.history, fmt.Sprintf("VEILLE_CRASH_FAILING=%d", failing), fmt.Sprintf("VEILLE_CRASH_SEED=%d", *seed))
	cmd.Stderr = nil // net/http tells of every connection that it was asked to cut
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the receiver did not start: %v", lines.Err())
	}
	j.url = lines.Text()
	go func() {
		for lines.Scan() {
			select {
			case j.heard <- struct{}{}:
			default:
			}
		}
	}()
	return j
}

// read returns the history so far, in the order of arrival.
func (j *judge) read(t *testing.T) []told {
	t.Helper()
	text, err := os.ReadFile(j.history)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var all []told
	for line := range strings.Lines(string(text)) {
		var h told
		if !strings.HasSuffix(line, "\n") {
			break // is being written
		}
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatal(err)
		}
		all = append(all, h)
	}
	return all
}
