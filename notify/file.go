package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"veille"
)

// FileOptions are the options of a receiver in a file.
type FileOptions struct {
	Path    string `yaml:"path" required:"true" doc:"The file that events are appended to, one JSON object a line; relative paths start at the folder Veille runs in."`
	MaxSize int64  `yaml:"max_size" unit:"bytes" default:"100MiB" doc:"The size at which the file is renamed to PATH.1, and PATH.1 to PATH.2."`
	Keep    int    `yaml:"keep" default:"5" doc:"How many renamed files are kept."`
}

// Problems implements veille.ReceiverOptions.
func (o *FileOptions) Problems() []veille.Problem {
	var out []veille.Problem
	if strings.TrimSpace(o.Path) == "" || strings.HasSuffix(o.Path, "/") || strings.ContainsRune(o.Path, 0) {
		out = append(out, veille.Problem{Path: "path", What: "is not the path of a file", Help: "write it as alerts.jsonl"})
	}
	if o.MaxSize < 4096 {
		out = append(out, veille.Problem{Path: "max_size", What: "is too small", Help: "write at least 4KiB"})
	}
	if o.Keep < 0 || o.Keep > 1000 {
		out = append(out, veille.Problem{Path: "keep", What: "is out of range", Help: "write 0 to 1000"})
	}
	return out
}

func fileKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "file",
			Summary: "Appends each event to a file as a line of JSON, safe on disk before it counts as delivered; rotated by size.",
			Options: func() veille.ReceiverOptions { return &FileOptions{MaxSize: 100 << 20, Keep: 5} },
		},
		Build: built(func(_ string, options *FileOptions, _ Env) Notifier {
			return &file{path: filepath.Clean(options.Path), maxSize: options.MaxSize, keep: options.Keep, print: fingerprint(options)}
		}),
	}
}

// maxFileLine bounds a line, in bytes; what is cut is marked.
const maxFileLine = 1 << 20

// file appends events to a file. It holds it open for one event only, so that
// others may move it away.
type file struct {
	mu      sync.Mutex
	path    string
	maxSize int64
	keep    int
	print   [32]byte
}

func (f *file) options() [32]byte { return f.print }
func (f *file) pace() pace        { return pace{steps: chatSteps} }

// Notify implements Notifier. The line is synced before the event counts as
// delivered; a line that a crash cut short is ended by the next one.
func (f *file) Notify(_ context.Context, d veille.Delivery) (veille.Receipt, error) {
	text, err := f.preview(d)
	if err != nil {
		return nil, &veille.DeliveryError{Verdict: veille.VerdictPoison, Err: errors.New("the event cannot be written as JSON")}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.append(text); err != nil {
		return nil, &veille.DeliveryError{Verdict: veille.VerdictPause, Err: fmt.Errorf("append to the file: %w", err)}
	}
	return veille.Receipt{"file": f.path}, nil
}

// preview implements previewer.
func (f *file) preview(d veille.Delivery) ([]byte, error) {
	raw, err := encodeEvent(d.Event, maxFileLine)
	return []byte(inertJSON(string(raw)) + "\n"), err
}

func (f *file) append(text []byte) (err error) {
	if info, err := os.Stat(f.path); err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.Size()+int64(len(text)) > f.maxSize {
		if err := f.rotate(); err != nil {
			return err
		}
	}
	out, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	info, err := out.Stat()
	if err != nil {
		return err
	}
	if n := info.Size(); n > 0 && info.Mode().IsRegular() {
		last := make([]byte, 1)
		if _, err := out.ReadAt(last, n-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			text = append([]byte{'\n'}, text...)
		}
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	// A pipe or a terminal has nothing to sync.
	if err := out.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	if info.Size() == 0 {
		return syncFolder(filepath.Dir(f.path))
	}
	return nil
}

// rotate renames PATH to PATH.1, PATH.1 to PATH.2, and so on; the last goes.
func (f *file) rotate() error {
	numbered := func(n int) string { return f.path + "." + strconv.Itoa(n) }
	if f.keep == 0 {
		return os.Remove(f.path)
	}
	for n := f.keep - 1; n > 0; n-- {
		if err := os.Rename(numbered(n), numbered(n+1)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(f.path, numbered(1)); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(f.path))
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
