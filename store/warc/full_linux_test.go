package warc

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"veille"
)

// TestArchive_WaitsForRoomOnAFullDisk fills the disk with /dev/full, which takes
// no byte: first in the place of the open file, then in that of the probe.
func TestArchive_WaitsForRoomOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 0)
	fill(t, a, 0, 2)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = a.file.Close()
	a.file = full
	if _, err := a.Record(exchangeOf(2), snapshot(2)); !errors.Is(err, veille.ErrStoreFull) {
		t.Fatalf("Record = %v, want ErrStoreFull", err)
	}
	for range 2 {
		if err := os.Symlink("/dev/full", filepath.Join(dir, probeName)); err != nil {
			t.Fatal(err)
		}
		if err := a.Ready(); !errors.Is(err, veille.ErrStoreFull) {
			t.Errorf("Ready = %v, want ErrStoreFull", err)
		}
	}
	if err := os.Symlink("/dev/full", filepath.Join(dir, probeName)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Record(exchangeOf(2), snapshot(2)); !errors.Is(err, veille.ErrStoreFull) {
		t.Errorf("Record = %v, want ErrStoreFull", err)
	}
	if err := a.Ready(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	fill(t, a, 2, 4)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); len(r.Problems) > 0 || r.Exchanges != 4 {
		t.Errorf("%+v", r)
	}
}
