package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"veille"
)

// wholeEvery is how far apart the revisions are that are stored whole. The
// others name the paragraphs that they have in common with those since.
const wholeEvery = 16

// storedRevision is a revision as the file keeps it: an article is edited in a
// few paragraphs, and the others need not be kept once more.
type storedRevision struct {
	veille.Revision
	// Parts stand for the body where they are given.
	Parts []part `json:"parts,omitempty"`
	// Sum is the CRC-32C of the body that they make.
	Sum uint32 `json:"sum,omitempty"`
}

// part is a paragraph, or N paragraphs of Revision from its own Ith on: those
// that it names itself are not counted.
type part struct {
	Text           string
	Revision, I, N int
}

// MarshalJSON writes a text, or three numbers.
func (p part) MarshalJSON() ([]byte, error) {
	if p.N == 0 {
		return json.Marshal(p.Text)
	}
	return json.Marshal([3]int{p.Revision, p.I, p.N})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *part) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		var n [3]int
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
		*p = part{Revision: n[0], I: n[1], N: n[2]}
		if p.N < 1 {
			return errRecord
		}
		return nil
	}
	return json.Unmarshal(b, &p.Text)
}

const paragraphBreak = "\n\n"

// own are the paragraphs that a stored revision holds itself.
func (r storedRevision) own() []string {
	if r.Parts == nil {
		return strings.Split(r.Snapshot.Body, paragraphBreak)
	}
	var out []string
	for _, p := range r.Parts {
		if p.N == 0 {
			out = append(out, p.Text)
		}
	}
	return out
}

// packRevision encodes a revision. Paragraphs that the revisions since the last
// whole one hold are named; where these cannot be read it is stored whole.
func (s *Store) packRevision(ctx context.Context, r *veille.Revision) (packed[*veille.Revision], error) {
	out := packed[*veille.Revision]{value: r}
	stored := storedRevision{Revision: *r}
	if since := r.Number - (r.Number-1)%wholeEvery; since < r.Number {
		earlier, err := s.storedRevisions(ctx, r.ArticleID, since, r.Number)
		if err == nil && len(earlier) > 0 {
			stored.name(earlier)
		}
	}
	var err error
	out.payload, err = s.codec.encode(stored)
	return out, err
}

// name makes parts of the body.
func (r *storedRevision) name(earlier []storedRevision) {
	type place struct{ revision, i int }
	places := map[string]place{}
	for _, e := range earlier {
		for i, text := range e.own() {
			if _, known := places[text]; !known {
				places[text] = place{e.Number, i}
			}
		}
	}
	named := false
	for text := range strings.SplitSeq(r.Snapshot.Body, paragraphBreak) {
		at, known := places[text]
		if !known {
			r.Parts = append(r.Parts, part{Text: text})
			continue
		}
		named = true
		if n := len(r.Parts); n > 0 && r.Parts[n-1].N > 0 && r.Parts[n-1].Revision == at.revision && r.Parts[n-1].I+r.Parts[n-1].N == at.i {
			r.Parts[n-1].N++
			continue
		}
		r.Parts = append(r.Parts, part{Revision: at.revision, I: at.i, N: 1})
	}
	if !named {
		r.Parts = nil
		return
	}
	r.Sum = crc32.Checksum([]byte(r.Snapshot.Body), castagnoli())
	r.Snapshot.Body = ""
}

// storedRevisions reads the revisions of an article from one number up to
// another, not included, as they are stored.
func (s *Store) storedRevisions(ctx context.Context, articleID string, from, to int) ([]storedRevision, error) {
	var out []storedRevision
	err := s.view(ctx, func(tx *txn) error {
		out = nil
		e, found, err := tx.entry(articleID)
		if err != nil || !found {
			return errors.Join(err, fmt.Errorf("revisions of %s: %w", articleID, veille.ErrNotFound))
		}
		for _, key := range tx.revisionKeys(e.key(articleID)) {
			if n := int(binary.BigEndian.Uint32(key[len(key)-4:])); n < from || n >= to {
				continue
			}
			var r storedRevision
			if _, err := tx.read(bRevisions, key, &r); err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// Revisions returns an article's revisions, the first one first.
func (s *Store) Revisions(ctx context.Context, articleID string) ([]veille.Revision, error) {
	stored, err := s.storedRevisions(ctx, articleID, 0, 1<<31)
	if err != nil {
		return nil, err
	}
	own := map[int][]string{}
	out := make([]veille.Revision, 0, len(stored))
	for _, r := range stored {
		own[r.Number] = r.own()
		if r.Parts != nil {
			if r.Snapshot.Body, err = whole(r, own); err != nil {
				return nil, fmt.Errorf("revision %d of %s: %w", r.Number, articleID, err)
			}
		}
		out = append(out, r.Revision)
	}
	return out, nil
}

// whole puts a body together from its parts.
func whole(r storedRevision, own map[int][]string) (string, error) {
	var b strings.Builder
	first := true
	for _, p := range r.Parts {
		texts := []string{p.Text}
		if p.N > 0 {
			from := own[p.Revision]
			if p.I < 0 || p.I+p.N > len(from) {
				return "", ErrCorrupt
			}
			texts = from[p.I : p.I+p.N]
		}
		for _, text := range texts {
			if !first {
				b.WriteString(paragraphBreak)
			}
			first = false
			b.WriteString(text)
		}
		if b.Len() > maxRecord {
			return "", ErrCorrupt
		}
	}
	body := b.String()
	if crc32.Checksum([]byte(body), castagnoli()) != r.Sum {
		return "", ErrCorrupt
	}
	return body, nil
}

func (tx *txn) revisionKeys(article []byte) [][]byte {
	var keys [][]byte
	c := tx.bucket(bRevisions).Cursor()
	for k, _ := c.Seek(article); bytes.HasPrefix(k, article); k, _ = c.Next() {
		if len(k) == len(article)+4 {
			keys = append(keys, bytes.Clone(k))
		}
	}
	return keys
}
