package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"veille/monitor/query"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Validate the configuration; with --online, also fetch every source",
		Long: `Builds everything that the daemon would run, without running it, and lists every
mistake with its place. --online also polls each source politely: is it reachable
and allowed by robots.txt, how many articles does it list, does the newest one
extract, and is there a feed or a news sitemap that lists the same.

It tries each watch on its own tests, and fails with 2 where one does not hold. It warns of
clauses that can never match or add nothing, of concepts and receivers that nobody uses,
and, where articles are stored (--data), of watches that match more than a fifth of
them; --strict answers 2 then.`,
		Example: "  veille check\n  veille check --strict\n  veille check --online -c watch.yaml",
		Args:    cobra.NoArgs,
	}
	online := cmd.Flags().Bool("online", false, "also fetch each source and its newest article")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object a source")
	strict := cmd.Flags().Bool("strict", false, "answer 2 where there are warnings")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		conf, path, err := a.load()
		if err != nil {
			return err
		}
		wired, err := build(conf, a.notifyEnv(a.log()), query.Compile, nil)
		if err != nil {
			return err
		}
		if path == "" {
			path = "embedded example"
		}
		if !*asJSON {
			_, _ = fmt.Fprintf(a.stdout, "%s: ok: %s, %s, %s\n", path, counted(len(conf.Sources), "source"), counted(len(conf.Watches), "watch"), counted(len(conf.Receivers), "receiver"))
			if conf.Contact == "" {
				_, _ = fmt.Fprintln(a.stdout, "note: no contact: set one, so that a site can reach you rather than block you")
			}
		}
		if err := a.tryWatches(cmd.Context(), conf, wired.matcher, *online); err != nil {
			return err
		}
		warnings := a.lint(cmd.Context(), conf, wired.matcher)
		for _, w := range warnings {
			_, _ = fmt.Fprintln(a.stderr, "warning:", plain(w))
		}
		if *strict && len(warnings) > 0 {
			return fmt.Errorf("%s: %w", counted(len(warnings), "warning"), errUsage)
		}
		if !*online {
			return nil
		}
		if set := a.proxies(); len(set) > 0 {
			_, _ = fmt.Fprintf(a.stderr, "note: %s is set and not used: Veille connects by itself\n", strings.Join(set, ", "))
		}
		return a.checkOnline(cmd.Context(), conf, *asJSON)
	}
	return cmd
}
