package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/monitor/query"
)

func (a *app) explainCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain QUERY",
		Short: "Show how a query is read, as a tree",
		Long: `Shows how a query, or with --watch a watch of the configuration, is read: what must
hold, what each word is compared as, and what the concepts of the configuration
stand for.`,
		Example: "  veille explain '\"Corée du Nord\" AND (missile* OR ~tir)'\n  veille explain --watch \"Corée du Nord et Russie\" --json",
		Args:    arguments(0, 1),
	}
	watch := cmd.Flags().String("watch", "", "explain this watch, its query and lists together")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if (len(args) == 1) == (*watch != "") {
			return fmt.Errorf("name a query or a --watch: %w", errUsage)
		}
		conf, _, err := a.load()
		if err != nil {
			mistakes, ok := errors.AsType[*config.Errors](err)
			if !ok || *watch != "" {
				return err
			}
			_, _ = fmt.Fprintf(a.stderr, "note: the configuration has %s, so no concept is known here: see veille check\n", counted(len(mistakes.Mistakes), "mistake"))
			conf = &config.Config{}
		}
		r, err := explain(args, *watch, conf)
		if err != nil {
			return err
		}
		if *asJSON {
			return newLines(a.stdout).write(r)
		}
		return showExplanation(a.stdout, r)
	}
	return cmd
}

func explain(args []string, watch string, conf *config.Config) (query.Explanation, error) {
	if watch == "" {
		r, err := query.Explain(args[0], conf.Concepts)
		return r, inQuery(args[0], err)
	}
	watches, err := chooseWatches(conf, watch)
	if err != nil {
		return query.Explanation{}, err
	}
	return query.ExplainWatch(watches[0], conf.Concepts)
}

// inQuery shows the mistakes of a query given on the command line, each below
// its line with a caret.
func inQuery(q string, err error) error {
	mistakes, ok := errors.AsType[query.Errors](err)
	if !ok {
		return err
	}
	var b strings.Builder
	for _, m := range mistakes {
		from := strings.LastIndexByte(q[:m.Offset], '\n') + 1
		line, _, _ := strings.Cut(q[from:], "\n")
		fmt.Fprintf(&b, "%v\n%s\n", m, veille.Caret(strings.TrimSuffix(line, "\r"), m.Offset-from))
	}
	return fmt.Errorf("%s: %w", strings.TrimSuffix(b.String(), "\n"), errUsage)
}

func showExplanation(w io.Writer, r query.Explanation) error {
	var b strings.Builder
	writeExplanation(&b, "", "", r)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeExplanation draws a tree: first stands before the line of r, rest before
// those below it.
func writeExplanation(b *strings.Builder, first, rest string, r query.Explanation) {
	head := plain(r.Text)
	switch r.Kind {
	case "and", "or", "not", "near", "before":
		head = strings.ToUpper(r.Kind)
	case "at_least":
		head = "OF"
	case "field":
		if name, _, ok := strings.Cut(head, ":"); ok && len(r.Parts) > 0 {
			head = name + ":"
		}
	}
	b.WriteString(first + head + "  " + plain(r.Means) + "\n")
	for i, p := range r.Parts {
		branch, below := "├─ ", "│  "
		if i == len(r.Parts)-1 {
			branch, below = "└─ ", "   "
		}
		writeExplanation(b, rest+branch, rest+below, p)
	}
}
