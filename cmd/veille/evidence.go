package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/store/bolt"
	"veille/store/warc"
	"veille/trace"
)

func archivePath(dir string) string { return filepath.Join(dir, "warc") }

// evidence is the store with an archive in front: what a revision was read
// from is on disk before the revision is. Without an archive it is the store.
type evidence struct {
	*bolt.Store
	archive *warc.Archive
	// tracer shows each commit; nil shows none.
	tracer *trace.Tracer
}

func openEvidence(dir string, conf *config.Config, store *bolt.Store, log *slog.Logger) (*evidence, error) {
	e := &evidence{Store: store}
	if !conf.Archive {
		return e, nil
	}
	var err error
	e.archive, err = warc.Open(archivePath(dir), warc.Options{Software: userAgent(conf.Contact), Log: log})
	return e, err
}

// CommitArticle implements monitor.Store.
func (e *evidence) CommitArticle(ctx context.Context, c veille.ArticleCommit) error {
	if e.tracer != nil {
		return e.tracer.Committed(ctx, c, e.commit)
	}
	return e.commit(ctx, c)
}

func (e *evidence) commit(ctx context.Context, c veille.ArticleCommit) error {
	if e.archive == nil {
		return e.Store.CommitArticle(ctx, c)
	}
	// A page that the store will not take must not use up the room that is kept
	// for deliveries.
	if err := e.Store.Healthy(); errors.Is(err, veille.ErrStoreFull) {
		return err
	}
	return e.archive.CommitArticle(ctx, e.Store, c)
}

// CommitPoll implements monitor.Store. While the archive can take no page, no poll
// is taken either: what it lists could not be read, again and again.
func (e *evidence) CommitPoll(ctx context.Context, poll veille.PollCommit) error {
	if e.archive != nil {
		if err := e.archive.Ready(); err != nil {
			return err
		}
	}
	return e.Store.CommitPoll(ctx, poll)
}

// Close finishes the archive's file; the store is its opener's to close.
func (e *evidence) Close() error {
	if e.archive == nil {
		return nil
	}
	return e.archive.Close()
}

func (a *app) archiveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "The evidence that archive: warc keeps",
		Long: `With archive: warc in the configuration, every fetched revision is kept as WARC 1.1
records in the folder warc of the data folder. Any WARC tool reads them.`,
	}
	asJSON := false
	verify := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Tell whether any archived record was changed, taken out or put in",
		Long: `Reads every record and compares its digests and its link of the chain with what
they say. Exits with 1 if one does not hold. The last link is printed: keep it, or
compare it with the chain in the newest event that a receiver got.`,
		Example: "  veille archive verify --data /data\n  veille archive verify /backup/warc --json",
		Args:    arguments(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := archivePath(a.data())
			if len(args) > 0 {
				dir = args[0]
			}
			if _, err := os.Stat(dir); err != nil {
				return fmt.Errorf("no archive at %s: archive: warc in the configuration makes one: %w", dir, errUsage)
			}
			return a.verifyArchive(dir, asJSON)
		},
	}
	verify.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	cmd.AddCommand(verify)
	return cmd
}

func (a *app) verifyArchive(dir string, asJSON bool) error {
	report, err := warc.Verify(dir)
	if err != nil {
		return err
	}
	if asJSON {
		err = newLines(a.stdout).write(report)
	} else {
		for _, p := range report.Problems {
			_, _ = fmt.Fprintln(a.stdout, p)
		}
		_, err = fmt.Fprintf(a.stdout, "%d files, %d records, %d pages; chain %s\n", report.Files, report.Records, report.Exchanges, report.Chain)
	}
	if err == nil && len(report.Problems) > 0 {
		err = errors.New("the archive is not as it was written")
	}
	return err
}
