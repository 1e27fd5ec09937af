package notify

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func fileSample() sample {
	return sample{
		kind: "file",
		options: func(address string) veille.ReceiverOptions {
			if strings.HasPrefix(address, "http") {
				address = os.DevNull // wherever the suite only needs a receiver that is built
			}
			return &FileOptions{Path: address, MaxSize: 1 << 40, Keep: 5}
		},
		bad: []veille.ReceiverOptions{
			&FileOptions{MaxSize: 1 << 20}, &FileOptions{Path: "a/", MaxSize: 1 << 20}, &FileOptions{Path: "a", MaxSize: 10},
			&FileOptions{Path: "a", MaxSize: 1 << 20, Keep: -1},
		},
		open: func(t *testing.T) (string, func() []byte) {
			path := filepath.Join(memory(t), "alerts.jsonl")
			return path, func() []byte {
				out, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Truncate(path, 0); err != nil {
					t.Fatal(err)
				}
				return out
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			if bytes.Count(payload, []byte("\n")) != 1 || payload[len(payload)-1] != '\n' {
				t.Fatalf("not one line: %.100q", payload)
			}
			if weight(e) < 1<<20 {
				checkPlain(t, strings.TrimSuffix(string(payload), "\n"))
			}
			if got := unmarshal[veille.Event](t, payload); got.ID != e.ID {
				t.Errorf("event %s, want %s", got.ID, e.ID)
			}
		},
	}
}

// memory is a folder where a sync costs nothing, as far as there is one.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "veille-notify-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func TestFile_RotatesBySize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts.jsonl")
	n, err := fileKind().Build("log", &FileOptions{Path: path, MaxSize: 4096, Keep: 2}, Env{})
	if err != nil {
		t.Fatal(err)
	}
	e := Example(veille.ArticlePublished)
	var ids []string
	for i := range 20 {
		e.ID = veille.SystemEventID(e.Type, "n", string(rune('a'+i)))
		ids = append(ids, e.ID)
		notify(t, n, e, nil)
	}
	var got []string
	for _, name := range []string{path + ".2", path + ".1", path} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > 4096 {
			t.Errorf("%s has %d bytes", name, len(raw))
		}
		for row := range bytes.Lines(raw) {
			var e veille.Event
			if err := json.Unmarshal(row, &e); err != nil {
				t.Fatal(err)
			}
			got = append(got, e.ID)
		}
	}
	if len(got) < 5 {
		t.Fatalf("%d events are kept", len(got))
	}
	if diff := cmp.Diff(ids[len(ids)-len(got):], got); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(path + ".3"); err == nil {
		t.Error("a third file is kept")
	}
}

func TestFile_EndsALineThatACrashCutShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts.jsonl")
	if err := os.WriteFile(path, []byte(`{"id":"evt_c`), 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := fileKind().Build("log", &FileOptions{Path: path, MaxSize: 1 << 20, Keep: 2}, Env{})
	if err != nil {
		t.Fatal(err)
	}
	notify(t, n, Example(veille.TestEvent), nil)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	if len(rows) != 2 || !json.Valid([]byte(rows[1])) {
		t.Errorf("rows %q", rows)
	}
}

func TestFile_PausesWhereItCannotWrite(t *testing.T) {
	n, err := fileKind().Build("log", &FileOptions{Path: filepath.Join(t.TempDir(), "gone", "alerts.jsonl"), MaxSize: 1 << 20}, Env{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = n.Notify(t.Context(), veille.Delivery{Event: Example(veille.TestEvent)})
	checkVerdict(t, err, veille.VerdictPause, 0, 0)
}
