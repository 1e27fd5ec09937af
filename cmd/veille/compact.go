package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"veille/store/bolt"
)

func (a *app) compactCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "Rewrite the store without its free space",
		Long: `What Veille forgets is used again by what comes, but the file never gets smaller by
itself. This writes it anew beside the old one, compares the two record by record,
and then puts the new one in its place at once. The daemon must be stopped.`,
		Example: "  veille compact --data /data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path := storePath(a.data())
			if none(path) {
				return fmt.Errorf("%w in %s: name the --data of `veille run`: %w", errNoStore, a.data(), errUsage)
			}
			before, after, err := bolt.Compact(cmd.Context(), path, bolt.Options{Log: a.log()})
			if errors.Is(err, bolt.ErrLocked) {
				return fmt.Errorf("the store is in use: stop `veille run`, then compact it: %w", err)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s: %d bytes, of %d before\n", path, after, before)
			return err
		},
	}
}
