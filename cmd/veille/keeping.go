package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"veille"
	"veille/config"
	"veille/monitor"
	"veille/store/bolt"
)

const (
	// keepLook is how often the size of the store is compared with what may be
	// kept.
	keepLook = 10 * time.Minute
	// backupName is what the daemon's copies are called, by the time in UTC.
	backupName = "veille-20060102T150405Z.db"
)

// keeper bounds the store and copies it, as the configuration in force says.
type keeper struct {
	store *bolt.Store
	conf  func() *config.Config
	log   *slog.Logger

	mu sync.Mutex
	// last is when a copy was last made, failure why the newest one was not.
	last    time.Time
	failure string
}

// Run works until ctx ends. A copy that fails is tried again at its next time.
func (k *keeper) Run(ctx context.Context) error {
	ticker := time.NewTicker(keepLook)
	defer ticker.Stop()
	look := time.NewTicker(time.Minute)
	defer look.Stop()
	since := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			k.shrink(ctx)
		case now := <-look.C:
			if k.due(since, now) {
				k.copy(ctx, now)
			}
			since = now
		}
	}
}

// shrink forgets what is more than may be kept.
func (k *keeper) shrink(ctx context.Context) {
	size := k.conf().Retain.Size
	if size == 0 {
		return
	}
	n, err := k.store.Shrink(ctx, size)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		k.log.Warn("store not kept to its size", "error", err)
	case n > 0:
		k.log.Info("oldest articles forgotten", "articles", n, "retain.size", size)
	}
}

// due reports whether a copy was to be made after a time, up to now.
func (k *keeper) due(since, now time.Time) bool {
	conf := k.conf()
	if conf.Backup.To == "" {
		return false
	}
	next, err := monitor.Ticks(conf.Backup.Schedule, conf.TimeZone)
	if err != nil {
		return false // the configuration was checked
	}
	return !next(since).After(now)
}

// copy makes a copy and tells of a failure once, until one succeeds.
func (k *keeper) copy(ctx context.Context, now time.Time) {
	began := time.Now()
	path, err := k.backup(ctx, k.conf().Backup, now)
	if ctx.Err() != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		if k.failure == "" {
			k.log.Error("backup failed", "error", err)
		}
		k.failure = err.Error()
		return
	}
	k.last, k.failure = now, ""
	k.log.Info("backup made", "file", path, "took", time.Since(began))
}

// backup makes a copy that was read again from end to end, and then removes
// the oldest beyond those that are kept.
func (k *keeper) backup(ctx context.Context, b config.Backup, now time.Time) (string, error) {
	if err := os.MkdirAll(b.To, 0o700); err != nil {
		return "", fmt.Errorf("backup: %w", err)
	}
	path := filepath.Join(b.To, now.UTC().Format(backupName))
	if err := k.store.BackupFile(ctx, path); err != nil {
		return "", err
	}
	if _, err := bolt.Verify(ctx, path); err != nil {
		// One that cannot be trusted must not be taken for one.
		return "", errors.Join(err, os.Rename(path, path+".damaged"))
	}
	return path, prune(b.To, b.Keep)
}

// prune removes the oldest of the daemon's copies in a folder.
func prune(dir string, keep int) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	var copies []string
	for _, f := range files {
		if _, err := time.Parse(backupName, f.Name()); err == nil {
			copies = append(copies, f.Name())
		}
	}
	slices.Sort(copies)
	for _, name := range copies[:max(len(copies)-keep, 0)] {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("backup: %w", err)
		}
	}
	return nil
}

// Warning says what a person should look at; "" for nothing.
func (k *keeper) Warning() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failure == "" {
		return ""
	}
	return "no backup: " + strings.TrimPrefix(k.failure, "backup: ")
}

// Samples tells when a copy was last made.
func (k *keeper) Samples() []veille.Sample {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last.IsZero() {
		return nil
	}
	return []veille.Sample{{Name: "veille_backup_last_success_timestamp_seconds", Help: "When the daemon last made a copy of its store that it could read.", Value: float64(k.last.Unix())}}
}
