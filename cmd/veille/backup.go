package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "Write a consistent copy of the store, also while the daemon runs",
		Example: "  veille backup /backups/veille-$(date +%F).db",
		Args:    arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := a.openRecords(cmd.Context())
			if err != nil {
				return err
			}
			defer from.Close()
			n, err := backupTo(cmd.Context(), from, args[0])
			if err != nil {
				return fmt.Errorf("backup: %w", err)
			}
			_, err = fmt.Fprintf(a.stdout, "%s: %d bytes\n", args[0], n)
			return err
		},
	}
}

// backupTo writes a copy to a new file that appears only when it is whole.
func backupTo(ctx context.Context, from records, path string) (int64, error) {
	if _, err := os.Lstat(path); err == nil {
		return 0, fmt.Errorf("%s exists: name a new file: %w", path, errUsage)
	}
	if own, ok := from.(*operator); ok {
		if err := own.BackupFile(ctx, path); err != nil {
			return 0, err
		}
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	return backupFrom(ctx, from, path)
}

// backupFrom lets a daemon make the copy.
func backupFrom(ctx context.Context, from records, path string) (n int64, err error) {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(part) }()
	n, err = from.Backup(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	return n, err
}
