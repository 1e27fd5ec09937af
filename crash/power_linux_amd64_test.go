package crash

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veille/store/bolt"
)

// TestPower_LossAtAnyMomentBreaksNoPromise records what a process that keeps a
// store writes and syncs, and what it promises meanwhile. Then it makes the
// file as a disk may hold it when the power goes: after every step, with any of
// the writes that no sync covers, whole, torn or absent; and opens it.
func TestPower_LossAtAnyMomentBreaksNoPromise(t *testing.T) {
	began := time.Now()
	seen, opened, steps := newOnce(), 0, 0
	for round := uint64(0); opened < *states; round++ {
		first := *seed + round
		path := filepath.Join(t.TempDir(), "veille.db")
		makeStore(t, path)
		start, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := &disk{synced: image{bytes.TrimRight(start, "\x00"), int64(len(start))}}
		recorded := record(t, path, 12, first)
		if steps += len(recorded); len(recorded) < 100 {
			t.Fatalf("%d steps prove nothing", len(recorded))
		}
		// Every state is opened beside a marker as it is after the first start.
		opens := filepath.Join(memory(t), "veille.db")
		marker, err := os.ReadFile(path + ".initialised")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(opens+".initialised", marker, 0o600); err != nil {
			t.Fatal(err)
		}
		chance := rand.New(rand.NewPCG(first, 4))
		var promises []promise
		// A short lane is spread over one recording, a long one takes several.
		each := min(max((*states-opened)/len(recorded), 1), 8)
		for i, s := range recorded {
			d.apply(s)
			if s.said != nil {
				promises = append(promises, *s.said)
			}
			tries := []image{d.synced, d.all()}
			for range each {
				tries = append(tries, d.some(chance))
			}
			for _, state := range tries {
				if opened == *states || !seen.first(state, len(promises)) {
					continue
				}
				opened++
				if wrong := judgeImage(t, opens, state, promises); len(wrong) > 0 {
					t.Fatalf("seed %d, after step %d of %d: %s", first, i, len(recorded), strings.Join(wrong, "\n"))
				}
			}
		}
	}
	t.Logf("seed %d: %d distinct states of the disk over %d recorded steps in %s, 0 violations", *seed, opened, steps, time.Since(began).Round(time.Second))
}

// memory is a folder of the test in memory, where there is such a thing: the
// states are many, and nobody needs them on a disk.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "veille-crash-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// makeStore makes an empty store.
func makeStore(t *testing.T, path string) {
	t.Helper()
	s, err := bolt.Open(path, bolt.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// record runs the writer and returns its steps.
func record(t *testing.T, path string, articles int, seed uint64) []step {
	t.Helper()
	var steps []step
	file := fileOf(path)
	tr := tracer{
		// What is written counts from the moment of the call: that it has not
		// returned yet does not keep it from the disk.
		before: func(c systemCall) (n errno, err error) {
			switch {
			case c.number == sysPwrite && file(c):
				data, err := c.bytes()
				steps = append(steps, step{data: data, offset: int64(c.args[3])})
				return 0, err
			case c.number == sysTruncate && file(c):
				steps = append(steps, step{size: int64(c.args[1])})
			case c.number == sysWrite && c.args[0] == 1:
				line, err := c.bytes()
				if p, ok := readPromise(string(line)); ok {
					steps = append(steps, step{said: &p})
				}
				return 0, err
			case (c.number == sysWrite || c.number == sysSetLength) && file(c):
				return 0, fmt.Errorf("call %d changes the store and is not recorded", c.number)
			}
			return 0, nil
		},
		// A sync covers what it covers only once it has returned.
		after: func(c systemCall) error {
			if (c.number == sysSync || c.number == sysDataSync) && file(c) && c.result == 0 {
				steps = append(steps, step{fence: true})
			}
			return nil
		},
	}
	log := logFile(t)
	defer log.Close()
	cmd := child(t, "writer", "VEILLE_CRASH_STORE="+path, fmt.Sprintf("VEILLE_CRASH_ARTICLES=%d", articles), fmt.Sprintf("VEILLE_CRASH_SEED=%d", seed))
	cmd.Stderr = log
	status, err := tr.run(cmd)
	if err != nil || status.ExitStatus() != 0 {
		t.Fatalf("the writer ended with %v: %v\n%s", status, err, logged(t, log))
	}
	return steps
}

// judgeImage opens a state of the disk and says what is wrong with it.
func judgeImage(t *testing.T, path string, state image, promises []promise) (wrong []string) {
	t.Helper()
	if err := state.write(path); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s, err := bolt.Open(path, bolt.Options{MinFree: -1, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		return []string{err.Error()}
	}
	defer func() {
		if err := s.Close(); err != nil {
			wrong = append(wrong, err.Error())
		}
		wrong = append(wrong, checked(path)...)
	}()
	wrong, err = broken(t.Context(), s, promises)
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	if log.Len() > 0 {
		wrong = append(wrong, log.String())
	}
	return wrong
}
