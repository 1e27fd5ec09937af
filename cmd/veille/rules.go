package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"veille"
	"veille/monitor/query"
)

// compile makes the matcher of some watches that were checked.
type compile func(watches []veille.Watch, concepts map[string][]string) (*query.Set, error)

const (
	// rulesFile keeps compiled watches in the data folder. It holds nothing that
	// cannot be made again.
	rulesFile = "watches.compiled"
	// worthKeeping is how many watches take longer to compile than to read.
	worthKeeping = 20_000
	// largestRules bounds what is read of that file.
	largestRules = 8 << 30
)

// restoring compiles watches, or takes them from the data folder where an
// earlier run of the same program left the same ones.
func restoring(dir string, log *slog.Logger) compile {
	return func(watches []veille.Watch, concepts map[string][]string) (*query.Set, error) {
		if len(watches) >= worthKeeping {
			began := time.Now()
			set, err := restoreRules(dir, watches, concepts)
			if err == nil {
				log.Info("compiled watches read", "watches", len(watches), "took", time.Since(began))
				return set, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				log.Info("compiled watches not used", "reason", err)
			}
		}
		return query.Compile(watches, concepts)
	}
}

func restoreRules(dir string, watches []veille.Watch, concepts map[string][]string) (*query.Set, error) {
	file, err := os.Open(filepath.Join(dir, rulesFile))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > largestRules {
		return nil, fmt.Errorf("%s is %d bytes long", rulesFile, info.Size())
	}
	data, err := query.ReadSnapshot(file, info.Size())
	if err != nil {
		return nil, err
	}
	return query.Restore(data, program(), watches, concepts)
}

// keepRules leaves compiled watches in the data folder for the next start. A
// failure costs that start some seconds, no more.
func keepRules(dir string, set *query.Set, watches int, log *slog.Logger) {
	path := filepath.Join(dir, rulesFile)
	if watches < worthKeeping {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			log.Warn("compiled watches not removed", "error", err)
		}
		return
	}
	if set.Restored() {
		return
	}
	if err := writeRules(path, set); err != nil {
		log.Warn("compiled watches not kept", "error", err)
	}
}

func writeRules(path string, set *query.Set) error {
	file, err := os.CreateTemp(filepath.Dir(path), rulesFile+".*")
	if err != nil {
		return err
	}
	err = set.Save(file, program())
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// program identifies this very program: how watches are compiled may differ in
// any other.
func program() string {
	id := release
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			id += " " + s.Key + "=" + s.Value
		}
	}
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			id += fmt.Sprint(" ", info.Size(), " ", info.ModTime().UnixNano())
		}
	}
	return id
}
