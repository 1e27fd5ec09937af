package monitor

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"veille"
	"veille/crawler"
)

// paper is a newspaper on loopback with six articles, whose handler may be
// replaced for one of them or for all.
type paper struct {
	server *httptest.Server
	// instead answers where it returns true.
	instead atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]
}

const target = "/world/2026/article-3"

func articleText(n int) string {
	var b strings.Builder
	for i := range 8 {
		fmt.Fprintf(&b, "<p>La Corée du Nord et la Russie ont signé l'accord numéro %d, a dit le ministre devant la presse, phrase %d de la dépêche.</p>\n", n, i)
	}
	return b.String()
}

func htmlPage(title, head, body string) string {
	return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>` + title + `</title>` + head + `</head><body><nav><a href="/">Accueil</a><a href="/world">Monde</a></nav><article><h1>` +
		title + `</h1>` + body + `</article><footer>© Courrier</footer></body></html>`
}

func articlePage(n int) string {
	head := `<meta property="og:type" content="article"><meta property="article:published_time" content="` + time.Now().Format(time.RFC3339) + `">`
	return htmlPage(fmt.Sprintf("Un accord numéro %d entre Moscou et Pyongyang", n), head, articleText(n))
}

func newPaper(t *testing.T) *paper {
	p := &paper{}
	pages := map[string]string{}
	list := ""
	for n := range 6 {
		path := fmt.Sprintf("/world/2026/article-%d", n)
		pages[path] = articlePage(n)
		list += fmt.Sprintf(`<li><h3><a href="%s">Un accord numéro %d entre Moscou et Pyongyang</a></h3></li>`, path, n)
	}
	front := `<!doctype html><html lang="fr"><head><title>Monde</title></head><body><nav><a href="/">Accueil</a></nav><main><h1>Monde</h1><ul>` + list + `</ul></main></body></html>`
	pages["/world"], pages["/"], pages["/sport"] = front, front, front
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := p.instead.Load(); f != nil && (*f)(w, r) {
			return
		}
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(p.server.Close)
	return p
}

// TestWithdraw_OverRealServers takes an article away, or seems to, in every way
// that servers know. A withdrawal must be certain in the end; what is none must
// be named, and left as it is however often it is looked at.
func TestWithdraw_OverRealServers(t *testing.T) {
	answer := func(status int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	redirect := func(to string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.Header().Set("Location", to); w.WriteHeader(http.StatusFound) }
	}
	notice := func(text string) func(http.ResponseWriter) {
		return answer(200, htmlPage("Un accord numéro 3 entre Moscou et Pyongyang", `<meta property="og:type" content="article">`, "<p>"+text+"</p>"))
	}
	one := func(f func(http.ResponseWriter)) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == target {
				f(w)
			}
			return r.URL.Path == target
		}
	}
	all := func(f func(http.ResponseWriter)) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.Path, "/world/2026/") {
				f(w)
				return true
			}
			return false
		}
	}
	wall := `<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Verify you are human by completing the action below. example needs to review the security of your connection.</p></body></html>`
	consent := `<!doctype html><html><head><title>We value your privacy</title></head><body><h1>We value your privacy</h1><p>We and our 842 partners store and/or access information on a device. Accept all cookies or manage choices.</p><button>Accept all</button></body></html>`
	paywall := htmlPage("Un accord numéro 3 entre Moscou et Pyongyang", `<meta property="og:type" content="article"><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`,
		`<p>La Corée du Nord et la Russie ont signé l'accord numéro 3.</p><div class="paywall"><p>Cet article est réservé aux abonnés. Abonnez-vous pour lire la suite.</p></div>`)
	noindex := strings.Replace(articlePage(3), "</title>", `</title><meta name="robots" content="noindex, nofollow">`, 1)
	for _, c := range []struct {
		name      string
		change    func(http.ResponseWriter, *http.Request) bool
		withdrawn bool
		how       veille.Condition
	}{
		{"404", one(answer(404, "rien")), true, veille.ConditionNotFound},
		{"410", one(answer(410, "")), true, veille.ConditionGone},
		{"redirect to the front page", one(redirect("/")), true, veille.ConditionHome},
		{"redirect to its section", one(redirect("/world")), true, veille.ConditionSection},
		{"redirect to another section", one(redirect("/sport")), true, veille.ConditionSection},
		{"redirect to another article", one(redirect("/world/2026/article-5")), true, veille.ConditionOther},
		{"200 that says not found", one(answer(200, htmlPage("Page introuvable", "", "<p>Erreur 404 : cette page n'existe plus.</p>"))), true, veille.ConditionSoftNotFound},
		{"removed, en", one(notice("This article has been removed.")), true, veille.ConditionRemoved},
		{"removed, fr", one(notice("Cet article a été supprimé à la demande de la personne citée.")), true, veille.ConditionRemoved},
		{"removed, de", one(notice("Dieser Artikel wurde von der Redaktion zurückgezogen.")), true, veille.ConditionRemoved},
		{"removed, es", one(notice("Este artículo ha sido eliminado por decisión editorial.")), true, veille.ConditionRemoved},
		{"removed, it", one(notice("Questo articolo è stato rimosso dalla redazione.")), true, veille.ConditionRemoved},
		{"removed, pt", one(notice("Este artigo foi removido pela redação.")), true, veille.ConditionRemoved},
		{"removed, nl", one(notice("Dit artikel is verwijderd door de redactie.")), true, veille.ConditionRemoved},
		{"removed, pl", one(notice("Ten artykuł został usunięty przez redakcję.")), true, veille.ConditionRemoved},
		{"removed, ru", one(notice("Эта статья удалена по решению редакции.")), true, veille.ConditionRemoved},
		{"removed, tr", one(notice("Bu haber yayından kaldırılmıştır.")), true, veille.ConditionRemoved},
		{"removed, ar", one(notice("تم حذف هذا المقال من قبل هيئة التحرير.")), true, veille.ConditionRemoved},
		{"removed, ja", one(notice("この記事は削除されました。")), true, veille.ConditionRemoved},
		{"removed, ko", one(notice("이 기사는 언론사의 요청에 따라 삭제되었습니다.")), true, veille.ConditionRemoved},
		{"removed, zh", one(notice("该文章已被删除。")), true, veille.ConditionRemoved},

		{"paywall", one(answer(200, paywall)), false, veille.ConditionPaywall},
		{"noindex", one(answer(200, noindex)), false, veille.ConditionUnlisted},
		{"consent wall", one(answer(200, consent)), false, veille.ConditionConsent},
		{"bot wall", one(answer(200, wall)), false, veille.ConditionChallenge},
		{"all: 404", all(answer(404, "")), false, veille.ConditionSiteFails},
		{"all: 410", all(answer(410, "")), false, veille.ConditionSiteFails},
		{"all: redirect to the front page", all(redirect("/")), false, veille.ConditionSiteFails},
		{"all: says not found", all(answer(200, htmlPage("Page not found", "", "<p>404</p>"))), false, veille.ConditionSiteFails},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPaper(t)
			store := newMemory()
			written := make(chan struct{}, 1)
			store.fail = func(string) error { signal(written); return nil }
			plan := Plan{
				Sources:  []veille.Source{{Name: "courrier", URL: p.server.URL + "/world", Schedule: "@every 1h", AllowPrivate: true}},
				Watches:  []veille.Watch{watchOf("dprk")},
				Matcher:  words{"dprk": {"corée"}},
				Lookback: 24 * time.Hour, Parallel: 4,
			}
			for i := range 2000 {
				plan.Sources[0].Recheck = append(plan.Sources[0].Recheck, time.Duration(i+1)*20*time.Millisecond)
			}
			web := crawler.New(crawler.Options{Spacing: time.Nanosecond, Parallel: 4})
			defer web.Close()
			m := New(Options{Crawler: web, Store: store, WithdrawalSpacing: 30 * time.Millisecond})
			m.Apply(plan)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- m.Run(ctx) }()
			patience := time.NewTimer(30 * time.Second)
			defer patience.Stop()
			// await waits for a state of the store.
			await := func(what string, reached func() bool) {
				t.Helper()
				for {
					store.mu.Lock()
					ok := reached()
					store.mu.Unlock()
					if ok {
						return
					}
					select {
					case <-written:
					case <-patience.C:
						t.Fatalf("not reached: %s: %+v", what, store.articles[veille.ArticleID(p.server.URL+target)])
					}
				}
			}
			id := veille.ArticleID(p.server.URL + target)
			await("six articles", func() bool { return len(store.articles) == 6 })
			p.instead.Store(&c.change)
			await(string(c.how), func() bool { return store.articles[id].Condition == c.how })
			if c.withdrawn {
				await("withdrawn", func() bool { return store.articles[id].Withdrawn })
			} else {
				// Far more looks than a withdrawal would need.
				most := 0
				await("many looks", func() bool {
					if most == 0 {
						most = store.commits["CommitArticle"] + 60
					}
					return store.commits["CommitArticle"] >= most
				})
			}
			stop()
			if err := <-ended; err != nil {
				t.Errorf("Run = %v", err)
			}
			a := store.articles[id]
			if a.Withdrawn != c.withdrawn || a.Condition != c.how || a.Revision != 1 {
				t.Errorf("withdrawn %v, %q, revision %d", a.Withdrawn, a.Condition, a.Revision)
			}
			for _, e := range store.events {
				if e.Article == nil {
					continue
				}
				if e.Type == veille.ArticleEdited || e.Type == veille.ArticleWithdrawn && (!c.withdrawn || e.Article.ID != id) {
					t.Errorf("told: %s of %s: %s", e.Type, e.Article.URL, e.Message)
				}
			}
		})
	}
}
