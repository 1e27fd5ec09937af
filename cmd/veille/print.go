package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// plain makes foreign text harmless on a terminal and in a log: control
// characters, escape sequences and bidirectional overrides are left out, and a
// line stays one line.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case acts(r):
			return -1
		}
		return r
	}, s)
}

// longestLogged is the most bytes that one attribute adds to a log line.
const longestLogged = 2 << 10

// printable guards every log line against foreign text. An error of several
// lines, as a configuration has, keeps them where the handler escapes them.
func printable(_ []string, attr slog.Attr) slog.Attr {
	var text string
	switch v := attr.Value.Any().(type) {
	case string:
		text = v
	case error:
		text = v.Error()
	default:
		return attr
	}
	clean := harmless(text)
	if len(clean) > longestLogged {
		clean = strings.ToValidUTF8(clean[:longestLogged], "") + "…"
	}
	return slog.String(attr.Key, clean)
}

// harmless is plain for a text of several lines.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && acts(r) {
			return -1
		}
		return r
	}, s)
}

// acts reports whether a terminal may obey a rune, or show others in another
// order for it.
func acts(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// escaping writes JSON with what acts escaped: the same values, and harmless on
// a terminal.
type escaping struct{ to io.Writer }

func (e escaping) Write(p []byte) (int, error) {
	const newline = '\n' // ends an object; inside of one it is escaped already
	if !bytes.ContainsFunc(p, func(r rune) bool { return r != newline && acts(r) }) {
		return e.to.Write(p)
	}
	var b strings.Builder
	for _, r := range string(p) {
		if r != newline && acts(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	if _, err := io.WriteString(e.to, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// lines writes one JSON object a line.
type lines struct{ encoder *json.Encoder }

func newLines(w io.Writer) lines {
	e := json.NewEncoder(escaping{w})
	e.SetEscapeHTML(false)
	return lines{e}
}

func (l lines) write(v any) error { return l.encoder.Encode(v) }

// table writes aligned columns for a person.
func table(w io.Writer, header []string, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	writeRow(t, header)
	for _, row := range rows {
		writeRow(t, row)
	}
	return t.Flush()
}

func writeRow(w io.Writer, cells []string) {
	clean := make([]string, len(cells))
	for i, c := range cells {
		clean[i] = plain(c)
	}
	_, _ = io.WriteString(w, strings.Join(clean, "\t")+"\n")
}

// when shows a time to a person in the zone of the machine, which it names, since
// alerts have another one; "-" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04:05Z07:00")
}

// counted writes a number of things: "1 article", "3 articles", "2 watches".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "ch") {
		thing += "e"
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func knownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func shown(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

func shownTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}
