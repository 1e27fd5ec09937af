package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode/utf8"

	"veille"
)

// maxSecret bounds a secret file, in bytes.
const maxSecret = 64 << 10

// decodeSecretFile reads the secret X of a key X_file, as Docker and Kubernetes
// mount them. Line ends at its end are not part of it.
func (p place) decodeSecretFile(v reflect.Value) {
	var name string
	if !p.decode(reflect.ValueOf(&name).Elem(), field{}) {
		return
	}
	if p.in.text.sealed {
		p.wrong("other files cannot be read from here", "")
		return
	}
	if name == "" {
		p.wrong("an empty file name", "")
		return
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(p.in.text.dir, name)
	}
	data, err := readBounded(name, maxSecret)
	p.in.inputs.add(name, data)
	switch {
	case err != nil:
		p.wrong("read the secret file: "+reason(err), "")
	case !utf8.Valid(data):
		p.wrong("the secret file is not UTF-8", "")
	default:
		s := strings.TrimRight(string(data), "\r\n")
		if s == "" {
			p.wrong("the secret file is empty", "")
			return
		}
		v.Set(reflect.ValueOf(veille.NewSecret(s)))
	}
}

var errTooLarge = errors.New("the file is too large")

// readBounded reads a file of at most limit bytes.
func readBounded(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, err
}

// reason is why a file could not be read, without its name: the message has its
// own place, and the name may hold a value of the environment.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}
