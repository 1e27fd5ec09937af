package crash

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFull_DiskFilledAndFreedLosesNothing fills the disk under the real daemon
// and frees it again, while articles appear. It mounts a small file system,
// which needs root: without -fills it proves nothing.
func TestFull_DiskFilledAndFreedLosesNothing(t *testing.T) {
	if *fills == 0 {
		t.Log("give -fills, as root")
		return
	}
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=24m"); err != nil {
		t.Fatalf("mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(small, syscall.MNT_DETACH) })
	p, j := newPress(t, 4), newJudge(t, 0)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	config, _ := p.configure(t, j, fmt.Sprintf("http: { listen: %q }", address))
	d := start(t, config, filepath.Join(small, "data"))
	p.polled(t)
	began := time.Now()
	var want []string
	for range *fills {
		ballast := filepath.Join(small, "ballast")
		fill(t, ballast)
		for range 5 {
			want = append(want, p.publish())
		}
		ready(t, d, address, false)
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		ready(t, d, address, true)
	}
	want = slices.Compact(slices.Sorted(slices.Values(want)))
	v := p.settle(t, j, want, []string{"hook", "bus", "room"}, d)
	d.kill(t)
	checkFile(t, filepath.Join(small, "data", "veille.db"))
	for _, x := range v.violations {
		t.Error(x)
	}
	t.Logf("the disk was filled and freed %d times in %s: %d events for each of 3 receivers, 0 lost; /readyz said so each time", *fills, time.Since(began).Round(time.Second), len(want))
}

// fill takes all that is left of a disk.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	part := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(part)
	}
}

// ready waits until /readyz answers as it should, and for a full disk names it.
func ready(t *testing.T, d *daemon, address string, want bool) {
	t.Helper()
	deadline := time.After(3 * time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	last := ""
	for {
		if res, err := http.Get("http://" + address + "/readyz"); err == nil {
			var said json.RawMessage
			_ = json.NewDecoder(res.Body).Decode(&said)
			_ = res.Body.Close()
			if last = res.Status + " " + string(said); (res.StatusCode == http.StatusOK) == want && (want || strings.Contains(last, "full")) {
				return
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			d.kill(t)
			t.Fatalf("/readyz answers %s\n%s", last, d.log.String())
		}
	}
}
