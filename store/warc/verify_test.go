package warc

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
)

func TestVerify_FindsWhatWasChanged(t *testing.T) {
	build := func(t *testing.T) (string, []string) {
		dir := t.TempDir()
		a := open(t, dir, 2000)
		fill(t, a, 0, 12)
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		names, err := Files(dir)
		if err != nil || len(names) < 3 {
			t.Fatalf("%v, %v", names, err)
		}
		return dir, names
	}
	// rewrite passes the records of a file through a function.
	rewrite := func(t *testing.T, name string, change func([]*record) []*record) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var all []*record
		for in := newReader(f); ; {
			rec, err := in.read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, rec)
		}
		var out []byte
		for _, rec := range change(all) {
			m, err := rec.member()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, m...)
		}
		if err := os.WriteFile(name, out, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set := func(r *record, name, value string) {
		for i := range r.fields {
			if r.fields[i][0] == name {
				r.fields[i][1] = value
			}
		}
	}
	tests := map[string]func(t *testing.T, names []string){
		"a page changed": func(t *testing.T, names []string) {
			rewrite(t, names[1], func(all []*record) []*record {
				all[1].block = bytes.Replace(all[1].block, []byte("Paragraph"), []byte("Paragrapf"), 1)
				return all
			})
		},
		"a page changed with its digests": func(t *testing.T, names []string) {
			rewrite(t, names[1], func(all []*record) []*record {
				all[1].block = bytes.Replace(all[1].block, []byte("Paragraph"), []byte("Paragrapf"), 1)
				_, body, _ := bytes.Cut(all[1].block, []byte("\r\n\r\n"))
				set(all[1], "WARC-Block-Digest", digest(all[1].block))
				set(all[1], "WARC-Payload-Digest", digest(body))
				return all
			})
		},
		"a date changed": func(t *testing.T, names []string) {
			rewrite(t, names[0], func(all []*record) []*record {
				set(all[1], "WARC-Date", "2020-01-01T00:00:00.000000Z")
				return all
			})
		},
		"a record taken out": func(t *testing.T, names []string) {
			rewrite(t, names[0], func(all []*record) []*record { return append(all[:1], all[3:]...) })
		},
		"the last exchange of a file taken out": func(t *testing.T, names []string) {
			rewrite(t, names[0], func(all []*record) []*record { return append(all[:len(all)-3], all[len(all)-1]) })
		},
		"a file taken out": func(t *testing.T, names []string) {
			if err := os.Remove(names[1]); err != nil {
				t.Fatal(err)
			}
		},
		"a file cut": func(t *testing.T, names []string) {
			if err := os.Truncate(names[0], 700); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			dir, names := build(t)
			if r := verified(t, dir); len(r.Problems) > 0 {
				t.Fatalf("before: %v", r.Problems)
			}
			change(t, names)
			if r := verified(t, dir); len(r.Problems) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}
