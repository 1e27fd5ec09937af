package crash

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// The calls that a store is kept with, by their numbers on this machine.
const (
	sysWrite     = syscall.SYS_WRITE
	sysPwrite    = syscall.SYS_PWRITE64
	sysSync      = syscall.SYS_FSYNC
	sysDataSync  = syscall.SYS_FDATASYNC
	sysTruncate  = syscall.SYS_FTRUNCATE
	sysMap       = syscall.SYS_MMAP
	sysOpen      = syscall.SYS_OPENAT
	sysLink      = syscall.SYS_LINKAT
	sysLock      = syscall.SYS_FLOCK
	sysSetLength = syscall.SYS_FALLOCATE
)

// systemCall is a call of the traced process that has been made or is about to be.
type systemCall struct {
	pid    int
	number uint64
	args   [4]uint64
	// result is set once the call was made.
	result int64
}

// bytes are what the process wrote with the call.
func (c systemCall) bytes() ([]byte, error) {
	b := make([]byte, c.args[2])
	if _, err := syscall.PtracePeekData(c.pid, uintptr(c.args[1]), b); err != nil {
		return nil, fmt.Errorf("read what call %d writes: %w", c.number, err)
	}
	return b, nil
}

// path is what a call on a path, such as openat, is about.
func (c systemCall) path() string {
	b := make([]byte, 256)
	n, _ := syscall.PtracePeekData(c.pid, uintptr(c.args[1]), b)
	name, _, _ := strings.Cut(string(b[:n]), "\x00")
	return name
}

// errno is what a call fails with; 0 is none.
type errno = syscall.Errno

// fileOf tells the calls whose first argument is an open file of that path.
func fileOf(path string) func(systemCall) bool {
	return func(c systemCall) bool {
		to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", c.pid, c.args[0]))
		return err == nil && to == path
	}
}

// tracer watches a process and may make its calls fail.
type tracer struct {
	// began is told the process, before it makes a call; may be nil.
	began func(pid int)
	// before may refuse a call with an errno other than 0.
	before func(systemCall) (errno, error)
	// after sees a call that was made. A process makes its calls in the order in
	// which it sees them.
	after func(systemCall) error
}

const (
	waitAll      = 0x40000000 // __WALL
	waitOwn      = 0x20000000 // __WNOTHREAD: not the children of other threads
	killWithTest = 0x00100000 // PTRACE_O_EXITKILL
	stopped      = syscall.SIGTRAP | 0x80
	notACall     = ^uint64(0)
)

// run starts the command and returns when it has ended. It takes the thread
// that it runs on for itself.
func (tr tracer) run(cmd *exec.Cmd) (syscall.WaitStatus, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start the traced process: %w", err)
	}
	leader := cmd.Process.Pid
	if tr.began != nil {
		tr.began(leader)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(leader, &status, waitAll, nil); err != nil {
		return 0, fmt.Errorf("wait for the traced process: %w", err)
	}
	if err := syscall.PtraceSetOptions(leader, syscall.PTRACE_O_TRACECLONE|syscall.PTRACE_O_TRACESYSGOOD|killWithTest); err != nil {
		return 0, fmt.Errorf("trace: %w", err)
	}
	threads := map[int]*thread{leader: {known: true}}
	if err := syscall.PtraceSyscall(leader, 0); err != nil {
		return 0, fmt.Errorf("trace: %w", err)
	}
	for {
		pid, err := syscall.Wait4(-1, &status, waitAll|waitOwn, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("wait for the traced process: %w", err)
		}
		if status.Exited() || status.Signaled() {
			if pid == leader {
				return status, nil
			}
			delete(threads, pid)
			continue
		}
		th := threads[pid]
		if th == nil {
			th = &thread{}
			threads[pid] = th
		}
		signal := 0
		switch s := status.StopSignal(); {
		case s == stopped:
			if err := tr.stop(pid, th); err != nil {
				_ = syscall.Kill(leader, syscall.SIGKILL)
				return 0, err
			}
		case s == syscall.SIGTRAP: // a thread was made
		case s == syscall.SIGSTOP && !th.known: // it begins
		default:
			signal = int(s)
		}
		th.known = true
		// A thread that was killed meanwhile is told of by the next wait.
		if err := syscall.PtraceSyscall(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return 0, fmt.Errorf("trace: %w", err)
		}
	}
}

// thread is one of the traced process.
type thread struct {
	known, inside bool
	call          systemCall
	failed        syscall.Errno
}

// stop handles a thread that enters a call or leaves it.
func (tr tracer) stop(pid int, th *thread) error {
	var r syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(pid, &r); errors.Is(err, syscall.ESRCH) {
		return nil
	} else if err != nil {
		return fmt.Errorf("read registers: %w", err)
	}
	th.inside = !th.inside
	if th.inside {
		th.failed = 0
		th.call = systemCall{pid: pid, number: r.Orig_rax, args: [4]uint64{r.Rdi, r.Rsi, r.Rdx, r.R10}}
		if r.Orig_rax == sysMap {
			th.call.args[3] = r.R8 // the file
		}
		if tr.before == nil {
			return nil
		}
		var err error
		if th.failed, err = tr.before(th.call); err != nil || th.failed == 0 {
			return err
		}
		r.Orig_rax = notACall
	} else {
		if th.failed == 0 {
			th.call.result = int64(r.Rax)
			if tr.after == nil {
				return nil
			}
			return tr.after(th.call)
		}
		r.Rax = uint64(-int64(th.failed))
	}
	if err := syscall.PtraceSetRegs(pid, &r); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("write registers: %w", err)
	}
	return nil
}
