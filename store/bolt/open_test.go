package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func dbPath(t *testing.T) string { return filepath.Join(t.TempDir(), "veille.db") }

func mustOpen(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// written returns the path of a closed store that holds n articles.
func written(t *testing.T, n int) string {
	t.Helper()
	path := dbPath(t)
	s := mustOpen(t, path)
	for i := range n {
		if err := s.CommitArticle(t.Context(), testCommit(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen_RefusesWhatItCannotTrustAndLeavesItAlone(t *testing.T) {
	change := func(what, value string) func(t *testing.T) string {
		return func(t *testing.T) string {
			path := written(t, 1)
			raw, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = raw.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bMeta)).Put([]byte(what), []byte(value)) })
			if err := errors.Join(err, raw.Close()); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	damage := func(f func(b []byte) []byte) func(t *testing.T) string {
		return func(t *testing.T) string {
			path := written(t, 20)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f(b), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	page := os.Getpagesize()
	for _, c := range []struct {
		name string
		make func(t *testing.T) string
		want error
	}{
		{"a text file", func(t *testing.T) string {
			path := dbPath(t)
			if err := os.WriteFile(path, bytes.Repeat([]byte("not a store\n"), 5000), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, ErrForeign},
		{"a short text file", func(t *testing.T) string {
			path := dbPath(t)
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, ErrForeign},
		{"another program's bbolt file", func(t *testing.T) string {
			path := dbPath(t)
			raw, err := bbolt.Open(path, 0o600, &bbolt.Options{NoFreelistSync: true})
			if err != nil {
				t.Fatal(err)
			}
			err = raw.Update(func(tx *bbolt.Tx) error {
				_, err := tx.CreateBucket([]byte("jobs"))
				return err
			})
			if err := errors.Join(err, raw.Close()); err != nil {
				t.Fatal(err)
			}
			return path
		}, ErrForeign},
		{"a newer schema", change("schema", string(binary.BigEndian.AppendUint32(nil, schema+1))), ErrNewer},
		{"no schema", change("schema", "x"), ErrCorrupt},
		{"cut by a page", damage(func(b []byte) []byte { return b[:usedBytes(t, b)-page] }), ErrTruncated},
		{"cut by a byte", damage(func(b []byte) []byte { return b[:usedBytes(t, b)-1] }), ErrTruncated},
		{"cut within the meta pages", damage(func(b []byte) []byte { return b[:page+200] }), ErrTruncated},
		{"cut within the first page", damage(func(b []byte) []byte { return b[:60] }), ErrForeign},
		{"both meta pages damaged", damage(func(b []byte) []byte { b[70]++; b[page+70]++; return b }), ErrCorrupt},
		{"emptied", damage(func([]byte) []byte { return nil }), ErrLost},
		{"a folder", func(t *testing.T) string { return t.TempDir() }, ErrForeign},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := c.make(t)
			before, _ := os.ReadFile(path)
			s, err := Open(path, Options{Timeout: 100 * time.Millisecond})
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			var oe *OpenError
			if !errors.Is(err, c.want) || !errors.As(err, &oe) || oe.Help == "" || !strings.Contains(err.Error(), path) {
				t.Fatalf("error is %v, want %v with the path and a way out", err, c.want)
			}
			after, _ := os.ReadFile(path)
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// usedBytes returns how many bytes of a file bbolt may read; behind them it
// only keeps room to grow.
func usedBytes(t *testing.T, b []byte) int {
	t.Helper()
	m, _, err := newestMeta(bytes.NewReader(b))
	if err != nil || m == nil {
		t.Fatal(err)
	}
	return int(m.pages) * int(m.pageSize)
}

func TestOpen_TakesAFileCutBehindWhatIsUsed(t *testing.T) {
	path := written(t, 3)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, int64(usedBytes(t, b))); err != nil {
		t.Fatal(err)
	}
	commitN(t, mustOpen(t, path), 3, 6)
}

func TestOpen_RefusesAStoreThatIsGone(t *testing.T) {
	path := written(t, 1)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{}); !errors.Is(err, ErrLost) {
		t.Fatalf("error is %v, want ErrLost", err)
	}
	if err := os.Remove(markerPath(path)); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, path)
}

func TestOpen_TakesAnEmptyFileThatNeverWasAStore(t *testing.T) {
	path := dbPath(t)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, path)
	left, err := filepath.Glob(path + ".new-*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestOpen_OfAStoreInUseIsLocked(t *testing.T) {
	path := dbPath(t)
	mustOpen(t, path)
	_, err := Open(path, Options{Timeout: 60 * time.Millisecond})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path) {
		t.Fatalf("error is %v, want ErrLocked with the path", err)
	}
}

func TestOpen_SurvivesAnyTornMeta(t *testing.T) {
	path := written(t, 3)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[70]++
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	// The other meta page holds: at most the last commit is lost.
	if _, err := mustOpen(t, path).Article(t.Context(), testCommit(1).Article.ID); err != nil {
		t.Fatal(err)
	}
}

// A fault in mapped memory ends a process, and no recover helps. So these run
// in a child of their own: this test binary, asked for one test only.
func inChild(t *testing.T, mode, path string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), "VEILLE_CHILD="+mode, "VEILLE_CHILD_PATH="+path)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestOpen_OfACutFileIsRefusedAtEveryLength(t *testing.T) {
	path := written(t, 30)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	dir := t.TempDir()
	used := usedBytes(t, b)
	for i, n := range []int{100, 4096, 5000, 8192, 12288, 16384, 20000, used / 4, used / 3, used / 2, used - 4096, used - 1} {
		p := filepath.Join(dir, fmt.Sprintf("cut%d.db", i))
		if err := os.WriteFile(p, b[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	out, err := inChild(t, "open", strings.Join(paths, ":"))
	if err != nil {
		t.Fatalf("child: %v\n%s", err, out)
	}
	if got := strings.Count(out, "refused\n"); got != len(paths) {
		t.Errorf("refused %d of %d:\n%s", got, len(paths), out)
	}
}

func TestStore_CutWhileOpenIsCorruptAndNoCrash(t *testing.T) {
	out, err := inChild(t, "cut", written(t, 60))
	if err != nil || !strings.Contains(out, "survived\n") {
		t.Fatalf("child: %v\n%s", err, out)
	}
}
