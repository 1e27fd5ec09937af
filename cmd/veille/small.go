package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille/config"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "init [DIR]",
		Short:   "Write a commented starter configuration",
		Example: "  veille init\n  veille init /etc/veille",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			path := filepath.Join(dir, "veille.yaml")
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s exists: it is left as it is: %w", path, errUsage)
			}
			if err != nil {
				return err
			}
			_, err = f.Write(config.Starter())
			if closeErr := f.Close(); err == nil {
				err = closeErr
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s written. Next: veille check -c %[1]s, then veille run -c %[1]s\n", path)
			return err
		},
	}
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of the configuration, for editors",
		Example: "  veille schema > veille.schema.json   # then: # yaml-language-server: $schema=veille.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			schema, err := config.Schema(checks().Kinds)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, strings.TrimSpace(string(schema)))
			return err
		},
	}
}

func (a *app) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "healthcheck",
		Short:   "Ask the local daemon whether it is ready; for a container HEALTHCHECK",
		Example: "  veille healthcheck --data /data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), 3*time.Second)
			defer cancel()
			client := newControlClient(socketPath(a.data()))
			defer client.Close()
			r, err := client.readiness(ctx)
			if err != nil {
				return fmt.Errorf("the daemon does not answer: %w", err)
			}
			if !r.Ready {
				return fmt.Errorf("not ready: %s", strings.Join(r.Reasons, "; "))
			}
			for _, w := range r.Warnings {
				_, _ = fmt.Fprintln(a.stdout, "warning:", plain(w))
			}
			_, err = fmt.Fprintln(a.stdout, "ready")
			return err
		},
	}
}
