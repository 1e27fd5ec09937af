package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

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
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
				return fmt.Errorf("no daemon runs on the data folder %s", a.data())
			}
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
