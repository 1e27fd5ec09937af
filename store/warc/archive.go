package warc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"veille"
)

const (
	prefix     = "veille-"
	suffix     = ".warc.gz"
	openSuffix = suffix + ".open"
	probeName  = "probe"
	// defaultMaxFile is below the size from which other tools get slow, and
	// small enough that a file left open by a crash is read in seconds.
	defaultMaxFile = 256 << 20
)

// Options configure an Archive. A zero field means its default.
type Options struct {
	// Software goes into every file's warcinfo record.
	Software string
	// MaxFile is the size in bytes at which a file is full, default 256 MiB.
	MaxFile int64
	Log     *slog.Logger
}

// Archive writes WARC files into a folder. It is safe for concurrent use; one
// process may have a folder open.
type Archive struct {
	dir      string
	software string
	maxFile  int64
	log      *slog.Logger

	mu   sync.Mutex
	file *os.File
	size int64
	// info is the identity of the open file's warcinfo record.
	info  string
	chain string
	// serial numbers the files, so that they sort as they were written.
	serial int
	// failed holds why the last page could not be written, until one can be.
	failed error
}

// Open makes the folder where it is missing, mends what a crash left, and
// takes up the chain.
func Open(dir string, o Options) (*Archive, error) {
	if o.MaxFile <= 0 {
		o.MaxFile = defaultMaxFile
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("archive folder: %w", err)
	}
	a := &Archive{dir: dir, software: o.Software, maxFile: o.MaxFile, log: o.Log}
	err := full(a.takeUp())
	if errors.Is(err, veille.ErrStoreFull) {
		// Deliveries may go on; articles wait for room.
		a.log.Error("archive full", "folder", dir, "error", err)
		a.failed, err = fmt.Errorf("archive: %w", err), nil
	}
	if err != nil {
		return nil, fmt.Errorf("archive %s: %w", dir, err)
	}
	return a, nil
}

// Files lists the archive's files in the order they were written.
func Files(dir string) ([]string, error) {
	var names []string
	for _, pattern := range []string{"*" + suffix, "*" + openSuffix} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// Record archives an exchange and says where; text is what was read from it.
// What it returns is on disk.
func (a *Archive) Record(x *veille.Exchange, text veille.Snapshot) (veille.Evidence, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.again(); err != nil {
		return veille.Evidence{}, err
	}
	e, err := a.record(x, text)
	if err == nil {
		return e, nil
	}
	if a.file != nil {
		_ = a.file.Close()
		a.file = nil
	}
	a.failed = fmt.Errorf("archive: %w", full(err))
	return veille.Evidence{}, a.failed
}

// Ready returns nil unless the last page could not be written and the next one
// cannot be either: veille.ErrStoreFull while the disk is full.
func (a *Archive) Ready() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.again()
}

// again takes the archive up after a failure: what of a page is on disk then is
// not known, and there must be room for another one. A disk that was full and is
// freed needs no restart.
func (a *Archive) again() error {
	if a.failed == nil {
		return nil
	}
	err := a.takeUp()
	if err == nil {
		err = a.probe()
	}
	if err != nil {
		a.failed = fmt.Errorf("archive: %w", full(err))
		return a.failed
	}
	a.failed = nil
	return nil
}

// probeSize is the room that must be there after a failure, in bytes.
const probeSize = 8 << 20

// probe takes room for a large page, and gives it back.
func (a *Archive) probe() error {
	path := filepath.Join(a.dir, probeName)
	err := os.WriteFile(path, make([]byte, probeSize), 0o600)
	return errors.Join(err, os.Remove(path))
}

// full marks the error of a full disk as the store does.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", veille.ErrStoreFull, err)
	}
	return err
}

func (a *Archive) record(x *veille.Exchange, text veille.Snapshot) (veille.Evidence, error) {
	now := time.Now()
	if a.file == nil {
		if err := a.begin(now); err != nil {
			return veille.Evidence{}, err
		}
	}
	request, response, chain := exchange(x, a.info, a.chain)
	if err := a.append(response, request); err != nil {
		return veille.Evidence{}, err
	}
	a.chain = chain
	sum := sha256.Sum256(x.Body)
	e := veille.Evidence{
		Record:     strings.Trim(response.field("WARC-Record-ID"), "<>"),
		BodySHA256: hex.EncodeToString(sum[:]), TextSHA256: veille.TextSHA256(text.Title, text.Body), Chain: chain,
	}
	if a.size >= a.maxFile {
		return e, a.finish(now)
	}
	return e, nil
}

// begin makes a new file with its warcinfo record.
func (a *Archive) begin(now time.Time) error {
	a.serial++
	name := fmt.Sprintf("%s%06d-%s", prefix, a.serial, now.UTC().Format("20060102150405"))
	f, err := os.OpenFile(filepath.Join(a.dir, name+openSuffix), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := syncDir(a.dir); err != nil {
		_ = f.Close()
		return err
	}
	a.file, a.size = f, 0
	first := info(name+suffix, a.software, a.chain, now)
	a.info = first.field("WARC-Record-ID")
	return a.append(first)
}

func (a *Archive) append(records ...*record) error {
	for _, r := range records {
		member, err := r.member()
		if err != nil {
			return err
		}
		n, err := a.file.Write(member)
		a.size += int64(n)
		if err != nil {
			return err
		}
	}
	return a.file.Sync()
}

// finish writes the closing record and gives the open file its final name.
func (a *Archive) finish(now time.Time) error {
	name := a.file.Name()
	err := a.append(closing(filepath.Base(name), a.info, a.chain, now))
	if closed := a.file.Close(); err == nil {
		err = closed
	}
	a.file = nil
	if err == nil {
		err = os.Rename(name, strings.TrimSuffix(name, openSuffix)+suffix)
	}
	if err == nil {
		err = syncDir(a.dir)
	}
	return err
}

// Close finishes the open file.
func (a *Archive) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	return a.finish(time.Now())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}

// Committer is the part of a store that articles are committed through.
type Committer interface {
	CommitArticle(ctx context.Context, c veille.ArticleCommit) error
}

// CommitArticle archives what a new revision was read from, names the record
// in the revision and its events, and then commits: nothing is told of a record
// that is not on disk.
func (a *Archive) CommitArticle(ctx context.Context, to Committer, c veille.ArticleCommit) error {
	if c.Revision == nil || len(c.Revision.Snapshot.Exchanges) == 0 {
		return to.CommitArticle(ctx, c)
	}
	exchanges := c.Revision.Snapshot.Exchanges
	for i := range exchanges {
		if exchanges[i].Evidence != nil {
			continue // an earlier try of this commit
		}
		e, err := a.Record(&exchanges[i], c.Revision.Snapshot)
		if err != nil {
			return err
		}
		exchanges[i].Evidence = &e
	}
	revision := *c.Revision
	revision.Evidence = exchanges[0].Evidence
	c.Revision = &revision
	events := make([]veille.Event, len(c.Events))
	for i, e := range c.Events {
		if e.Revision != nil && e.Revision.Number == revision.Number {
			of := *e.Revision
			of.Evidence = revision.Evidence
			e.Revision = &of
		}
		events[i] = e
	}
	c.Events = events
	return to.CommitArticle(ctx, c)
}
