package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Report is what Verify found.
type Report struct {
	Files   int `json:"files"`
	Records int `json:"records"`
	// Exchanges counts the response records, each a link of the chain.
	Exchanges int `json:"exchanges"`
	// Chain is the last link.
	Chain string `json:"chain"`
	// Problems say what was changed, and where; empty when all is as written.
	Problems []string `json:"problems"`
}

// maxProblems bounds a report: after a break everything later may differ.
const maxProblems = 100

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}

// Verify reads every record of an archive, and tells whether each one's digest
// and link of the chain are those of its content. An error says that it could
// not be read; what does not hold is in the report.
func Verify(dir string) (Report, error) {
	names, err := Files(dir)
	if err != nil {
		return Report{}, err
	}
	r := Report{Problems: []string{}}
	for _, name := range names {
		if err := r.verifyFile(name); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *Report) verifyFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	defer f.Close()
	r.Files++
	name := filepath.Base(path)
	in := newReader(f)
	for {
		rec, err := in.read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTorn) && strings.HasSuffix(name, openSuffix):
			return nil // being written, or left by a crash: never told of
		case err != nil:
			r.problem("%s: %v", name, err)
			return nil
		}
		r.Records++
		r.verifyRecord(fmt.Sprintf("%s, record %s", name, rec.field("WARC-Record-ID")), rec)
	}
}

func (r *Report) verifyRecord(at string, rec *record) {
	if want := rec.field("WARC-Block-Digest"); want != "" && want != digest(rec.block) {
		r.problem("%s: the block is not the one that was written", at)
	}
	if want := rec.field("WARC-Payload-Digest"); want != "" {
		_, payload, _ := bytes.Cut(rec.block, []byte("\r\n\r\n"))
		if want != digest(payload) {
			r.problem("%s: the page is not the one that was written", at)
		}
	}
	switch rec.field("WARC-Type") {
	case "warcinfo":
		if rec.field(chainField) != r.Chain {
			r.problem("%s: the file does not go on from the one before it", at)
		}
		r.Chain = rec.field(chainField)
	case "metadata":
		if rec.field(chainField) != r.Chain {
			r.problem("%s: records at the end of the file were taken out or put in", at)
		}
	case "response":
		r.Exchanges++
		if link(r.Chain, rec) != rec.field(chainField) {
			r.problem("%s: the chain is broken here: a record was changed, taken out or put in", at)
		}
		r.Chain = rec.field(chainField)
	}
}
