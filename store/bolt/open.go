package bolt

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// schema is the version of the layout in doc.go. It grows when an earlier release
// would misread what this one writes; Open raises it in the stores of earlier
// ones, which do not open them any more from then on. Since 2, deliveries wait
// in the order of their story, and revisions name the paragraphs of earlier ones.
const schema = 2

func schemaBytes() []byte { return binary.BigEndian.AppendUint32(nil, schema) }

// mapped is how much address space a store takes from the start. Growing the
// mapping would wait for every reader.
const mapped = 16 << 30

// Options tune a store. The zero value is right for a daemon.
type Options struct {
	// Timeout is how long to wait for the lock; 0 means 1 s.
	Timeout time.Duration
	// MaxSize bounds the file, in bytes; 0 means that only the disk does.
	MaxSize int64
	// Reserve is the part of MaxSize that only settling deliveries may use, in
	// bytes; 0 means an eighth.
	Reserve int64
	// MinFree is how much of the disk crawling leaves free, in bytes. 0 means
	// 64 MiB, or a twentieth of a disk smaller than 1280 MiB; negative means
	// nothing.
	MinFree int64
	// AllowNetworkFS opens a store on a network file system all the same.
	AllowNetworkFS bool
	// Log takes what a person must know; nil discards it.
	Log *slog.Logger
}

// Store is an open store. It is safe for concurrent use. Its methods satisfy
// the stores that the monitor, notify, web and crawler packages ask for; see
// there for what each promises. A write whose context ends before its turn
// answers the context's error and has changed nothing; once its turn has come,
// it is finished whatever the context says.
type Store struct {
	path    string
	options Options
	log     *slog.Logger
	db      *bbolt.DB
	codec   codec

	calls   chan *call
	closing chan struct{}
	written chan struct{}
	close   sync.Once
	closed  error

	mu      sync.Mutex
	failure error
	counts  map[string]int64
	// touched are links that were listed long after the store noted it last.
	touched map[hash]struct{}
	// near finds articles by their signatures.
	near near
	// resident bounds what of the file is in memory.
	resident resident
	// told are the damaged records that the log names already.
	told map[string]struct{}
	// used is how many bytes of the file hold data; commits counts.
	used    int64
	commits uint64
	damaged uint64
	// fullAt is when a write last did not fit.
	fullAt time.Time
}

// Open opens the store at path, or makes one where there is none. A file that
// is not safe to open is an *OpenError and stays as it is.
func Open(path string, o Options) (*Store, error) {
	o.Timeout = cmp.Or(o.Timeout, time.Second)
	if o.Reserve == 0 {
		o.Reserve = o.MaxSize / 8
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &OpenError{path, err, "give a folder that can be written"}
	}
	if kind, err := networkFS(dir); err != nil {
		return nil, &OpenError{path, err, ""}
	} else if kind != "" && !o.AllowNetworkFS {
		return nil, &OpenError{path, fmt.Errorf("%w (%s)", ErrNetworkFS, kind), "keep the data folder on a local disk"}
	}
	if err := settleFile(path, o); err != nil {
		return nil, err
	}
	if err := preflight(path); err != nil {
		return nil, err
	}
	instance, err := probe(path, o)
	if err != nil {
		return nil, err
	}
	if err := writeMarker(path, instance); err != nil {
		return nil, &OpenError{path, err, "the data folder must be writable"}
	}
	db, err := openDB(path, o, false)
	if err != nil {
		return nil, err
	}
	if err := upgrade(db); err != nil {
		_ = db.Close()
		return nil, &OpenError{path, err, "restore a backup"}
	}
	s := &Store{
		path: path, options: o, log: log, db: db,
		calls: make(chan *call), closing: make(chan struct{}), written: make(chan struct{}),
		counts: map[string]int64{}, touched: map[hash]struct{}{}, told: map[string]struct{}{},
	}
	if err := s.load(); err != nil {
		_ = db.Close()
		return nil, &OpenError{path, err, "restore a backup"}
	}
	s.near.loaded = make(chan struct{})
	go s.loadNear()
	go s.write()
	return s, nil
}

// Close waits for the writes under way, then for the reads, and frees the
// file. Later calls answer ErrClosed.
func (s *Store) Close() error {
	s.close.Do(func() {
		close(s.closing)
		<-s.written
		<-s.near.loaded
		if err := s.db.Close(); err != nil {
			s.closed = fmt.Errorf("close store: %w", err)
		}
	})
	return s.closed
}

// load reads what is kept in memory from the start: the counts.
func (s *Store) load() error {
	s.used = s.measure()
	return s.view(context.Background(), func(tx *txn) error {
		s.near.last = tx.bucket(bSignatures).Sequence()
		return tx.bucket(bCounts).ForEach(func(k, v []byte) error {
			s.counts[string(k)] = int64(fromBE64(v))
			return nil
		})
	})
}

// settleFile makes a new store where none was, and refuses an empty file where
// one was: bbolt would silently start anew.
func settleFile(path string, o Options) error {
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &OpenError{path, err, ""}
	}
	if err == nil && !info.Mode().IsRegular() {
		return &OpenError{path, ErrForeign, "give the path of a regular file"}
	}
	if err == nil && info.Size() > 0 {
		return nil
	}
	if _, merr := os.Stat(markerPath(path)); merr == nil {
		return &OpenError{path, ErrLost, "restore a backup, or remove " + markerPath(path) + " to start anew"}
	} else if !errors.Is(merr, fs.ErrNotExist) {
		return &OpenError{path, merr, ""}
	}
	if err == nil {
		// An empty file that never was a store, such as one that mktemp made.
		if err := os.Remove(path); err != nil {
			return &OpenError{path, err, ""}
		}
	}
	return create(path, o)
}

// create makes a complete store beside path and links it there, so that a
// crash leaves either a store or nothing, and of two daemons one wins.
func create(path string, o Options) error {
	fresh := path + ".new-" + strconv.Itoa(os.Getpid())
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &OpenError{path, err, ""}
	}
	defer func() { _ = os.Remove(fresh) }()
	db, err := openDB(fresh, o, false)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets() {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		meta := tx.Bucket([]byte(bMeta))
		var id [16]byte
		rand.Read(id[:])
		return errors.Join(
			meta.Put([]byte("what"), []byte("veille")),
			meta.Put([]byte("schema"), schemaBytes()),
			meta.Put([]byte("instance"), []byte(hex.EncodeToString(id[:]))))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return &OpenError{path, fmt.Errorf("make a new store: %w", err), ""}
	}
	if err := os.Link(fresh, path); err != nil && !errors.Is(err, fs.ErrExist) {
		// Some file systems know no links.
		if err := os.Rename(fresh, path); err != nil {
			return &OpenError{path, err, ""}
		}
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return &OpenError{path, err, ""}
	}
	return nil
}

// upgrade makes a store of an earlier release one of this one, at once or not at
// all: the buckets that it lacks, and the schema.
func upgrade(db *bbolt.DB) error {
	old := false
	err := guard(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			old = !bytes.Equal(tx.Bucket([]byte(bMeta)).Get([]byte("schema")), schemaBytes()) ||
				slices.ContainsFunc(added(), func(name string) bool { return tx.Bucket([]byte(name)) == nil })
			return nil
		})
	})
	if err != nil || !old {
		return err
	}
	return guard(func() error {
		return db.Update(func(tx *bbolt.Tx) error {
			for _, name := range added() {
				if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
					return fmt.Errorf("make the bucket %s: %w", name, err)
				}
			}
			return tx.Bucket([]byte(bMeta)).Put([]byte("schema"), schemaBytes())
		})
	})
}

// probe looks into a file without changing it, and returns the store's
// instance.
func probe(path string, o Options) (string, error) {
	db, err := openDB(path, o, true)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	var instance string
	err = guard(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			meta := tx.Bucket([]byte(bMeta))
			if meta == nil || string(meta.Get([]byte("what"))) != "veille" {
				return &OpenError{path, ErrForeign, "it is a bbolt file of another program; give another path"}
			}
			v := meta.Get([]byte("schema"))
			if len(v) != 4 {
				return &OpenError{path, ErrCorrupt, "its version cannot be read: restore a backup"}
			}
			if n := binary.BigEndian.Uint32(v); n > schema {
				return &OpenError{path, fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, n, schema),
					"run that version again, or restore a backup made before it"}
			}
			for _, name := range buckets() {
				if tx.Bucket([]byte(name)) == nil && !slices.Contains(added(), name) {
					return &OpenError{path, ErrCorrupt, "the bucket " + name + " is missing: restore a backup"}
				}
			}
			instance = string(meta.Get([]byte("instance")))
			return nil
		})
	})
	var known *OpenError
	if err != nil && !errors.As(err, &known) {
		err = &OpenError{path, err, "restore a backup"}
	}
	return instance, err
}

// openDB opens bbolt's file. A damaged free list panics in there.
func openDB(path string, o Options, readOnly bool) (*bbolt.DB, error) {
	bo := &bbolt.Options{
		Timeout: o.Timeout, ReadOnly: readOnly, FreelistType: bbolt.FreelistMapType, MaxSize: int(o.MaxSize),
	}
	if strconv.IntSize == 64 && !readOnly {
		bo.InitialMmapSize = mapped
	}
	var file *os.File
	bo.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag, mode)
		file = f
		return f, err
	}
	var db *bbolt.DB
	err := guard(func() error {
		var err error
		db, err = bbolt.Open(path, 0o600, bo)
		return err
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, &OpenError{path, ErrLocked, "stop the other veille, or use another data folder"}
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, &OpenError{path, ErrForeign, "give the path of a store, or move the file away to start a new one"}
	case errors.Is(err, ErrCorrupt):
		_ = file.Close() // bbolt panicked and keeps the lock otherwise
		return nil, &OpenError{path, err, "restore a backup"}
	case err != nil:
		return nil, &OpenError{path, err, ""}
	}
	if !stillThere(file, path) {
		// While this waited for the lock, a compaction put another file there.
		_ = db.Close()
		return nil, &OpenError{path, ErrLocked, "the file was replaced meanwhile: start again"}
	}
	if o.MaxSize > 0 {
		// bbolt refuses to grow when the next whole step would not fit.
		db.AllocSize = int(min(max(o.MaxSize/16, 64<<10), 16<<20))
	}
	return db, nil
}

// stillThere reports whether an open file is the one at path.
func stillThere(file *os.File, path string) bool {
	own, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(own, there)
}

// markerPath names the file that says that a store was here.
func markerPath(path string) string { return path + ".initialised" }

func writeMarker(path, instance string) error {
	name := markerPath(path)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("mark the store: %w", err)
	}
	_, err = f.WriteString(instance + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("mark the store: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
