package monitor

import (
	"cmp"
	"time"

	"veille"
)

const (
	// baselineVisits is how many outlinks a first poll visits at most.
	baselineVisits = 300
	// A source that listed at least redesignLinks outlinks, lists as many now,
	// and of them a tenth at most is known, was redesigned: its links are new,
	// its articles are not.
	redesignLinks = 10
	// latestStagger keeps the last visit of a long listing within reach of
	// the loader.
	latestStagger = 80 * time.Second
)

// pollInput is what a listing is judged by.
type pollInput struct {
	source  veille.Source
	state   veille.SourceState
	since   time.Time
	listing veille.Listing
	// known says for each outlink whether the store has met it.
	known []bool
	met   meetings
	// shown is how many outlinks the first page of the listing holds, where
	// further ones were read; 0 if not.
	shown    int
	lessons  []veille.Observation
	lookback time.Duration
	now      time.Time
}

// fresh are the outlinks that the store has not met.
func (in pollInput) fresh() []veille.Outlink {
	var out []veille.Outlink
	for i, l := range in.listing.Outlinks {
		if !in.known[i] {
			out = append(out, l)
		}
	}
	return out
}

// behind are the outlinks that only further pages show.
func (in pollInput) behind() map[string]bool {
	behind := map[string]bool{}
	if in.shown > 0 {
		for _, l := range in.listing.Outlinks[in.shown:] {
			behind[l.URL] = true
		}
	}
	return behind
}

// backlog says how the outlinks that a listing shows for the first time are
// judged: see planPoll.
func (in pollInput) backlog(fresh int) (silent bool, since time.Time) {
	switch {
	case !in.state.Baseline:
		return true, in.now.Add(-in.lookback)
	case redesigned(in, fresh):
		return false, in.since.Add(-in.lookback)
	}
	return false, time.Time{}
}

// planPoll decides what becomes of a listing's outlinks; pure.
//
// The first listing of a source is its baseline: what it dates before the
// lookback is recorded as seen, the rest is visited to learn its date, and
// alerts only if that is known to be within the lookback (a silent visit with
// a since). Afterwards every unknown outlink is visited and alerts, whatever
// its date; only a redesign, which shows old articles under new links, holds
// back those known to be older than what the source showed before (a since
// alone). Pages behind the first reach back as far as the site does: what they
// show alerts like a first listing, counted from what the source showed before.
func planPoll(in pollInput) veille.PollCommit {
	commit := veille.PollCommit{State: in.state, Validators: in.listing.Validators, Learned: append(in.lessons, in.listing.Learned...)}
	state := &commit.State
	fresh := in.fresh()
	silent, since := in.backlog(len(fresh))
	visit := func(l veille.Outlink, silent bool, since time.Time) {
		commit.Visits = append(commit.Visits, veille.Visit{
			URL: l.URL, Source: in.source.Name, Title: l.Title, Published: l.Published,
			Seen: in.now, Silent: silent, Since: since,
			Due: in.now.Add(min(time.Duration(len(commit.Visits))*visitStagger, latestStagger)),
		})
	}
	switch {
	case !in.state.Baseline:
		var undated []veille.Outlink
		for _, l := range fresh {
			switch {
			case !plausible(l.Published, in.now):
				undated = append(undated, l)
			case l.Published.Before(since) || len(commit.Visits) >= baselineVisits:
				commit.Seen = append(commit.Seen, l.URL)
			default:
				visit(l, silent, since)
			}
		}
		for _, l := range undated {
			if len(commit.Visits) >= baselineVisits {
				commit.Seen = append(commit.Seen, l.URL)
				continue
			}
			visit(l, silent, since)
		}
		// A section without links was not read; its first links are still to
		// come. An empty feed is a fact.
		section := in.listing.Kind != veille.KindFeed && in.listing.Kind != veille.KindSitemap
		state.Baseline = !section || len(in.listing.Outlinks) > 0
		// What a failed part would have listed is backlog as well: the next
		// poll is a first one too, once.
		if in.listing.Partial && in.since.IsZero() {
			state.Baseline = false
		}
	default:
		behind := in.behind()
		for _, l := range fresh {
			if behind[l.URL] {
				visit(l, true, in.since.Add(-in.lookback))
			} else {
				visit(l, silent, since)
			}
		}
	}
	for _, l := range in.met.waiting {
		commit.Joins = append(commit.Joins, veille.Visit{
			URL: l.URL, Source: in.source.Name, Title: l.Title, Published: l.Published,
			Seen: in.now, Due: in.now, Silent: silent, Since: since,
		})
	}
	state.Attends = in.met.asked
	if len(in.listing.Outlinks) > 0 {
		state.Outlinks = cmp.Or(in.shown, len(in.listing.Outlinks))
	}
	if len(fresh) > 0 {
		state.LastNew = in.now
	}
	return commit
}

func redesigned(in pollInput, fresh int) bool {
	all := len(in.listing.Outlinks)
	if in.state.Attends {
		fresh += len(in.met.articles)
	}
	return all >= redesignLinks &&
		in.state.Outlinks >= redesignLinks && fresh*10 >= all*9
}

// plausible reports whether a date can be believed: pages write 1970 and 2099.
func plausible(t, now time.Time) bool {
	return t.Year() >= 1990 && t.Before(now.Add(24*time.Hour))
}

// publishedOf returns the date of an article: the page's own, else what the
// listing said; zero if neither can be believed.
func publishedOf(s veille.Snapshot, listed, now time.Time) time.Time {
	switch {
	case plausible(s.Published, now):
		return s.Published
	case plausible(listed, now):
		return listed
	}
	return time.Time{}
}

// silence says why what a source listed must not alert; empty if it may.
func silence(v veille.Listed, published time.Time) string {
	switch {
	case v.Since.IsZero() && v.Silent:
		return "listed before the source was watched"
	case v.Since.IsZero():
		return ""
	case published.IsZero() && v.Silent:
		return "on the first poll, without a date of publication"
	case !published.IsZero() && published.Before(v.Since):
		return "published before the lookback"
	}
	return ""
}
