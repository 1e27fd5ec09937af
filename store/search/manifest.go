package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	manifestName  = "index"
	manifestMagic = "veille search index 1"
	segmentSuffix = ".segment"
	// largestManifest bounds what is read of it, in bytes.
	largestManifest = 1 << 20
)

// manifest is what the file named index says.
type manifest struct {
	Version  string `json:"version"`
	Mark     Mark   `json:"mark"`
	Next     uint64 `json:"next"`
	Segments []part `json:"segments"`
}

// part is a segment with the size of its file in bytes.
type part struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

func manifestHead(body []byte) string {
	return fmt.Sprintf("%s %08x\n", manifestMagic, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
}

func readManifest(dir string) (m manifest, err error) {
	f, err := os.Open(filepath.Join(dir, manifestName))
	if err != nil {
		return m, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestManifest))
	if err != nil {
		return m, err
	}
	head, body, _ := strings.Cut(string(data), "\n")
	if head+"\n" != manifestHead([]byte(body)) {
		return m, damaged("the list of segments is not whole")
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, damaged("the list of segments: %v", err)
	}
	return m, nil
}

func writeManifest(dir string, m manifest) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	path := filepath.Join(dir, manifestName)
	if _, err := writeFile(path+".new", func(f *os.File) error {
		_, err := f.WriteString(manifestHead(body) + string(body))
		return err
	}); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return syncDir(dir)
}

// writeFile writes a file whole and durably, or leaves none, and returns its
// size.
func writeFile(path string, write func(*os.File) error) (size int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("search index: %w", err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if info, serr := f.Stat(); serr == nil {
		size = info.Size()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return 0, fmt.Errorf("search index: %w", errors.Join(err, os.Remove(path)))
	}
	return size, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}
