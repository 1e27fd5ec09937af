package query

// classify says what 64*n bytes are. It does as classifyPlainly, with the
// instructions that every processor of this kind has (SSE2).
//
//go:noescape
func classify(out *classes, text *byte, n int)
