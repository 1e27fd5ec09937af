package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/web"
)

func (a *app) deliveriesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "deliveries",
		Short: "The outbox: what waits, what was sent, what died; replay or drop it",
		Example: `  veille deliveries list --state dead
  veille deliveries show 42
  veille deliveries retry --receiver desk
  veille deliveries drop --event evt_7k2p…`,
	}
	cmd.AddCommand(
		a.listDeliveriesCommand(),
		a.showDeliveryCommand(),
		a.touchDeliveriesCommand("retry", "Put dead letters back in the queue and resume their receivers, or replay what was muted",
			func(ctx context.Context, on records, f veille.DeliveryFilter) (int, error) { return on.Retry(ctx, f) }),
		a.touchDeliveriesCommand("drop", "Forget dead or pending deliveries for good",
			func(ctx context.Context, on records, f veille.DeliveryFilter) (int, error) { return on.Drop(ctx, f) }),
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
	receivers := sync.OnceValue(func() []veille.Receiver { return a.configured().Receivers })
	return listing(a, cmd, []string{"SEQ", "CREATED", "RECEIVER", "STATE", "TRIES", "NEXT TRY", "TYPE", "EVENT", "WHY"},
		func(cmd *cobra.Command, from records) ([]veille.Delivery, error) {
			f, err := filter()
			if err != nil {
				return nil, err
			}
			rows, err := from.Deliveries(cmd.Context(), withLimit(f, *limit))
			if err == nil && len(rows) == 0 {
				err = a.checkDeliveryFilter(cmd.Context(), from, f)
			}
			return rows, err
		},
		func(d veille.Delivery) []string {
			next := "-"
			if d.State == veille.DeliveryPending {
				next = when(d.Due)
			}
			return []string{strconv.FormatUint(d.Seq, 10), when(d.Created), d.Receiver, string(d.State), strconv.Itoa(d.Attempts), next,
				string(d.Type), d.EventID, cut(cmp.Or(d.LastError+d.Reason, heldBy(receivers(), d, time.Now())), 80)}
		})
}

func withLimit(f veille.DeliveryFilter, limit int) veille.DeliveryFilter {
	f.Limit = limit
	return f
}

func (a *app) showDeliveryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show SEQ", Short: "Show one delivery with each of its attempts",
		Long: `Shows when each attempt was made, its result, the status and the redacted answer of
the receiver, and when the next one follows. The first attempt and the latest ones are kept.
veille deliveries list shows the SEQ.`,
		Example: "  veille deliveries show 42\n  veille deliveries show 42 --json",
		Args:    arguments(1, 1),
	}
	asJSON := cmd.Flags().Bool("json", false, "one JSON object")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		seq, err := strconv.ParseUint(args[0], 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not the SEQ of a delivery: veille deliveries list shows them: %w", args[0], errUsage)
		}
		from, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer from.Close()
		l, err := web.ReadDelivery(cmd.Context(), from, seq)
		if errors.Is(err, veille.ErrNotFound) {
			return fmt.Errorf("no delivery %d: veille deliveries list shows them: %w", seq, errUsage)
		}
		if err != nil {
			return err
		}
		if *asJSON {
			return newLines(a.stdout).write(l)
		}
		return a.showDelivery(l)
	}
	return cmd
}

func (a *app) showDelivery(l web.DeliveryLog) error {
	d := l.Delivery
	title := l.Event.Message
	if l.Event.Article != nil {
		title = l.Event.Article.Title
	}
	rows := [][]string{
		{"delivery", fmt.Sprintf("%d to %s, %s", d.Seq, d.Receiver, d.State)},
		{"event", fmt.Sprintf("%s %s", d.EventID, l.Event.Type)}, {"about", cut(title, 100)},
		{"watches", strings.Join(d.Watches, ", ")}, {"committed", when(d.Created)},
	}
	if len(l.Event.Events) > 0 {
		rows = append(rows, []string{"digest of", strconv.Itoa(len(l.Event.Events)) + " alerts: veille deliveries list --batch " + d.EventID})
	}
	if d.Batch != "" {
		rows = append(rows, []string{"told by", "the digest " + d.Batch})
	}
	if d.Reason != "" {
		rows = append(rows, []string{"suppressed", d.Reason})
	}
	for _, r := range rows {
		if _, err := fmt.Fprintf(a.stdout, "%-11s%s\n", r[0], plain(r[1])); err != nil {
			return err
		}
	}
	if len(l.Attempts) == 0 {
		_, err := fmt.Fprintln(a.stdout, "no attempt was made")
		return err
	}
	cells := make([][]string, len(l.Attempts))
	for i, t := range l.Attempts {
		status := "-"
		if t.Status != 0 {
			status = strconv.Itoa(t.Status)
		}
		cells[i] = []string{when(t.At), t.Result, status, t.Took.Round(time.Millisecond).String(), when(t.Next), t.Answer}
	}
	return table(a.stdout, []string{"TRIED", "RESULT", "STATUS", "TOOK", "NEXT TRY", "ANSWER"}, cells)
}

func (a *app) touchDeliveriesCommand(use, short string, act func(context.Context, records, veille.DeliveryFilter) (int, error)) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs,
		Example: "  veille deliveries " + use + " --receiver desk\n  veille deliveries " + use + " --state dead"}
	filter := deliveryFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f, err := filter()
		if err != nil {
			return err
		}
		if use == "retry" && f.State != "" && f.State != veille.DeliveryDead && f.State != veille.DeliverySuppressed {
			return fmt.Errorf("only dead letters and suppressed deliveries can be retried, --state %s cannot: %w", f.State, errUsage)
		}
		if f == (veille.DeliveryFilter{}) {
			return fmt.Errorf("say which: --receiver, --state, --watch or --event: %w", errUsage)
		}
		on, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer on.Close()
		n, err := act(cmd.Context(), on, f)
		if err == nil && n == 0 {
			err = a.checkDeliveryFilter(cmd.Context(), on, f)
		}
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
	state := cmd.Flags().String("state", "", "only "+stateList)
	event := cmd.Flags().String("event", "", "only of this event `ID`")
	watch := cmd.Flags().String("watch", "", "only of this watch")
	batch := cmd.Flags().String("batch", "", "only what the digest with this `ID` tells")
	return func() (veille.DeliveryFilter, error) {
		f := veille.DeliveryFilter{Receiver: *receiver, State: veille.DeliveryState(*state), EventID: *event, Watch: *watch, Batch: *batch}
		switch f.State {
		case "", veille.DeliveryPending, veille.DeliverySent, veille.DeliveryDead, veille.DeliverySuppressed, veille.DeliveryGrouped, veille.DeliverySplit:
			return f, nil
		}
		return f, fmt.Errorf("--state %q is not %s: %w", *state, stateList, errUsage)
	}
}

const stateList = "pending, sent, dead, suppressed, grouped or split"
