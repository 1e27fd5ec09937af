package crash

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// How long the campaigns are: these are the short lanes, the Makefile has the
// long ones. Every campaign prints the seed that it can be repeated with.
var (
	kills    = flag.Int("kills", 15, "how often the daemon is killed")
	states   = flag.Int("states", 2000, "how many states of the disk after a power loss are opened")
	faults   = flag.Int("faults", 30, "how many system calls fail, one a run")
	upsets   = flag.Int("upsets", 12, "how many system calls of the real daemon fail")
	patience = flag.Duration("patience", 2*time.Minute, "how long after the last request an alert may come")
	fills    = flag.Int("fills", 0, "how often the disk is filled and freed; needs root")
	seed     = flag.Uint64("seed", 1, "what the random choices begin with")
)

// TestMain lets the test binary be the other processes of the campaigns.
func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "receiver":
		receive()
	case "writer":
		keepStore()
	default:
		flag.Parse()
		code := m.Run()
		if command.dir != "" {
			_ = os.RemoveAll(command.dir)
		}
		os.Exit(code)
	}
}

// childEnv says which process of a campaign the test binary is.
const childEnv = "VEILLE_CRASH_CHILD"

// child is the test binary as another process of the campaign.
func child(t *testing.T, as string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(append(os.Environ(), childEnv+"="+as), env...)
	cmd.Stderr = os.Stderr
	return cmd
}

// command is the real one, built once for all campaigns that need it.
var command struct {
	once sync.Once
	dir  string
	path string
	err  error
}

// veilleBinary returns the path of the real command.
func veilleBinary(t *testing.T) string {
	t.Helper()
	command.once.Do(func() {
		if command.dir, command.err = os.MkdirTemp("", "veille-crash-"); command.err != nil {
			return
		}
		command.path = filepath.Join(command.dir, "veille")
		out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", command.path, "veille/cmd/veille").CombinedOutput()
		if err != nil {
			command.err = fmt.Errorf("build veille: %w\n%s", err, out)
		}
	})
	if command.err != nil {
		t.Fatal(command.err)
	}
	return command.path
}
