package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"veille/store/bolt"
)

// TestFault_AnySystemCallMayFailOnce lets the Nth call that touches the store's
// folder fail, for each N, from the making of a new store on. Whatever the
// process does then, the next one goes on from there and nothing is lost.
func TestFault_AnySystemCallMayFailOnce(t *testing.T) {
	const articles = 5
	began := time.Now()
	whole := tryFault(t, 0, 0, articles, *seed)
	if len(whole.calls) < 100 {
		t.Fatalf("%d calls prove nothing", len(whole.calls))
	}
	errnos := []errno{syscall.ENOSPC, syscall.EIO, syscall.ENOMEM}
	points := len(whole.calls) * len(errnos)
	ended, failed := map[int]int{}, map[string]int{}
	for i := range *faults {
		// A short lane is spread over the whole run; a long one goes on with
		// other work.
		at := i
		if *faults < points {
			at = i * points / *faults
		}
		n, no := at/len(errnos)%len(whole.calls)+1, errnos[at%len(errnos)]
		got := tryFault(t, n, no, articles, *seed+uint64(at/points))
		ended[got.status.ExitStatus()]++
		if got.failed != "" {
			failed[got.failed]++
		}
		if len(got.wrong) > 0 {
			t.Errorf("seed %d, call %d (%s) fails with %v: %s\n%s", *seed, n, got.failed, no, strings.Join(got.wrong, "\n"), got.log)
		}
	}
	t.Logf("seed %d: %d calls failed in %s, by kind %v, the process ended with %v; all recovered, 0 lost", *seed, *faults, time.Since(began).Round(time.Second), failed, ended)
}

// faulty is what became of a process with a call that failed.
type faulty struct {
	calls  []string
	failed string
	status syscall.WaitStatus
	wrong  []string
	log    string
}

// tryFault runs the writer with a call that fails, then without one.
func tryFault(t *testing.T, n int, no errno, articles int, seed uint64) (f faulty) {
	t.Helper()
	dir := memory(t)
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "veille.db")
	var promises []promise
	log := logFile(t)
	defer log.Close()
	var err error
	tr := tracer{before: func(c systemCall) (errno, error) {
		if c.number == sysWrite && c.args[0] == 1 {
			line, err := c.bytes()
			if p, ok := readPromise(string(line)); ok {
				promises = append(promises, p)
			}
			return 0, err
		}
		name := touches(c, dir)
		if name == "" {
			return 0, nil
		}
		if f.calls = append(f.calls, name); len(f.calls) == n {
			f.failed = name
			return no, nil
		}
		return 0, nil
	}}
	env := []string{"VEILLE_CRASH_STORE=" + path, fmt.Sprintf("VEILLE_CRASH_ARTICLES=%d", articles), fmt.Sprintf("VEILLE_CRASH_SEED=%d", seed)}
	cmd := child(t, "writer", env...)
	cmd.Stderr = log
	if f.status, err = tr.run(cmd); err != nil {
		t.Fatal(err)
	}
	again := child(t, "writer", env...)
	again.Stderr = log
	out, err := again.Output()
	f.log = logged(t, log)
	if err != nil {
		f.wrong = append(f.wrong, "the next process: "+err.Error())
		return f
	}
	for line := range strings.Lines(string(out)) {
		if p, ok := readPromise(line); ok {
			promises = append(promises, p)
		}
	}
	for n := range articles {
		promises = append(promises, promise{what: "committed", n: n})
	}
	s, err := bolt.Open(path, bolt.Options{MinFree: -1})
	if err != nil {
		f.wrong = append(f.wrong, err.Error())
		return f
	}
	if f.wrong, err = broken(t.Context(), s, promises); err != nil {
		f.wrong = append(f.wrong, err.Error())
	}
	if err := s.Close(); err != nil {
		f.wrong = append(f.wrong, err.Error())
	}
	f.wrong = append(f.wrong, checked(path)...)
	return f
}

// touches names a call that touches what lies in a folder.
func touches(c systemCall, dir string) string {
	byFile := map[uint64]string{sysPwrite: "pwrite", sysWrite: "write", sysSync: "fsync", sysDataSync: "fdatasync", sysTruncate: "ftruncate", sysLock: "flock", sysMap: "mmap"}
	inside := func(to string) bool { return to == dir || strings.HasPrefix(to, dir+"/") }
	byPath := map[uint64]string{sysOpen: "openat", sysLink: "linkat"}
	if name := byFile[c.number]; name != "" {
		if c.number == sysMap {
			c.args[0] = c.args[3]
		}
		to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", c.pid, int32(c.args[0])))
		if err == nil && inside(to) {
			return name
		}
	}
	if name := byPath[c.number]; name != "" && inside(c.path()) {
		return name
	}
	return ""
}

// logFile takes what a traced process says. It is a file because the tracer reaps
// the process itself: nobody would wait for the copying of a pipe.
func logFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func logged(t *testing.T, f *os.File) string {
	t.Helper()
	said, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}
