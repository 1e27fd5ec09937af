package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/monitor/query"
)

func (a *app) fmtCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fmt FILE...",
		Short: "Rewrite the queries of YAML files in their canonical form",
		Long: `Rewrites each query of the watches in its canonical form, in place, and leaves the
rest of the file as it is, comments included. A query with a mistake is shown with
its place, and its file stays untouched. - reads one query from standard input and
prints it.`,
		Example: "  veille fmt veille.yaml watchlists/*.yaml\n  veille fmt --check veille.yaml   # in CI: 1 if something would change\n  echo 'a ET (b OU c)' | veille fmt -",
		Args:    arguments(1, -1),
	}
	check := cmd.Flags().Bool("check", false, "change nothing; name the files that would change, and answer 1")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		var mistakes config.Errors
		changed := 0
		for _, name := range args {
			if name == "-" {
				if err := a.formatInput(); err != nil {
					return err
				}
				continue
			}
			n, err := a.formatFile(name, *check)
			changed += n
			if found, ok := errors.AsType[*config.Errors](err); ok {
				mistakes.Mistakes = append(mistakes.Mistakes, found.Mistakes...)
			} else if err != nil {
				return err
			}
		}
		if len(mistakes.Mistakes) > 0 {
			return &mistakes
		}
		if *check && changed > 0 {
			return fmt.Errorf("%s not in canonical form: run veille fmt without --check", queries(changed))
		}
		return nil
	}
	return cmd
}

// formatFile rewrites one file and answers how many queries differ.
func (a *app) formatFile(name string, check bool) (int, error) {
	data, err := os.ReadFile(name)
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return 0, &config.Errors{Mistakes: []config.Mistake{{File: name, What: pathErr.Err.Error()}}}
	}
	if err != nil {
		return 0, err
	}
	out, err := config.FormatQueries(name, data, formatted)
	if err != nil {
		return 0, err
	}
	for _, line := range out.Left {
		_, _ = fmt.Fprintf(a.stderr, "note: %s:%d: a query with variables is left as it is\n", name, line)
	}
	if out.Changed == 0 {
		return 0, nil
	}
	verb := "rewritten"
	if check {
		verb = "to rewrite"
	} else if err := replaceFile(name, out.Data); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(a.stdout, "%s: %s %s\n", name, queries(out.Changed), verb)
	return out.Changed, err
}

// formatInput prints the query on standard input in its canonical form.
func (a *app) formatInput() error {
	in, err := io.ReadAll(io.LimitReader(a.stdin, query.MaxBytes+1))
	if err != nil {
		return err
	}
	text := strings.TrimRight(string(in), "\r\n")
	if strings.Contains(text, "#") {
		text += "\n" // a comment needs the end of its line
	}
	out, err := query.Format(text)
	if err != nil {
		return inQuery(text, err)
	}
	_, err = fmt.Fprintln(a.stdout, strings.TrimSuffix(out, "\n"))
	return err
}

// formatted gives a query its form.
func formatted(q string, oneLine bool) (string, []veille.Problem) {
	format := query.Format
	if oneLine {
		format = query.FormatLine
	}
	out, err := format(q)
	var problems []veille.Problem
	if mistakes, ok := errors.AsType[query.Errors](err); ok {
		for _, m := range mistakes {
			problems = append(problems, veille.Problem{Offset: m.Offset, What: m.What, Help: m.Help})
		}
	}
	return out, problems
}

// replaceFile puts new content into a file, behind a symbolic link too. A file
// that cannot be replaced, because it is a mount, is written over.
func replaceFile(name string, data []byte) error {
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return os.WriteFile(path, data, info.Mode().Perm())
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(f.Name(), info.Mode().Perm())
	}
	if err == nil && os.Rename(f.Name(), path) == nil {
		return nil
	}
	_ = os.Remove(f.Name())
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, info.Mode().Perm())
}

func queries(n int) string {
	if n == 1 {
		return "1 query"
	}
	return fmt.Sprintf("%d queries", n)
}
