package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"veille"
)

func (a *app) deliveriesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "deliveries",
		Short: "The outbox: what waits, what was sent, what died; replay or drop it",
		Example: `  veille deliveries list --state dead
  veille deliveries retry --receiver desk
  veille deliveries drop --event evt_7k2p…`,
	}
	cmd.AddCommand(
		a.listDeliveriesCommand(),
		a.touchDeliveriesCommand("retry", "Put dead letters back in the queue, and resume their receivers",
			func(ctx context.Context, on archive, f veille.DeliveryFilter) (int, error) { return on.Retry(ctx, f) }),
		a.touchDeliveriesCommand("drop", "Forget dead or pending deliveries for good",
			func(ctx context.Context, on archive, f veille.DeliveryFilter) (int, error) { return on.Drop(ctx, f) }),
	)
	return cmd
}

func (a *app) listDeliveriesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List deliveries, newest first",
		Example: "  veille deliveries list --receiver desk --state pending",
	}
	filter := deliveryFlags(cmd)
	limit := cmd.Flags().Int("limit", 50, "at most this many, newest first")
	return listing(a, cmd, []string{"CREATED", "RECEIVER", "STATE", "TRIES", "NEXT TRY", "EVENT", "LAST ERROR"},
		func(cmd *cobra.Command, from archive) ([]veille.Delivery, error) {
			f, err := filter()
			if err != nil {
				return nil, err
			}
			f.Limit = *limit
			return from.Deliveries(cmd.Context(), f)
		},
		func(d veille.Delivery) []string {
			next := "-"
			if d.State == veille.DeliveryPending {
				next = when(d.Due)
			}
			return []string{when(d.Created), d.Receiver, string(d.State), strconv.Itoa(d.Attempts), next, d.EventID, cut(d.LastError, 80)}
		})
}

func (a *app) touchDeliveriesCommand(use, short string, act func(context.Context, archive, veille.DeliveryFilter) (int, error)) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs,
		Example: "  veille deliveries " + use + " --receiver desk\n  veille deliveries " + use + " --state dead"}
	filter := deliveryFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f, err := filter()
		if err != nil {
			return err
		}
		if use == "retry" && f.State != "" && f.State != veille.DeliveryDead {
			return fmt.Errorf("only dead letters can be retried, --state %s cannot: %w", f.State, errUsage)
		}
		if f == (veille.DeliveryFilter{}) {
			return fmt.Errorf("say which: --receiver, --state or --event: %w", errUsage)
		}
		on, err := a.openArchive(cmd.Context())
		if err != nil {
			return err
		}
		defer on.Close()
		n, err := act(cmd.Context(), on, f)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s: %d deliveries\n", use, n)
		return err
	}
	return cmd
}

// deliveryFlags adds the filters that list, retry and drop share.
func deliveryFlags(cmd *cobra.Command) func() (veille.DeliveryFilter, error) {
	receiver := cmd.Flags().String("receiver", "", "only of this receiver")
	state := cmd.Flags().String("state", "", "only pending, sent or dead")
	event := cmd.Flags().String("event", "", "only of this event `ID`")
	return func() (veille.DeliveryFilter, error) {
		f := veille.DeliveryFilter{Receiver: *receiver, State: veille.DeliveryState(*state), EventID: *event}
		switch f.State {
		case "", veille.DeliveryPending, veille.DeliverySent, veille.DeliveryDead:
			return f, nil
		}
		return f, fmt.Errorf("--state %q is not pending, sent or dead: %w", *state, errUsage)
	}
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "Write a consistent copy of the store, also while the daemon runs",
		Example: "  veille backup /backups/veille-$(date +%F).db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := a.openArchive(cmd.Context())
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
