package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// safeDecode turns a panic of the YAML parser into an error: its input is
// whatever lies on the disk.
func safeDecode(dec *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("yaml: the parser gave up")
		}
	}()
	return dec.Decode(into)
}

// yamlLine is how the YAML parser begins its messages.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// explain adds the mistake behind a syntax error of the YAML parser, in plain
// words and at the line that is wrong: the parser often names the line where
// the surrounding mapping began, and never a column.
func (t *text) explain(r *report, err error) {
	message := yamlLine.ReplaceAllString(err.Error(), "")
	n := t.firstBadLine(message)
	if n == 0 {
		n = 1
		if m := yamlLine.FindStringSubmatch(err.Error()); len(m) > 1 && m[1] != "" {
			n, _ = strconv.Atoi(m[1])
			n = max(1, min(n, len(t.starts)))
		}
	}
	line := string(t.line(n))
	trimmed := len(line) - len(strings.TrimLeft(line, " \t"))
	at, what, help := diagnose(line, message)
	if at < 0 {
		if offset, what, help := t.slipAround(n); what != "" {
			t.fault(r, offset, what, help)
			return
		}
	}
	if before := bytes.TrimLeft(t.line(n-1), " \t"); at < 0 && bytes.HasPrefix(before, []byte("#")) {
		what = "a comment ends a text without quotes, and this line comes behind it"
		help = "write the text as a block behind |; in a query, that keeps comments"
	}
	if at < 0 {
		at = trimmed
	}
	t.fault(r, t.starts[n-1]+at, what, help)
}

// maxSearched bounds the files, in bytes, whose bad line is searched for: about
// forty readings of a file of this size take a few seconds.
const maxSearched = 1 << 20

// firstBadLine finds the shortest run of lines that fails with the message. A
// run that ends inside a quoted text fails likewise, so the search goes on when
// a longer one succeeds. It answers 0 for a file that is too large to be read
// that often.
func (t *text) firstBadLine(message string) int {
	if len(t.data) > maxSearched {
		return 0
	}
	fails := func(lines int) bool {
		end := len(t.data)
		if lines < len(t.starts) {
			end = t.starts[lines]
		}
		dec := yaml.NewDecoder(bytes.NewReader(t.data[:end]))
		for {
			var n yaml.Node
			if err := safeDecode(dec, &n); err != nil {
				return !isEOF(err) && yamlLine.ReplaceAllString(err.Error(), "") == message
			}
		}
	}
	good, bad := 0, len(t.starts)
	for {
		for bad-good > 1 {
			if mid := (good + bad) / 2; fails(mid) {
				bad = mid
			} else {
				good = mid
			}
		}
		again := false
		for k := bad + 1; k <= min(bad+20, len(t.starts)-1); k++ {
			if !fails(k) {
				good, bad, again = k, len(t.starts), true
			}
		}
		if !again {
			return bad
		}
	}
}
