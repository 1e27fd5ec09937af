package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Front is the way an outlet lists its articles.
type Front string

// The fronts that an outlet can have.
const (
	Section Front = "section"
	Feed    Front = "feed"
	Sitemap Front = "sitemap"
)

// Article is one page of an outlet.
type Article struct {
	// Slug is the last part of the path; it must be unique in the outlet.
	Slug       string
	Title      string
	Author     string
	Published  time.Time
	Modified   time.Time
	Paragraphs []string
	gone       bool
}

// Request is one request as the outlet saw it.
type Request struct {
	At        time.Time
	Path      string
	Status    int
	UserAgent string
}

// Outlet is one made-up newspaper: an http.Handler, safe for concurrent use.
// Its menus, footers and "read also" boxes carry the words of Noise, so that a
// reader who takes furniture for text is found out.
type Outlet struct {
	Name     string
	Language string
	Front    Front
	// Noise is text for the menu, the footer and the related box.
	Noise []string
	// Robots is the answer to /robots.txt; empty is a 404.
	Robots string

	mu       sync.Mutex
	articles []Article
	requests []Request
}

// FrontPath is the path of the outlet's listing.
func (o *Outlet) FrontPath() string {
	switch o.Front {
	case Feed:
		return "/feed.xml"
	case Sitemap:
		return "/sitemap-news.xml"
	default:
		return "/world"
	}
}

// ArticlePath is the path of an article.
func (o *Outlet) ArticlePath(slug string) string { return "/world/article/" + slug }

// Publish puts articles at the top of the front.
func (o *Outlet) Publish(articles ...Article) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, a := range articles {
		o.articles = slices.Insert(o.articles, 0, a)
	}
}

// Edit changes a published article; it panics on an unknown slug, which is a
// mistake in the script.
func (o *Outlet) Edit(slug string, change func(*Article)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := o.find(slug)
	if i < 0 {
		panic("demo: no article " + slug)
	}
	change(&o.articles[i])
}

// Withdraw takes an article off the front and answers 410 Gone for its page.
func (o *Outlet) Withdraw(slug string) {
	o.Edit(slug, func(a *Article) { a.gone = true })
}

// Requests returns what was asked of the outlet so far.
func (o *Outlet) Requests() []Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.requests)
}

func (o *Outlet) find(slug string) int {
	return slices.IndexFunc(o.articles, func(a Article) bool { return a.Slug == slug })
}

// ServeHTTP answers the front, the articles and robots.txt, with entity tags.
func (o *Outlet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	status := o.answer(w, r)
	o.requests = append(o.requests, Request{
		At: time.Now(), Path: r.URL.Path, Status: status, UserAgent: r.UserAgent(),
	})
}

func (o *Outlet) answer(w http.ResponseWriter, r *http.Request) int {
	base := "http://" + r.Host
	switch path := r.URL.Path; {
	case path == "/robots.txt" && o.Robots != "":
		return send(w, r, "text/plain; charset=utf-8", o.Robots)
	case path == o.FrontPath():
		kind, body := o.front(base)
		return send(w, r, kind, body)
	default:
		for _, a := range o.articles {
			if path != o.ArticlePath(a.Slug) {
				continue
			}
			if a.gone {
				http.Error(w, "withdrawn", http.StatusGone)
				return http.StatusGone
			}
			return send(w, r, "text/html; charset=utf-8", o.page(base, a))
		}
	}
	http.NotFound(w, r)
	return http.StatusNotFound
}

// front renders the listing in the outlet's own form.
func (o *Outlet) front(base string) (contentType, body string) {
	var listed []Article
	for _, a := range o.articles {
		if !a.gone {
			listed = append(listed, a)
		}
	}
	switch o.Front {
	case Feed:
		return "application/rss+xml; charset=utf-8", render(feedPage, o, base, listed)
	case Sitemap:
		return "application/xml; charset=utf-8", render(sitemapPage, o, base, listed)
	default:
		return "text/html; charset=utf-8", render(sectionPage, o, base, listed)
	}
}

func (o *Outlet) page(base string, a Article) string {
	return render(articlePage, o, base, []Article{a})
}

// send answers with a strong entity tag, or 304 where the client holds it
// (RFC 9110, section 13.1.2).
func send(w http.ResponseWriter, r *http.Request, contentType, body string) int {
	sum := sha256.Sum256([]byte(body))
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", contentType)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	}
	_, _ = fmt.Fprint(w, body)
	return http.StatusOK
}
