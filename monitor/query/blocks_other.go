//go:build !amd64

package query

import "unsafe"

// classify says what 64*n bytes are.
func classify(out *classes, text *byte, n int) {
	classifyPlainly(unsafe.Slice(out, n), unsafe.Slice(text, 64*n))
}
