package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"veille"
	"veille/config"
	"veille/store/bolt"
)

func newKeeper(l *lab, conf *config.Config) *keeper {
	return &keeper{store: l.store, conf: func() *config.Config { return conf }, log: slog.New(slog.DiscardHandler)}
}

func TestKeeper_MakesCopiesThatCanBePutBackAndKeepsTheNewest(t *testing.T) {
	l := newLab(t, 9)
	l.publish(20)
	to := filepath.Join(t.TempDir(), "copies")
	k := newKeeper(l, &config.Config{TimeZone: "Europe/Paris", Backup: config.Backup{To: to, Schedule: "30 3 * * *", Keep: 2}})
	day := time.Date(2026, 11, 1, 2, 29, 50, 0, time.UTC)
	if k.due(day, day.Add(5*time.Second)) || !k.due(day, day.Add(15*time.Second)) || k.due(day.Add(15*time.Second), day.Add(time.Hour)) {
		t.Error("not due at half past three in Paris alone")
	}
	for n := range 4 {
		k.copy(t.Context(), day.AddDate(0, 0, n))
	}
	// What is not the daemon's is left alone.
	if err := os.WriteFile(filepath.Join(to, "mine.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k.copy(t.Context(), day.AddDate(0, 0, 4))
	files, err := os.ReadDir(to)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	if want := []string{"mine.db", "veille-20261104T022950Z.db", "veille-20261105T022950Z.db"}; !slices.Equal(names, want) {
		t.Errorf("copies %v, want %v", names, want)
	}
	restored, err := bolt.Open(filepath.Join(to, "veille-20261105T022950Z.db"), bolt.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if all, err := restored.Articles(t.Context(), veille.ArticleFilter{}); err != nil || len(all) != 20 {
		t.Errorf("%d articles put back, %v", len(all), err)
	}
	if k.Warning() != "" || len(k.Samples()) != 1 {
		t.Errorf("warning %q, samples %v", k.Warning(), k.Samples())
	}
}

func TestKeeper_TellsOfACopyThatFailedUntilOneSucceeds(t *testing.T) {
	l := newLab(t, 10)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	conf := &config.Config{TimeZone: "UTC", Backup: config.Backup{To: file, Schedule: "@daily", Keep: 1}}
	k := newKeeper(l, conf)
	k.copy(t.Context(), time.Now())
	if k.Warning() == "" {
		t.Error("a failed copy is not told of")
	}
	conf.Backup.To = t.TempDir()
	k.copy(t.Context(), time.Now())
	if k.Warning() != "" {
		t.Errorf("still %q", k.Warning())
	}
}

func TestKeeper_ForgetsWhatIsMoreThanMayBeKept(t *testing.T) {
	l := newLab(t, 11)
	l.publish(50)
	k := newKeeper(l, &config.Config{Retain: config.Retain{Size: 1}})
	k.shrink(t.Context())
	if n := l.store.ArticleCount(); n != 0 {
		t.Errorf("%d articles are more than a byte", n)
	}
}
