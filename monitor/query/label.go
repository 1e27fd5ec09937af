package query

import (
	"fmt"
	"strings"

	"veille"
)

// isLabel reports whether a field is a label of an article rather than text.
func isLabel(field string) bool { return field == "site" || field == "tag" || field == "lang" }

// checkLabels finds what cannot be compared with the field, and brings the
// labels themselves to the form in which they are compared.
func checkLabels(field string, e *Expr) *Error {
	if !isLabel(field) {
		return nil
	}
	if e.Op == OpOr {
		for _, k := range e.Kids {
			if err := checkLabels(field, k); err != nil {
				return err
			}
		}
		return nil
	}
	example := map[string]string{"site": "site:yna.co.kr", "tag": "tag:korea", "lang": "lang:fr"}[field]
	if e.Op != OpTerm || e.Prefix || e.Form != Folded {
		return &Error{e.Start, field + ": takes plain words, or some with OR", "write it as in " + example}
	}
	switch field {
	case "site":
		return checkSite(e)
	case "lang":
		code := strings.ToLower(e.Text)
		if base, _, ok := strings.Cut(code, "-"); ok {
			if _, known := veille.LanguageCode(base); known {
				return &Error{e.Start, "lang: takes no region", "write lang:" + base}
			}
		}
		if problem, fix := badLanguage(code, "as in "+example); problem != "" {
			return &Error{e.Start, problem, fix}
		}
		e.Text = code
	}
	return nil
}

// checkSite holds a host to the form in which addresses write it.
func checkSite(e *Expr) *Error {
	host := strings.ToLower(e.Text)
	if i := strings.IndexAny(host, "/?#@: "); i >= 0 {
		return &Error{e.Start, "site: takes a host", "write it as in site:yna.co.kr; for a part of the address, url:word"}
	}
	trimmed := strings.Trim(host, ".")
	if trimmed != host {
		return &Error{e.Start, "a host does not begin or end in a dot", "write site:" + trimmed + "; the hosts below it are meant too"}
	}
	e.Text = host
	return nil
}

// badLanguage says what is wrong with a language's code; empty for one that pages
// declare. example is how a right one is written.
func badLanguage(code, example string) (problem, fix string) {
	meant, ok := veille.LanguageCode(code)
	switch {
	case ok:
		return "", ""
	case meant != "":
		return fmt.Sprintf("%q is no language that pages declare", clip(code)), "did you mean " + meant + "?"
	}
	return fmt.Sprintf("%q is no language code", clip(code)), "write the ISO 639 code of two or three letters, " + example
}
