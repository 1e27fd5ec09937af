package config

import (
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long files must be quiet before they are read: editors and
	// deployments write in several steps.
	settle = 200 * time.Millisecond
	// lookAgain is how often files are read without a hint from the kernel: a
	// single bind-mounted file, a network or overlay file system gives none.
	lookAgain = 5 * time.Second
)

// Watch tells when what a configuration was read from has changed since then:
// an edit, an editor's rename, the swap of a Kubernetes ConfigMap's symlink, a
// bind-mounted file, a new or lost file of an include, a secret file. It
// compares contents, so that touching a file is no change.
//
// The channel holds at most one unread notice, and is closed when ctx has ended
// and nothing runs any more. Pass the Inputs of the newest Config or *Errors,
// so that neither a change during Load nor the correction of a refused file is
// overlooked.
func Watch(ctx context.Context, in Inputs, log *slog.Logger) <-chan struct{} {
	changed := make(chan struct{}, 1)
	go func() {
		defer close(changed)
		w := watcher{in: in, log: log, known: in.state, changed: changed}
		w.run(ctx)
	}()
	return changed
}

type watcher struct {
	in      Inputs
	log     *slog.Logger
	known   map[string][32]byte
	changed chan<- struct{}
}

func (w *watcher) run(ctx context.Context) {
	var events <-chan fsnotify.Event
	var failures <-chan error
	hints, err := fsnotify.NewWatcher()
	if err == nil {
		defer func() { _ = hints.Close() }()
		w.addFolders(hints)
		events, failures = hints.Events, hints.Errors
	} else {
		w.log.Warn("configuration files are only looked at now and then", "every", lookAgain, "error", err)
	}
	quiet := time.NewTimer(settle) // the first look covers the time since Load
	defer quiet.Stop()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			quiet.Reset(settle)
		case _, ok := <-failures:
			// An overflow lost events: look.
			if !ok {
				failures = nil
				continue
			}
			quiet.Reset(settle)
		case <-quiet.C:
			w.look()
			if hints != nil {
				w.addFolders(hints)
			}
		case <-again.C:
			w.look()
		}
	}
}

// look compares the inputs with what is known of them, and tells.
func (w *watcher) look() {
	now := w.in.now()
	if maps.Equal(now, w.known) {
		return
	}
	w.known = now
	select {
	case w.changed <- struct{}{}:
	default: // the last notice is still unread
	}
}

// addFolders watches the folders of the files, since a watch on a file ends
// when an editor replaces it; and the folders where symlinks lead, at every
// step. Adding one twice does nothing.
func (w *watcher) addFolders(hints *fsnotify.Watcher) {
	var folders []string
	for _, name := range w.in.Files {
		folders = append(folders, filepath.Dir(name))
		if target, err := filepath.EvalSymlinks(name); err == nil {
			folders = append(folders, filepath.Dir(target))
		}
	}
	for _, pattern := range w.in.Globs {
		folder := filepath.Dir(pattern)
		for isGlob(folder) {
			if found, err := filepath.Glob(folder); err == nil {
				folders = append(folders, found...)
			}
			folder = filepath.Dir(folder)
		}
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		// A folder that cannot be watched is looked at now and then.
		_ = hints.Add(folder)
	}
}
