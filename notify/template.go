package notify

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
	"time"

	"veille"
)

const (
	// maxTemplate is the longest template, in bytes.
	maxTemplate = 20_000
	// maxOutput is where the output of a template is given up, in bytes.
	maxOutput = 1 << 20
	// templateName stands in the messages of text/template, and is cut from them.
	templateName = "template"
	// writeFunc is put behind every value that a template prints.
	writeFunc = "_write"
)

// markup is text in a receiver's own markup, which is written as it is.
type markup string

// parseTemplate reads a template for a dialect. As in html/template, every
// value that it prints is escaped: what the author of the template writes is
// markup, what an article says is text.
func parseTemplate(text string, d dialect) (*template.Template, error) {
	t, err := template.New(templateName).Funcs(voice{words: wordsOf("")}.functions(d, 0)).Parse(text)
	if err != nil {
		return nil, err
	}
	for _, one := range t.Templates() {
		if one.Tree != nil {
			escapeValues(one.Root)
		}
	}
	return t, nil
}

// escapeValues ends every pipeline that prints with writeFunc.
func escapeValues(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, one := range n.Nodes {
			escapeValues(one)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			name := parse.NewIdentifier(writeFunc).SetPos(n.Pos)
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{name}})
		}
	case *parse.IfNode:
		escapeBranches(n.BranchNode)
	case *parse.RangeNode:
		escapeBranches(n.BranchNode)
	case *parse.WithNode:
		escapeBranches(n.BranchNode)
	}
}

func escapeBranches(b parse.BranchNode) {
	escapeValues(b.List)
	escapeValues(b.ElseList)
}

// functions are those that a template may call. A value is written in at most
// room, where that is not 0.
func (v voice) functions(d dialect, room int) template.FuncMap {
	least := func(n int) int {
		if room > 0 {
			return min(n, room)
		}
		return n
	}
	write := func(runs []run, n int) markup {
		text, _ := d.write(runs, least(n))
		return markup(text)
	}
	const most = 20_000
	return template.FuncMap{
		writeFunc: func(value any) markup {
			if m, ok := value.(markup); ok {
				return m
			}
			return write([]run{{text: v.plain(value)}}, most)
		},
		"bold": func(value any) markup { return write([]run{{text: v.plain(value), style: strong}}, most) },
		"link": func(href, label any) markup {
			to := link(printed(href))
			if d.link == nil && to != "" {
				return write([]run{{text: v.plain(label) + " "}, {text: to, bare: true}}, most+maxLink)
			}
			return write([]run{{text: v.plain(label), href: to}}, most+maxLink)
		},
		"excerpt": func(m veille.Match) markup { return write(excerptRuns(m), most) },
		"diff":    func(c *veille.Change) markup { return v.changeMarkup(d, c, least(most)) },
		"heading": func(e veille.Event) string { return v.words.heading(e.Type) },
		"summary": func(e veille.Event) string { return v.summary(e, 1000) },
		"default": func(e veille.Event) markup { return markup(v.compose(d, v.page(e), least(3000))) },
		"date":    v.anyDate,
		"join":    strings.Join,
	}
}

func (v voice) changeMarkup(d dialect, c *veille.Change, limit int) markup {
	if c == nil {
		return ""
	}
	runs := diffRuns(c.Diff)
	if len(runs) == 0 {
		runs = v.listedChange(c)
	}
	text, _ := d.write(runs, limit)
	return markup(text)
}

func (v voice) anyDate(value any) (string, error) {
	switch t := value.(type) {
	case time.Time:
		return v.date(t), nil
	case *time.Time:
		if t == nil || t.IsZero() {
			return v.words.unstated, nil
		}
		return v.date(*t), nil
	}
	return "", fmt.Errorf("date takes a time, not %T", value)
}

// plain is a value as one clean line.
func (v voice) plain(value any) string {
	switch t := value.(type) {
	case time.Time:
		return v.date(t)
	case *time.Time:
		s, _ := v.anyDate(t)
		return s
	}
	return clean(clip(printed(value), maxAnswer))
}

func printed(value any) string {
	switch s := value.(type) {
	case nil:
		return ""
	case string:
		return s
	case markup:
		return string(s)
	case *string:
		if s == nil {
			return ""
		}
		return *s
	case []string:
		return strings.Join(s, ", ")
	}
	return fmt.Sprint(value)
}

// render writes an event by the template, in at most limit. Values are cut
// until all of it fits: a cut through the output would break its markup. It
// reports false where it does not fit, or the template writes nothing.
func (v voice) render(d dialect, e veille.Event, limit int) (string, bool) {
	for _, room := range []int{0, 1000, 300, 100, 40, 10} {
		s, err := v.execute(d, e, room)
		switch {
		case errors.Is(err, errOutput):
			continue
		case err != nil || strings.TrimSpace(s) == "":
			return "", false
		case d.measure(s) <= limit:
			return s, true
		}
	}
	return "", false
}

func (v voice) execute(d dialect, e veille.Event, room int) (string, error) {
	t, err := v.template.Clone()
	if err != nil {
		return "", fmt.Errorf("copy the template: %w", err)
	}
	var b bounded
	if err := t.Funcs(v.functions(d, room)).Execute(&b, e); err != nil {
		return "", err
	}
	return b.String(), nil
}

var errOutput = errors.New("the template writes too much")

// bounded is a buffer that ends an output without end.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxOutput {
		return 0, errOutput
	}
	return b.Buffer.Write(p)
}

// checkTemplate tries a template on every type of event, with all that an
// event may hold and with the least; check, where it is not nil, judges what
// comes out.
func checkTemplate(text string, d dialect, check func(string) error) *veille.Problem {
	if len(text) > maxTemplate {
		return &veille.Problem{Path: "template", What: "is too long", Help: fmt.Sprintf("write at most %d bytes", maxTemplate)}
	}
	t, err := parseTemplate(text, d)
	if err != nil {
		return templateProblem(text, "", err)
	}
	v := voice{words: wordsOf(""), template: t}
	for _, kind := range veille.EventTypes() {
		for _, e := range []veille.Event{Example(kind), sparse(Example(kind))} {
			out, err := v.execute(d, e, 0)
			if err != nil {
				return templateProblem(text, " for "+string(kind), err)
			}
			if check == nil {
				continue
			}
			if strings.TrimSpace(out) == "" {
				return &veille.Problem{Path: "template", What: fmt.Sprintf("writes nothing for %s, and nothing else would be sent", kind), Help: "write something for every type of event, such as {{default .}}"}
			}
			if err := check(out); err != nil {
				return &veille.Problem{Path: "template", What: fmt.Sprintf("for %s it writes what is refused: %v", kind, err), Help: "mend what is around the values"}
			}
		}
	}
	return nil
}

var templatePlace = regexp.MustCompile(`^template: ` + templateName + `:(\d+)(?::(\d+))?: `)

// templateProblem finds the place in the text that an error of text/template
// names.
func templateProblem(text, where string, err error) *veille.Problem {
	p := &veille.Problem{Path: "template", Help: "see docs/receivers.md for what a template may hold"}
	what := err.Error()
	if m := templatePlace.FindStringSubmatch(what); m != nil {
		what = what[len(m[0]):]
		row, _ := strconv.Atoi(m[1])
		column, _ := strconv.Atoi(cmp.Or(m[2], "0"))
		p.Offset = offsetOf(text, row, column)
	}
	what = strings.TrimPrefix(what, `executing "`+templateName+`" at `)
	p.What = "fails" + where + ": " + line(what, 200)
	return p
}

// offsetOf is the byte offset of a row, from 1, and a column, from 0.
func offsetOf(text string, row, column int) int {
	at := 0
	for ; row > 1; row-- {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return min(at+column, len(text))
}
