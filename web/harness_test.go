package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/web"
	"veille/web/access"
)

// archive is a stored record in memory, newest first, and notes what it was
// asked to do.
type archive struct {
	sources    []veille.SourceState
	events     []veille.Event
	articles   []veille.Article
	revisions  map[string][]veille.Revision
	deliveries []veille.Delivery
	receivers  []veille.ReceiverState
	mutes      []veille.Mute
	answer     string // what receivers said
	fail       error
	hurried    bool // searches end before their end

	retried, dropped, polled []string
	searched                 []veille.SearchFilter
}

func window[T any](rows []T, p veille.Page, since time.Time, at func(T) time.Time, keep func(T) bool) []T {
	var out []T
	for _, r := range rows {
		if !p.Before.IsZero() && !at(r).Before(p.Before) || at(r).Before(since) || !keep(r) {
			continue
		}
		if out = append(out, r); p.Limit > 0 && len(out) == p.Limit {
			break
		}
	}
	return out
}

func (a *archive) Sources(context.Context) ([]veille.SourceState, error) { return a.sources, a.fail }

func (a *archive) Events(_ context.Context, f veille.EventFilter) ([]veille.Event, error) {
	return window(a.events, f.Page, f.Since, func(e veille.Event) time.Time { return e.Time }, func(e veille.Event) bool {
		return (f.Watch == "" || slices.Contains(e.Watches, f.Watch)) && (f.Type == "" || e.Type == f.Type)
	}), a.fail
}

func (a *archive) Articles(_ context.Context, f veille.ArticleFilter) ([]veille.Article, error) {
	return window(a.articles, f.Page, f.Since, func(x veille.Article) time.Time { return x.FirstSeen }, func(x veille.Article) bool {
		return f.Source == "" || x.Source == f.Source
	}), a.fail
}

func (a *archive) Deliveries(_ context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error) {
	return window(a.deliveries, f.Page, time.Time{}, func(d veille.Delivery) time.Time { return d.Created }, func(d veille.Delivery) bool {
		return (f.State == "" || d.State == f.State) && (f.EventID == "" || d.EventID == f.EventID) && (f.Receiver == "" || d.Receiver == f.Receiver)
	}), a.fail
}

func (a *archive) Event(_ context.Context, id string) (veille.Event, error) {
	return find(a.events, func(e veille.Event) bool { return e.ID == id })
}

func (a *archive) Article(_ context.Context, id string) (veille.Article, error) {
	return find(a.articles, func(x veille.Article) bool { return x.ID == id })
}

func (a *archive) Revisions(_ context.Context, id string) ([]veille.Revision, error) {
	return a.revisions[id], nil
}

func (a *archive) Story(_ context.Context, id string) ([]veille.Member, error) {
	var members []veille.Member
	for _, x := range slices.Backward(a.articles) {
		if x.Story.ID == id && id != "" {
			members = append(members, veille.Member{Article: x.ID, URL: x.URL, Title: x.Snapshot.Title, Source: x.Source, FirstSeen: x.FirstSeen, Alerted: x.Alerted})
		}
	}
	if len(members) == 0 {
		return nil, fmt.Errorf("story %s: %w", id, veille.ErrNotFound)
	}
	return members, nil
}

func (a *archive) Stories(ctx context.Context, f veille.StoryFilter) ([]veille.StorySummary, error) {
	var out []veille.StorySummary
	for _, x := range a.articles {
		if members, err := a.Story(ctx, x.Story.ID); err == nil && len(members) > 1 && members[len(members)-1].Article == x.ID {
			out = append(out, veille.StorySummary{ID: x.Story.ID, Outlets: veille.Outlets(members), Members: members})
		}
	}
	return out, a.fail
}

func (a *archive) Site(context.Context, string) (veille.Site, error) {
	return veille.Site{}, veille.ErrNotFound
}

func (a *archive) Delivery(_ context.Context, seq uint64) (veille.Delivery, error) {
	return veille.Delivery{Seq: seq, Receiver: "desk", State: veille.DeliveryPending}, nil
}

func (a *archive) Mutes(context.Context) ([]veille.Mute, error) { return a.mutes, nil }

func (a *archive) Mute(_ context.Context, m veille.Mute) error {
	a.mutes = append(a.mutes, m)
	return nil
}

func (a *archive) Lift(_ context.Context, m veille.Mute) error {
	before := len(a.mutes)
	a.mutes = slices.DeleteFunc(a.mutes, func(o veille.Mute) bool { return o.Subject() == m.Subject() })
	if len(a.mutes) == before && m.Watch != "any" {
		return veille.ErrNotFound
	}
	return nil
}

func (a *archive) Attempts(context.Context, uint64) ([]veille.Attempt, error) {
	return []veille.Attempt{{At: time.Unix(1, 0), Result: "retry", Status: 503, Answer: a.answer}}, nil
}

func (a *archive) Receivers(context.Context) ([]veille.ReceiverState, error) { return a.receivers, nil }

func find[T any](rows []T, is func(T) bool) (T, error) {
	if i := slices.IndexFunc(rows, is); i >= 0 {
		return rows[i], nil
	}
	var none T
	return none, fmt.Errorf("row: %w", veille.ErrNotFound)
}

func (a *archive) Retry(_ context.Context, f veille.DeliveryFilter) (int, error) {
	a.retried = append(a.retried, strings.TrimSpace(f.Receiver+" "+f.EventID+" "+string(f.State)))
	return 1, a.fail
}

func (a *archive) Drop(_ context.Context, f veille.DeliveryFilter) (int, error) {
	a.dropped = append(a.dropped, f.Receiver+" "+f.EventID)
	return 2, a.fail
}

func (a *archive) Backup(_ context.Context, w io.Writer) (int64, error) {
	n, _ := io.WriteString(w, "half")
	return int64(n), a.fail
}

// wordMatcher stands for compiled watches: a word each.
type wordMatcher map[string]string

func (m wordMatcher) Match(s veille.Snapshot, _ []string) ([]veille.Match, string) {
	var out []veille.Match
	for watch, word := range m {
		if i := strings.Index(s.Body, word); i >= 0 {
			start := len([]rune(s.Body[:i]))
			out = append(out, veille.Match{Watch: watch, Excerpt: strings.Replace(s.Body, word, "«"+word+"»", 1),
				Terms: []veille.Term{{Term: word, Field: "body", Text: word, Start: start, End: start + len([]rune(word))}}})
		}
	}
	return out, s.Language
}

func (d *desk) Look(ctx context.Context, of, watch, language string) (web.Life, error) {
	d.looked = append(d.looked, of)
	l, err := d.Life(ctx, of, watch, language)
	l.MayLook, l.Because = false, "looked at now, in "+language
	return l, err
}

// Life tells what the watches make of an article; a text that it quotes is the
// article's.
func (d *desk) Life(ctx context.Context, of, watch, language string) (web.Life, error) {
	a, err := d.on.Article(ctx, of)
	if err != nil && strings.HasPrefix(of, "art_") {
		return web.Life{}, err
	}
	if err != nil {
		return web.Life{URL: of, Stage: "not_listed", Because: "never seen, in " + language, Steps: []web.LifeStep{}, MayLook: true}, nil
	}
	l := web.Life{URL: a.URL, Article: a.ID, Title: a.Snapshot.Title, Stage: "no_match", Because: a.Snapshot.Title,
		Steps: []web.LifeStep{{At: a.FirstSeen, Name: "seen", Text: a.Snapshot.Title}, {Name: "read", Text: language}}}
	matches, _ := d.rules.Match(a.Snapshot, nil)
	for name, word := range d.rules {
		v := web.LifeVerdict{Watch: name, Result: "no_match", Why: a.Snapshot.Title}
		if i := slices.IndexFunc(matches, func(m veille.Match) bool { return m.Watch == name }); i >= 0 {
			v.Result, v.Match = "looks_forward", &matches[i]
		} else {
			v.Miss = &veille.Miss{Watch: name, Failed: word, Why: "not in title or body", Found: []string{"Avant"}}
		}
		if watch == "" || watch == name {
			l.Watches = append(l.Watches, v)
		}
	}
	for _, x := range d.on.deliveries {
		l.Deliveries = append(l.Deliveries, web.LifeAlert{Delivery: x, Tries: []veille.Attempt{{Result: "retry", Answer: d.on.answer}}})
	}
	return l, d.on.fail
}

type desk struct {
	setup  web.Setup
	rules  wordMatcher
	on     *archive
	looked []string
}

func (d *desk) Setup() web.Setup { return d.setup }
func (d *desk) Draft(w veille.Watch) (web.Matcher, []veille.Problem) {
	if strings.Contains(w.Query, "(") {
		return nil, []veille.Problem{{Path: "query", Offset: strings.Index(w.Query, "("), What: "a parenthesis is not closed", Help: "add )"}}
	}
	return wordMatcher{w.Name: w.Query}, nil
}
func (d *desk) PollNow(source string) { d.on.polled = append(d.on.polled, source) }

// Search finds the articles whose body holds the query. One in parentheses has
// a mistake.
func (a *archive) Search(_ context.Context, f veille.SearchFilter) (veille.SearchResult, error) {
	if strings.Contains(f.Query, "(") {
		return veille.SearchResult{}, fmt.Errorf("watch: %w", veille.Problem{Path: "query", What: "a parenthesis is not closed", Help: "add )"})
	}
	a.searched = append(a.searched, f)
	r := veille.SearchResult{Looked: len(a.articles), Stored: len(a.articles), Complete: !a.hurried}
	for _, x := range window(a.articles, f.Page, f.Since, func(x veille.Article) time.Time { return x.FirstSeen }, func(x veille.Article) bool {
		return (f.Source == "" || x.Source == f.Source) && strings.Contains(x.Snapshot.Body, f.Query)
	}) {
		lang := x.Snapshot.Language
		r.Hits = append(r.Hits, veille.SearchHit{
			Article: veille.EventArticle{ID: x.ID, URL: x.URL, Title: x.Snapshot.Title, Source: x.Source, FirstSeen: x.FirstSeen, Language: &lang},
			Watches: x.Alerted, Terms: []veille.Term{{Term: f.Query, Field: "body", Text: f.Query}}, Excerpt: "…«" + f.Query + "»…",
		})
	}
	if f.Facets {
		r.Facets = &veille.Facets{Matches: len(r.Hits), Sources: []veille.Facet{{Name: "yonhap nk#1", Count: len(r.Hits)}}, Days: []veille.Facet{{Name: "2026-11-23", Count: 1}}}
	}
	return r, a.fail
}

// site is a whole server over an archive.
type site struct {
	*httptest.Server
	handler http.Handler
	archive *archive
	desk    *desk
	status  *condition
	live    *web.Live
	tally   *web.Tally
	log     strings.Builder
}

func newSite(t *testing.T, p access.Policy) *site {
	t.Helper()
	s := newHandler(t, p)
	s.Server = httptest.NewServer(s.handler)
	t.Cleanup(s.Close)
	return s
}

// newHandler is a site that listens nowhere.
func newHandler(t *testing.T, p access.Policy) *site {
	t.Helper()
	a := &archive{revisions: map[string][]veille.Revision{}}
	s := &site{archive: a, status: &condition{}, live: web.NewLive(a), tally: web.NewTally(a)}
	s.desk = &desk{on: a, rules: wordMatcher{"Corée du Nord & Russie": "Russie"}, setup: web.Setup{
		Loaded: time.Now(), Files: []string{"/etc/veille/veille.yaml"}, TimeZone: "Europe/Paris",
		Sources:   []veille.Source{{Name: "yonhap nk#1", URL: "https://fr.yna.co.kr/nk/index", Schedule: "@every 2m"}},
		Watches:   []veille.Watch{{Name: "Corée du Nord & Russie", Query: `"Corée du Nord" AND Russie`, Notify: []string{"desk"}}},
		Receivers: []veille.Receiver{{Name: "desk", Kind: "slack"}},
		Concepts:  map[string][]string{"dprk": {"RPDC"}},
	}}
	p.Log = slog.New(slog.NewTextHandler(&s.log, nil))
	server, err := web.NewServer(web.Options{Reader: a, Chronicle: s.desk, Operator: a, Searcher: a, Status: s.status, Desk: s.desk, Live: s.live, Tally: s.tally,
		Guard: access.New(p), Version: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.handler = server.Handler()
	return s
}

// count runs the tally over what is stored now.
func (s *site) count(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = s.tally.Run(ctx)
}

// client keeps cookies and does not follow redirects.
type client struct {
	t       *testing.T
	base    string
	cookies map[string]string
	header  http.Header
}

func (s *site) client(t *testing.T) *client {
	return &client{t: t, base: s.URL, cookies: map[string]string{}, header: http.Header{}}
}

type reply struct {
	*http.Response
	body string
}

func (c *client) do(method, path string, form url.Values) reply {
	c.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	for k, v := range c.header {
		r.Header[k] = v
	}
	if host := c.header.Get("Host"); host != "" {
		r.Host = host
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range c.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, k := range answer.Cookies() {
		if c.cookies[k.Name] = k.Value; k.MaxAge < 0 {
			delete(c.cookies, k.Name)
		}
	}
	return reply{answer, string(text)}
}

func (c *client) get(path string) reply { return c.do(http.MethodGet, path, nil) }

var formToken = regexp.MustCompile(`name="form_token" value="([^"]+)"`)

// token takes the form token off a page.
func (c *client) token(path string) string {
	c.t.Helper()
	m := formToken.FindStringSubmatch(c.get(path).body)
	if m == nil {
		c.t.Fatalf("no form on %s", path)
	}
	return m[1]
}

// post sends a form with the token of a page.
func (c *client) post(page, path string, form url.Values) reply {
	c.t.Helper()
	form.Set("form_token", c.token(page))
	return c.do(http.MethodPost, path, form)
}

var errDisk = errors.New("disk")

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

func request(method, path string, form url.Values) *http.Request {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}
