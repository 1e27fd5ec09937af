package crash

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestUpset_AnyCallOfTheDaemonMayFail lets calls of the real daemon that touch
// its data folder fail, at any moment of its starting and its work, while
// articles appear. Where it ends, it is started again, as a supervisor would.
func TestUpset_AnyCallOfTheDaemonMayFail(t *testing.T) {
	p, j := newPress(t, 6), newJudge(t, 0)
	receivers := []string{"hook", "bus", "room"}
	config, data := p.configure(t, j)
	chance := rand.New(rand.NewPCG(*seed, 4))
	d := start(t, config, data)
	p.polled(t)
	d.kill(t)

	var want []string
	began := time.Now()
	failed, ended := map[string]int{}, map[string]int{}
	points, runs := 0, 0
	for ; points < *upsets; runs++ {
		want = append(want, p.publish(), p.publish())
		u := &upset{folder: data, chance: chance, most: min(*upsets-points, 1+chance.IntN(6))}
		exit := u.run(t, config, 5*time.Second)
		ended[exit]++
		for name, n := range u.failed {
			failed[name] += n
			points += n
		}
	}
	want = slices.Compact(slices.Sorted(slices.Values(want)))
	d = start(t, config, data)
	v := p.settle(t, j, want, receivers, d)
	// What is told of a store that was full for a moment may still be on its way.
	for deadline := time.Now().Add(*patience); !v.even(receivers) && time.Now().Before(deadline); v = review(j.read(t)) {
		time.Sleep(100 * time.Millisecond)
	}
	d.kill(t)
	checkFile(t, filepath.Join(data, "veille.db"))
	repeats := v.hold(t, want, receivers, runs+1)
	t.Logf("seed %d: %d calls failed in %d runs and %s, %v; the runs ended %v; %d events for each of %d receivers, %d requests, %d repeated, 0 lost",
		*seed, points, runs, time.Since(began).Round(time.Second), failed, ended, len(want), len(receivers), v.requests, repeats)
}

// even reports whether all receivers had as many events.
func (v verdict) even(receivers []string) bool {
	for _, r := range receivers {
		if len(v.got[r]) != len(v.got[receivers[0]]) {
			return false
		}
	}
	return true
}

// upset is a run of the daemon in which calls fail.
type upset struct {
	folder string
	chance *rand.Rand
	// most is how many calls fail.
	most int

	mu     sync.Mutex
	next   int
	failed map[string]int
	pid    int
}

// gap is how many calls go well before one fails: often few, so that the start
// is met, and often many.
func (u *upset) gap() int {
	if u.chance.IntN(2) == 0 {
		return u.chance.IntN(40)
	}
	return u.chance.IntN(250)
}

// run ends when the process does, or kills it a moment after the last of its
// calls failed, or when it was given long enough.
func (u *upset) run(t *testing.T, config string, longest time.Duration) (exit string) {
	t.Helper()
	u.next, u.failed = u.gap(), map[string]int{}
	errnos := []errno{syscall.ENOSPC, syscall.EIO, syscall.ENOMEM}
	all := make(chan struct{})
	tr := tracer{
		began: func(pid int) { u.mu.Lock(); u.pid = pid; u.mu.Unlock() },
		before: func(c systemCall) (errno, error) {
			name := touches(c, u.folder)
			if name == "" {
				return 0, nil
			}
			u.mu.Lock()
			defer u.mu.Unlock()
			if u.next--; u.next >= 0 || u.count() == u.most {
				return 0, nil
			}
			u.next = u.gap()
			if u.failed[name]++; u.count() == u.most {
				close(all)
			}
			return errnos[u.chance.IntN(len(errnos))], nil
		},
	}
	log := logFile(t)
	defer log.Close()
	cmd := exec.CommandContext(t.Context(), veilleBinary(t), "run", "-c", config, "--data", u.folder)
	cmd.Stderr = log
	done := make(chan struct{})
	var status syscall.WaitStatus
	var err error
	go func() {
		defer close(done)
		status, err = tr.run(cmd)
		u.mu.Lock()
		defer u.mu.Unlock()
		u.pid = 0
	}()
	select {
	case <-done:
	case <-time.After(longest):
	case <-all:
		select {
		case <-done:
		case <-time.After(300 * time.Millisecond):
		}
	}
	u.mu.Lock()
	if u.pid != 0 {
		_ = syscall.Kill(u.pid, syscall.SIGKILL)
	}
	u.mu.Unlock()
	<-done
	if err != nil {
		t.Fatal(err)
	}
	said := logged(t, log)
	if strings.Contains(said, "panic:") || strings.Contains(said, "fatal error:") || strings.Contains(said, "SIG") {
		t.Errorf("the daemon panicked after %v:\n%s", slices.Collect(maps.Keys(u.failed)), said)
	}
	if status.Signaled() {
		return "killed"
	}
	return fmt.Sprintf("with %d", status.ExitStatus())
}

// count is how many calls failed; mu is held.
func (u *upset) count() (n int) {
	for _, of := range u.failed {
		n += of
	}
	return n
}
