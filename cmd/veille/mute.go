package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
)

func (a *app) muteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mute",
		Short: "Silence a watch, a source or a story until a time, with a reason",
		Long: `What is muted is read, matched and stored as ever; its alerts are kept as suppressed
instead of being sent. veille deliveries list --state suppressed shows them, and
veille deliveries retry --state suppressed sends them after all. Events about Veille
itself are never muted. A watch that is not muted still tells of an article that a
muted one matches too.`,
		Example: `  veille mute --watch "Corée du Nord et Russie" --until 2h --reason "exercice annoncé"
  veille mute --story sto_4d… --until 2026-12-01T08:00:00Z --reason "suivi au téléphone"
  veille mute list
  veille mute lift --watch "Corée du Nord et Russie"`,
		Args: cobra.NoArgs,
	}
	subject := muteFlags(cmd)
	until := cmd.Flags().String("until", "", "until this `TIME` (RFC 3339), or for so long: 2h, 3d")
	reason := cmd.Flags().String("reason", "", "why, for whoever wonders at the silence")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		m := subject()
		now := time.Now().UTC().Truncate(time.Second)
		end, err := muteEnd(*until, now)
		if err != nil {
			return err
		}
		m.Since, m.Until, m.Reason = now, end, *reason
		if err := m.Problem(); err != nil {
			return fmt.Errorf("%w (give one of --watch, --source and --story, with --until and --reason): %w", err, errUsage)
		}
		on, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer on.Close()
		if m.Watch != "" {
			err = a.knownWatch(cmd.Context(), on, m.Watch)
		} else if m.Source != "" {
			err = a.knownSource(cmd.Context(), on, m.Source)
		}
		if err == nil {
			err = on.Mute(cmd.Context(), m)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s is muted until %s\n", plain(m.Subject()), when(m.Until))
		return err
	}
	cmd.AddCommand(a.listMutesCommand(), a.liftCommand())
	return cmd
}

// muteFlags adds the flags that name what is muted.
func muteFlags(cmd *cobra.Command) func() veille.Mute {
	watch := cmd.Flags().String("watch", "", "the watch of this `NAME`")
	source := cmd.Flags().String("source", "", "the source of this `NAME`")
	story := cmd.Flags().String("story", "", "the story of this `ID`")
	return func() veille.Mute { return veille.Mute{Watch: *watch, Source: *source, Story: *story} }
}

// muteEnd reads a time, or a length of time from now on.
func muteEnd(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	end, err := time.Parse(time.RFC3339, text)
	if err != nil {
		age, durationErr := config.ParseDuration(text)
		if durationErr != nil {
			return end, fmt.Errorf("--until %q is neither a length such as 2h or 3d nor a time such as 2026-12-01T08:00:00Z: %w", text, errUsage)
		}
		end = now.Add(age)
	}
	if !end.After(now) {
		return end, fmt.Errorf("--until %s is over: %w", text, errUsage)
	}
	return end.UTC(), nil
}

func (a *app) listMutesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List what is muted, until when and why",
		Example: "  veille mute list\n  veille mute list --json",
	}
	return listing(a, cmd, []string{"MUTED", "SINCE", "UNTIL", "REASON"},
		func(cmd *cobra.Command, from records) ([]veille.Mute, error) {
			all, err := from.Mutes(cmd.Context())
			var active []veille.Mute
			for _, m := range all {
				if m.Until.After(time.Now()) {
					active = append(active, m)
				}
			}
			return active, err
		},
		func(m veille.Mute) []string { return []string{m.Subject(), when(m.Since), when(m.Until), m.Reason} })
}

func (a *app) liftCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "lift", Short: "End a mute; what it suppressed stays so until it is retried",
		Example: "  veille mute lift --source yonhap-nk",
		Args:    cobra.NoArgs,
	}
	subject := muteFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		m := subject()
		whole := m
		whole.Until, whole.Reason = time.Now(), "lifted"
		if err := whole.Problem(); err != nil {
			return fmt.Errorf("say which: --watch, --source or --story: %w", errUsage)
		}
		on, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer on.Close()
		err = on.Lift(cmd.Context(), m)
		if errors.Is(err, veille.ErrNotFound) {
			return fmt.Errorf("%s is not muted: veille mute list shows what is: %w", plain(m.Subject()), errUsage)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s is no longer muted; veille deliveries list --state suppressed shows what it kept back\n", plain(m.Subject()))
		return err
	}
	return cmd
}
