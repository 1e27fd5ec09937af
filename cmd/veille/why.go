package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/why"
)

func (a *app) whyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "why URL|ID",
		Short: "Tell the life of one article, and why it alerted or did not",
		Long: `Names each stage that an article passed, and the one at which it stopped: listed by
which source and when, left out by a links filter, recorded as backlog, waiting for
its first reading, refused by robots.txt, read as something else, a copy of another
article, matched or not by each watch and at which clause it failed, edited,
withdrawn, told to whom, muted or waiting. The watches are those of the configuration
file as it is now. Of an address that Veille never saw it says whether a source of
its host exists; --online looks at the pages of those sources now, and says what is
made of the link; where the daemon runs, it takes that look between its polls. An ID begins
with art_.`,
		Example: "  veille why https://fr.yna.co.kr/view/AFR20230914000700884\n  veille why art_9fk2… --watch \"Corée du Nord et Russie\"",
		Args:    arguments(1, 1),
	}
	name := cmd.Flags().String("watch", "", "only this watch")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object")
	online := cmd.Flags().Bool("online", false, "for an address that was never seen: read its sources' pages now")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		conf, _, set, err := a.compiled(*name)
		if err != nil {
			return err
		}
		from, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer from.Close()
		facts, err := from.Facts(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		var seen []why.Sighting
		if *online && facts.Unseen() {
			if own, ok := from.(*operator); ok {
				r, closeReader := a.newReader(conf, learned{own})
				defer closeReader()
				own.looker = looker{r.crawler, r.learned, func() []veille.Source { return conf.Sources }}
			}
			if seen, err = from.Look(cmd.Context(), facts.URL); err != nil {
				return err
			}
		}
		e := why.Explain(facts, why.Rules{Sources: conf.Sources, Watches: conf.Watches, Matcher: set, Only: *name}, seen, "en")
		if *asJSON {
			return newLines(a.stdout).write(e)
		}
		return showLife(a.stdout, e)
	}
	return cmd
}

// factsPath is where the daemon's socket answers with what is stored of an
// address.
const factsPath = "/why"

// Facts collects what is stored of an article or an address.
func (o *operator) Facts(ctx context.Context, of string) (why.Facts, error) {
	f, err := why.Gather(ctx, o.Store, of)
	if errors.Is(err, why.ErrNoAddress) {
		err = fmt.Errorf("%w: %w", err, errUsage)
	}
	return f, err
}

func (c *controlClient) Facts(ctx context.Context, of string) (f why.Facts, err error) {
	err = c.get(ctx, factsPath, url.Values{"of": {of}}, &f)
	return f, err
}

func (o *operator) serveFacts(w http.ResponseWriter, r *http.Request) {
	f, err := o.Facts(r.Context(), r.URL.Query().Get("of"))
	answer(w, f, err)
}

// marks of what watches make of an article.
func verdictMark(r why.Result) string {
	switch r {
	case why.VerdictTold:
		return "✓"
	case why.VerdictMiss:
		return "✗"
	}
	return "·"
}

// showLife prints the life of an article for a person.
func showLife(w io.Writer, e why.Explanation) error {
	var b strings.Builder
	if e.Title != "" {
		fmt.Fprintf(&b, "%s\n", plain(e.Title))
	}
	fmt.Fprintf(&b, "%s\n%s: %s\n\n", plain(e.URL), e.Stage, plain(e.Because))
	for _, s := range e.Steps {
		at := "-"
		if !s.At.IsZero() {
			at = when(s.At)
		}
		fmt.Fprintf(&b, "  %-19s  %-9s  %s\n", at, s.Name, plain(s.Text))
	}
	for i, v := range e.Watches {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s %s: %s\n", verdictMark(v.Result), plain(v.Watch), plain(v.Why))
		if v.Match != nil {
			fmt.Fprintf(&b, "    %s\n", plain(v.Match.Excerpt))
		}
	}
	for i, d := range e.Deliveries {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "→ %s: %s, %s", plain(d.Receiver), d.State, counted(d.Attempts, "attempt"))
		switch {
		case d.State == veille.DeliveryPending:
			fmt.Fprintf(&b, ", due %s", when(d.Due))
		case !d.LastTry.IsZero():
			fmt.Fprintf(&b, ", last at %s", when(d.LastTry))
		}
		for _, more := range []string{d.Reason, d.LastError} {
			if more != "" {
				fmt.Fprintf(&b, ": %s", plain(more))
			}
		}
		if d.Batch != "" {
			fmt.Fprintf(&b, " (in digest %s)", d.Batch)
		}
		fmt.Fprintf(&b, " (veille deliveries show %d)\n", d.Seq)
		for _, t := range d.Tries {
			fmt.Fprintf(&b, "    %s  %s, in %s  %s\n", when(t.At), t.Result, t.Took.Round(time.Millisecond), plain(t.Answer))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
