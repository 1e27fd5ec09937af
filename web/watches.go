package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"veille"
)

// watchesView is the watch-lists in force, each with its last four weeks.
type watchesView struct {
	*frame
	Rows []watchRow
}

type watchRow struct {
	veille.Watch
	Chart bars
	Last  time.Time
	Feed  string
	// ListText is the list form on one line.
	ListText string
	Mute     muteView
}

func (s *Server) hasWatch(name string) bool {
	return slices.ContainsFunc(s.Desk.Setup().Watches, func(x veille.Watch) bool { return x.Name == name })
}

func (s *Server) watches(w http.ResponseWriter, r *http.Request) {
	view := watchesView{frame: s.frame(r, "watches", "watches.title")}
	mutes, err := s.mutesInForce(r.Context(), view.at)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	for _, x := range s.Desk.Setup().Watches {
		daily, last := s.Tally.Watch(x.Name, view.at, view.zone)
		view.Rows = append(view.Rows, watchRow{x, view.bars(daily, "chart.alerts"), last, feedPath(x.Name), listText(x.List),
			muteAmong(view.frame, mutes, veille.Mute{Watch: x.Name})})
	}
	s.render(w, http.StatusOK, "watches", view)
}

// listText writes the list form of a watch on one line.
func listText(c veille.Clause) string {
	if c.Item != "" {
		return c.Item
	}
	var parts []string
	add := func(key string, members []veille.Clause) {
		texts := make([]string, len(members))
		for i, m := range members {
			if texts[i] = listText(m); m.Item == "" {
				texts[i] = "(" + texts[i] + ")"
			}
		}
		if len(texts) > 0 {
			parts = append(parts, key+": "+strings.Join(texts, ", "))
		}
	}
	add("all", c.All)
	add("any", c.Any)
	add("none", c.None)
	if c.AtLeast != nil {
		add("at least "+strconv.Itoa(c.AtLeast.N)+" of", c.AtLeast.Of)
	}
	if c.Near > 0 {
		parts = append(parts, "near: "+strconv.Itoa(c.Near))
	}
	if len(c.In) > 0 {
		parts = append(parts, "in: "+strings.Join(c.In, ", "))
	}
	if len(c.Languages) > 0 {
		parts = append(parts, "languages: "+strings.Join(c.Languages, ", "))
	}
	return strings.Join(parts, "; ")
}

// bars draws the days up to today.
func (f *frame) bars(daily []int, key string) bars {
	total, most, mostAt := 0, 0, 0
	for i, n := range daily {
		total += n
		if n > most {
			most, mostAt = n, i
		}
	}
	dayOf := func(i int) string { return f.Day(f.at.AddDate(0, 0, i-len(daily)+1)) }
	label := f.N(key, total) + ", " + f.T("chart.days", len(daily))
	if most > 0 {
		label += "; " + f.T("chart.most", dayOf(mostAt), f.Number(most))
	}
	return newBars(daily, label, func(i, n int) string { return dayOf(i) + ": " + f.Number(n) })
}

const (
	// testedArticles is how many of the newest articles a test reads.
	testedArticles = 500
	// testedTime bounds a test on a slow machine.
	testedTime = 3 * time.Second
	testedHits = 20
)

// testView is a query tried over the newest articles.
type testView struct {
	*frame
	Name, Query, Notify string
	Languages           string
	Receivers           []string
	Asked               bool
	Problems            []problemView
	Read                int
	Hits                int
	PerDay              int
	Chart               bars
	Found               []foundView
	YAML                string
}

type problemView struct {
	veille.Problem
	// Line is the line of the query with the mistake, Caret the blanks before
	// its place.
	Line, Caret string
}

type foundView struct {
	Article veille.Article
	Excerpt []segment
}

func (s *Server) testWatch(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	view := testView{frame: s.frame(r, "watches", "test.title"),
		Name: strings.TrimSpace(q.Get("name")), Query: strings.TrimSpace(strings.ReplaceAll(q.Get("q"), "\r\n", "\n")),
		Notify: q.Get("notify"), Languages: strings.TrimSpace(q.Get("languages"))}
	for _, x := range s.Desk.Setup().Receivers {
		view.Receivers = append(view.Receivers, x.Name)
	}
	if view.Notify == "" && len(view.Receivers) > 0 {
		view.Notify = view.Receivers[0]
	}
	if view.Asked = view.Query != ""; view.Asked {
		if err := s.try(r.Context(), &view); err != nil {
			s.broken(w, r, err)
			return
		}
	}
	s.render(w, http.StatusOK, "test", view)
}

// try runs the query over the newest stored articles, for a bounded time.
func (s *Server) try(ctx context.Context, view *testView) error {
	draft := veille.Watch{Name: view.Name, Query: view.Query, Languages: fields(view.Languages),
		On: []veille.EventType{veille.ArticlePublished, veille.ArticleEdited}, Notify: []string{view.Notify}}
	if draft.Name == "" {
		draft.Name = view.T("test.unnamed")
	}
	matcher, problems := s.Desk.Draft(draft)
	for _, p := range problems {
		view.Problems = append(view.Problems, pointed(view.Query, p))
	}
	if len(problems) > 0 {
		return nil
	}
	view.YAML = watchYAML(draft)
	var perHour = map[int64]int{}
	deadline := time.Now().Add(testedTime)
	sources := s.Desk.Setup().Sources
	var at cursor
	var oldest time.Time
	for view.Read < testedArticles && time.Now().Before(deadline) {
		rows, next, err := paged(ctx, at, 50, func(ctx context.Context, p veille.Page) ([]veille.Article, error) {
			return s.Reader.Articles(ctx, veille.ArticleFilter{Page: p})
		}, func(a veille.Article) time.Time { return a.FirstSeen })
		if err != nil {
			return err
		}
		for _, a := range rows {
			view.Read++
			oldest = a.FirstSeen
			matches, language := matcher.Match(a.Snapshot.ShownBy(a.ShownBy(sources)))
			if len(matches) == 0 || !draft.Reads(language) {
				continue
			}
			view.Hits++
			perHour[hourOf(a.FirstSeen)]++
			if len(view.Found) < testedHits {
				view.Found = append(view.Found, foundView{a, marked(matches[0])})
			}
		}
		if next == "" {
			break
		}
		if at, err = parseCursor(next); err != nil {
			return err
		}
	}
	if span := view.at.Sub(oldest); !oldest.IsZero() && span > 0 {
		view.PerDay = int(float64(view.Hits) / max(span.Hours()/24, 1))
	}
	view.Chart = view.bars(days(perHour, TallyDays, view.at, view.zone), "chart.hits")
	return nil
}

// pointed finds the line of a mistake.
func pointed(query string, p veille.Problem) problemView {
	x := problemView{Problem: p}
	if p.Path != "query" || p.Offset > len(query) || p.Offset == 0 {
		return x
	}
	from := strings.LastIndexByte(query[:p.Offset], '\n') + 1
	x.Line, _, _ = strings.Cut(query[from:], "\n")
	x.Caret = strings.Repeat(" ", len([]rune(query[from:p.Offset])))
	return x
}

// watchYAML is what to paste under watches.
func watchYAML(w veille.Watch) string {
	var b strings.Builder
	b.WriteString("  - name: " + quoted(w.Name) + "\n")
	if strings.Contains(w.Query, "\n") {
		b.WriteString("    query: |\n      " + strings.ReplaceAll(w.Query, "\n", "\n      ") + "\n")
	} else {
		b.WriteString("    query: " + quoted(w.Query) + "\n")
	}
	if len(w.Languages) > 0 {
		b.WriteString("    languages: [" + strings.Join(w.Languages, ", ") + "]\n")
	}
	for i, n := range w.Notify {
		if n == "" {
			w.Notify[i] = "console"
		} else {
			w.Notify[i] = quoted(n)
		}
	}
	b.WriteString("    notify: [" + strings.Join(w.Notify, ", ") + "]\n")
	return b.String()
}

// quoted is a YAML scalar between single quotes, in which nothing but the
// quote itself means anything.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func fields(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}
