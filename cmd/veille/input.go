package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/crawler"
)

// inputLimit is the most plain bytes of one file; the same as the crawler's
// default for a page off the web.
const inputLimit = 8 << 20

// input is one page named on the command line or in a manifest.
type input struct {
	// Name is what the person called it: a file, a URL, or "-".
	Name string
	// URL is where the page stands on the web, if that is known.
	URL string
	// path is the file to read; empty for a URL.
	path string
}

// page is an input's content.
type page struct {
	body        []byte
	url         string
	contentType string
}

// inputs lists what the arguments and the manifest name. A manifest has a JSON
// object a line with `file`, relative to the manifest, and `url`.
func inputs(args []string, manifest, baseURL string) ([]input, error) {
	var all []input
	for _, arg := range args {
		if isURL(arg) {
			all = append(all, input{Name: arg, URL: arg})
			continue
		}
		all = append(all, input{Name: arg, URL: baseURL, path: arg})
	}
	if manifest != "" {
		listed, err := readManifest(manifest)
		if err != nil {
			return nil, err
		}
		all = append(all, listed...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("name a file, a URL or a --manifest: %w", errUsage)
	}
	return all, nil
}

func readManifest(path string) ([]input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w: %w", err, errUsage)
	}
	defer f.Close()
	var all []input
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var row struct{ File, URL string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s:%d: %w: %w", path, n, err, errUsage)
		}
		if row.File == "" {
			return nil, fmt.Errorf("%s:%d: no \"file\": %w", path, n, errUsage)
		}
		file := row.File
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(path), file)
		}
		all = append(all, input{Name: row.File, URL: row.URL, path: file})
	}
	return all, lines.Err()
}

// isURL tells a web address from a file name.
func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// reader fetches or reads inputs.
type reader struct {
	crawler *crawler.Crawler
	stdin   io.Reader
	sources []veille.Source
	learned learned
}

// read returns the content of an input.
func (r *reader) read(ctx context.Context, in input) (page, error) {
	if in.path == "" {
		body, contentType, final, err := r.crawler.Fetch(ctx, r.source(in.URL), in.URL)
		return page{body, final, contentType}, err
	}
	src := r.stdin
	if in.path != "-" {
		f, err := os.Open(in.path)
		if err != nil {
			return page{}, err
		}
		defer f.Close()
		src = f
	}
	body, err := readPlain(src)
	return page{body: body, url: in.URL}, err
}

// source is the configured source of the same host, whose headers and
// selectors then apply. An address typed by the operator is allowed to be
// private, as one written into a source with allow_private is.
func (r *reader) source(address string) veille.Source {
	u, err := url.Parse(address)
	if err == nil {
		for _, s := range r.sources {
			if su, err := url.Parse(s.URL); err == nil && su.Host == u.Host {
				return s
			}
		}
	}
	return veille.Source{Name: "command line", URL: address, AllowPrivate: true}
}

// listedBy is the configured source at one of the addresses of a page; nil
// without.
func (r *reader) listedBy(addresses ...string) *veille.Source {
	for _, address := range addresses {
		at, err := veille.CanonicalURL(address)
		if err != nil {
			continue
		}
		for i, s := range r.sources {
			if own, err := veille.CanonicalURL(s.URL); err == nil && own == at {
				return &r.sources[i]
			}
		}
	}
	return nil
}

// readPlain reads a file, gunzipped when its bytes say so. More than the limit
// is an error, never a cut page.
func readPlain(r io.Reader) ([]byte, error) {
	buffered := bufio.NewReader(r)
	r = buffered
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		r = z
	}
	body, err := io.ReadAll(io.LimitReader(r, inputLimit+1))
	if err == nil && len(body) > inputLimit {
		err = errors.New("larger than 8 MiB")
	}
	return body, err
}

// readFlags are what extract and links share.
type readFlags struct {
	url, manifest string
	json          bool
}

func addReadFlags(cmd *cobra.Command) *readFlags {
	var f readFlags
	cmd.Flags().StringVar(&f.url, "url", "", "the `URL` that a FILE was saved from: links and dates are read against it")
	cmd.Flags().StringVar(&f.manifest, "manifest", "", "a `FILE` with a JSON object a line: file (relative to it, gzipped too) and url")
	cmd.Flags().BoolVar(&f.json, "json", false, "one JSON object a line")
	return &f
}

// newReader makes a reader over the configured sources; conf may be nil.
func (a *app) newReader(conf *config.Config, known learned) (*reader, func()) {
	r := &reader{stdin: a.stdin, learned: known}
	o := crawler.Options{
		UserAgent: userAgent(""), Log: a.log(), Memory: known,
		Spacing: time.Second, Timeout: 30 * time.Second, Parallel: 8, MaxBody: inputLimit,
	}
	if conf != nil {
		r.sources = conf.Sources
		o = crawlerOptions(conf, known, a.log())
	}
	r.crawler = crawler.New(o)
	return r, r.crawler.Close
}
