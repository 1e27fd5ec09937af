package config

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// folder is a configuration in a folder of its own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, filepath.Join(dir, name), text)
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// inputs loads a configuration and gives what it was read from.
func inputs(t *testing.T, path string) Inputs {
	t.Helper()
	c, err := Load(path, nil, testChecks())
	if err != nil {
		t.Fatal(err)
	}
	return c.Inputs
}

// TestWatch_NoticesTheFileThatTakesAFoldersPlace has what a container's mount leaves
// where there was no file yet.
func TestWatch_NoticesTheFileThatTakesAFoldersPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "veille.yaml")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path, nil, testChecks())
	mistakes, ok := errors.AsType[*Errors](err)
	if !ok {
		t.Fatalf("a folder was read: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	changed := Watch(ctx, mistakes.Inputs, slog.New(slog.DiscardHandler))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	put(t, path, oneSource)
	if _, told := <-changed; !told {
		t.Error("not noticed")
	}
	cancel()
	for range changed {
		// The watcher ends.
	}
}

func TestWatch_NoticesEveryKindOfChange(t *testing.T) {
	main := "include: ['desks/*.yaml']\nreceivers: { d: { slack: { url_file: secret } } }\n" + oneSource
	files := map[string]string{"veille.yaml": main, "desks/a.yaml": "concepts: { a: [b] }\n", "secret": "https://hooks.slack.com/x"}
	for name, change := range map[string]func(t *testing.T, dir string) error{
		"edit in place": func(_ *testing.T, dir string) error {
			f, err := os.OpenFile(filepath.Join(dir, "veille.yaml"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteString("lookback: 1h\n")
			return errorsOf(err, f.Close())
		},
		"an editor's rename": func(t *testing.T, dir string) error {
			put(t, filepath.Join(dir, "veille.yaml~"), main+"lookback: 1h\n")
			return os.Rename(filepath.Join(dir, "veille.yaml~"), filepath.Join(dir, "veille.yaml"))
		},
		"an included file": func(t *testing.T, dir string) error {
			put(t, filepath.Join(dir, "desks/a.yaml"), "concepts: { a: [c] }\n")
			return nil
		},
		"a new included file": func(t *testing.T, dir string) error {
			put(t, filepath.Join(dir, "desks/b.yaml"), "concepts: { b: [c] }\n")
			return nil
		},
		"a lost included file": func(_ *testing.T, dir string) error { return os.Remove(filepath.Join(dir, "desks/a.yaml")) },
		"a secret file": func(t *testing.T, dir string) error {
			put(t, filepath.Join(dir, "secret"), "https://hooks.slack.com/y")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, files)
			in := inputs(t, filepath.Join(dir, "veille.yaml"))
			ctx, cancel := context.WithCancel(t.Context())
			changed := Watch(ctx, in, slog.New(slog.DiscardHandler))
			if err := change(t, dir); err != nil {
				t.Fatal(err)
			}
			<-changed
			cancel()
			for range changed {
				// It ends.
			}
		})
	}
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Kubernetes mounts a ConfigMap as links to ..data, a link to the folder of one
// revision, and replaces that link.
func TestWatch_NoticesTheSwapOfAConfigMap(t *testing.T) {
	dir := folder(t, map[string]string{"..1/veille.yaml": oneSource, "..2/veille.yaml": oneSource + "lookback: 1h\n"})
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..1", "..data")
	link("..data/veille.yaml", "veille.yaml")
	in := inputs(t, filepath.Join(dir, "veille.yaml"))
	ctx, cancel := context.WithCancel(t.Context())
	changed := Watch(ctx, in, slog.New(slog.DiscardHandler))
	link("..2", "..data_tmp")
	if err := os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	<-changed
	cancel()
	for range changed {
		// It ends.
	}
}

func TestWatch_NoticesAChangeBeforeItBegan(t *testing.T) {
	dir := folder(t, map[string]string{"veille.yaml": oneSource})
	in := inputs(t, filepath.Join(dir, "veille.yaml"))
	put(t, filepath.Join(dir, "veille.yaml"), oneSource+"lookback: 1h\n")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	<-Watch(ctx, in, slog.New(slog.DiscardHandler))
}

// A bind-mounted file changes without a hint from the kernel; the look that
// comes anyway compares contents, and nothing else.
func TestWatcher_LooksAtContents(t *testing.T) {
	dir := folder(t, map[string]string{"veille.yaml": "include: [a.yaml]\n" + oneSource})
	path := filepath.Join(dir, "veille.yaml")
	_, err := Load(path, nil, testChecks())
	refused, ok := err.(*Errors)
	if !ok {
		t.Fatalf("error %v", err)
	}
	changed := make(chan struct{}, 1)
	w := watcher{in: refused.Inputs, known: refused.Inputs.state, changed: changed}
	told := func() bool {
		w.look()
		select {
		case <-changed:
			return true
		default:
			return false
		}
	}
	if told() {
		t.Error("nothing has changed")
	}
	put(t, path, "include: [a.yaml]\n"+oneSource)
	if told() {
		t.Error("the same text was written again")
	}
	put(t, filepath.Join(dir, "a.yaml"), "concepts: { a: [b] }\n")
	if !told() {
		t.Error("the file that was missing is there")
	}
	put(t, path, oneSource)
	if !told() || told() {
		t.Error("one change is told once")
	}
}
