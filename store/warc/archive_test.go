package warc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nlnwa/gowarc/v3"

	"veille"
)

func exchangeOf(n int) *veille.Exchange {
	return &veille.Exchange{
		URL: fmt.Sprintf("https://news.example/a/%d?x=1#part", n), At: time.Date(2026, 11, 29, 8, 0, n, 5000, time.UTC), Status: 200,
		Request: http.Header{"User-Agent": {"VeilleBot/0.1"}, "Cookie": {"withheld"}},
		Answer:  http.Header{"Content-Type": {"text/html; charset=utf-8"}, "X-Evil": {"a\r\nInjected: yes"}, "X-Archive-Orig-Content-Encoding": {"gzip"}},
		Body:    []byte(strings.Repeat(fmt.Sprintf("<p>Paragraph of page %d.</p>\r\n\r\n", n), 50)),
	}
}

func snapshot(n int) veille.Snapshot {
	return veille.Snapshot{Title: fmt.Sprintf("Page %d", n), Body: "Text."}
}

func open(t *testing.T, dir string, maxFile int64) *Archive {
	t.Helper()
	a, err := Open(dir, Options{Software: "Veille/test", MaxFile: maxFile})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func fill(t *testing.T, a *Archive, from, to int) []veille.Evidence {
	t.Helper()
	var out []veille.Evidence
	for n := from; n < to; n++ {
		e, err := a.Record(exchangeOf(n), snapshot(n))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func verified(t *testing.T, dir string) Report {
	t.Helper()
	r, err := Verify(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestArchive_IsReadByAnotherLibrary reads every record with a library that
// validates it strictly.
func TestArchive_IsReadByAnotherLibrary(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 0)
	evidence := fill(t, a, 0, 3)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := Files(dir)
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	r, err := gowarc.NewWarcFileReader(names[0], 0, gowarc.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var types, ids []string
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		w := rec.WarcRecord
		if _, err := w.ValidateDigest(); err != nil {
			t.Errorf("%s: %v", w.RecordId(), err)
		}
		types = append(types, w.Type().String())
		if w.Type() == gowarc.Response {
			ids = append(ids, strings.Trim(w.RecordId(), "<>"))
			block, ok := w.Block().(gowarc.HttpResponseBlock)
			if !ok {
				t.Fatalf("%T", w.Block())
			}
			body, err := block.PayloadBytes()
			if err != nil {
				t.Fatal(err)
			}
			got, _ := io.ReadAll(body)
			if want := exchangeOf(len(ids) - 1).Body; !bytes.Equal(got, want) {
				t.Errorf("the page is %d bytes, not %d", len(got), len(want))
			}
			if h := block.HttpHeader(); h.Get("Injected") != "" || h.Get("Content-Length") != fmt.Sprint(len(got)) {
				t.Errorf("header %v", h)
			}
		}
	}
	want := []string{"warcinfo", "response", "request", "response", "request", "response", "request", "metadata"}
	if d := cmp.Diff(want, types); d != "" {
		t.Error(d)
	}
	for i, e := range evidence {
		if i < len(ids) && "urn:uuid:"+strings.TrimPrefix(ids[i], "urn:uuid:") != e.Record {
			t.Errorf("record %d is %s, told as %s", i, ids[i], e.Record)
		}
	}
}

func TestArchive_GoesOnWithTheChainOverFilesAndRestarts(t *testing.T) {
	dir := t.TempDir()
	var last veille.Evidence
	for start := range 4 {
		a := open(t, dir, 2000) // a file holds a few pages
		e := fill(t, a, start*10, start*10+10)
		last = e[len(e)-1]
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	r := verified(t, dir)
	if len(r.Problems) > 0 || r.Exchanges != 40 || r.Files < 8 || r.Chain != last.Chain {
		t.Errorf("%+v, last told %s", r, last.Chain)
	}
}

// TestOpen_CutsOffWhatACrashLeft tries lengths that a crash may leave a file
// with, in and between the records.
func TestOpen_CutsOffWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 0)
	fill(t, a, 0, 3)
	left, err := filepath.Glob(filepath.Join(dir, "*"+openSuffix))
	if err != nil || len(left) != 1 {
		t.Fatalf("%v, %v", left, err)
	}
	whole, err := os.ReadFile(left[0])
	if err != nil {
		t.Fatal(err)
	}
	for n := len(whole); n >= 0; n -= 37 {
		crashed := t.TempDir()
		if err := os.WriteFile(filepath.Join(crashed, filepath.Base(left[0])), whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		b := open(t, crashed, 0)
		fill(t, b, 7, 8)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		r := verified(t, crashed)
		if len(r.Problems) > 0 || r.Exchanges < 1 || n == len(whole) && r.Exchanges != 4 {
			t.Fatalf("cut at %d of %d: %+v", n, len(whole), r)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestOpen_KeepsWholeRecordsBehindADamagedOne: they were told of, and a crash
// does not damage what stands before the end.
func TestOpen_KeepsWholeRecordsBehindADamagedOne(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 0)
	fill(t, a, 0, 4)
	left, _ := filepath.Glob(filepath.Join(dir, "*"+openSuffix))
	whole, err := os.ReadFile(left[0])
	if err != nil {
		t.Fatal(err)
	}
	crashed := t.TempDir()
	whole[len(whole)/2] ^= 0xff
	if err := os.WriteFile(filepath.Join(crashed, filepath.Base(left[0])), append(whole, "torn"...), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, crashed, 0)
	fill(t, b, 7, 8)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	last := verified(t, crashed)
	if len(last.Problems) == 0 || last.Exchanges < 3 {
		t.Errorf("%+v", last)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestArchive_TakesMuchAtOnce(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 10_000)
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			if _, err := a.Record(exchangeOf(n), snapshot(n)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); len(r.Problems) > 0 || r.Exchanges != 64 {
		t.Errorf("%+v", r)
	}
}

func TestOpen_BeginsAnewBehindADamagedFile(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 0)
	fill(t, a, 0, 2)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	names, _ := Files(dir)
	if err := os.WriteFile(names[0], []byte("not an archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, dir, 0)
	fill(t, b, 2, 3)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); len(r.Problems) == 0 || r.Exchanges != 1 {
		t.Errorf("%+v", r)
	}
}

// commits remembers what was committed, and whether its evidence was on disk.
type commits struct {
	dir  string
	fail error
	got  []veille.ArticleCommit
}

func (c *commits) CommitArticle(_ context.Context, commit veille.ArticleCommit) error {
	if c.fail != nil {
		err := c.fail
		c.fail = nil
		return err
	}
	c.got = append(c.got, commit)
	return nil
}

func TestArchive_NamesTheRecordInTheRevisionAndItsEvents(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, 0)
	snap := snapshot(1)
	snap.Exchanges = []veille.Exchange{*exchangeOf(1)}
	commit := veille.ArticleCommit{
		Revision: &veille.Revision{ArticleID: "art_1", Number: 2, Snapshot: snap},
		Events:   []veille.Event{{ID: "evt_1", Revision: &veille.EventRevision{Number: 2}}, {ID: "evt_2"}},
	}
	to := &commits{dir: dir, fail: veille.ErrConflict}
	if err := a.CommitArticle(t.Context(), to, commit); !errors.Is(err, veille.ErrConflict) {
		t.Fatal(err)
	}
	if err := a.CommitArticle(t.Context(), to, commit); err != nil {
		t.Fatal(err)
	}
	got := to.got[0]
	e := got.Revision.Evidence
	if e == nil || got.Events[0].Revision.Evidence != e || e.TextSHA256 != veille.TextSHA256("Page 1", "Text.") {
		t.Errorf("%+v", got)
	}
	if commit.Revision.Evidence != nil || commit.Events[0].Revision.Evidence != nil {
		t.Error("the caller's commit was changed")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); r.Exchanges != 1 || r.Chain != e.Chain {
		t.Errorf("a commit tried twice: %+v", r)
	}
}

func FuzzReader(f *testing.F) {
	request, response, _ := exchange(exchangeOf(1), "<urn:uuid:x>", "")
	for _, r := range []*record{request, response, info("f", "s", "c", time.Time{})} {
		m, err := r.member()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(m)
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		in := newReader(bytes.NewReader(data))
		for range 100 {
			if _, err := in.read(); err != nil {
				return
			}
		}
	})
}
