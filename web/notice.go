package web

import (
	"strings"

	"veille"
)

// Notice says what an event about Veille itself means, in the reader's
// language. Its message, which receivers got, says more in English.
func (f *frame) Notice(e veille.Event) string {
	kind := string(e.Type)
	if strings.HasPrefix(kind, "source.") && e.Source == "" {
		kind = "network." + strings.TrimPrefix(kind, "source.")
	}
	text, known := f.words["notice."+kind]
	switch {
	case !known:
		return e.Message
	case e.Source != "":
		return f.T("notice."+kind, e.Source)
	}
	return text
}

// Kind names a type of event.
func (f *frame) Kind(t veille.EventType) string {
	if text, ok := f.words["kind."+string(t)]; ok {
		return text
	}
	return string(t)
}

// Episode says what is wrong with a source that is not well.
func (f *frame) Episode(e veille.Episode) string {
	cause := e.Cause
	if e.Network {
		cause = "network"
	}
	if text, ok := f.words["episode."+cause]; ok {
		return text
	}
	if text, ok := f.words["fetch."+cause]; ok {
		return text
	}
	return f.T("episode.other")
}
