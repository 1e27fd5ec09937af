package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// assets are the files that pages load. Their names hold a hash of what is in
// them, so that a browser may keep them for ever and never shows an old one.
type assets struct {
	files map[string]asset  // by the name with the hash
	names map[string]string // the name with the hash, by the plain one
}

type asset struct {
	kind string
	body []byte
}

func loadAssets(from fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}, names: map[string]string{}}
	names, err := fs.Glob(from, "assets/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		base, ext := path.Base(name), path.Ext(name)
		hashed := strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.names[base], a.files[hashed] = hashed, asset{contentTypes(ext), body}
	}
	return a, nil
}

func contentTypes(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

// path is where the file of a plain name is served.
func (a *assets) path(name string) string { return "/static/" + a.names[name] }

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.body))
}
