package crawler

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gocolly/colly/v2"

	"veille"
)

// engine makes one request at a time out of colly: synchronous, without its
// queue, limits, cache, cookies, robots, redirects or memory of visited URLs.
type engine struct{ base *colly.Collector }

// answer is what a server said to one request. header holds what wire kept.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newEngine(rt http.RoundTripper, userAgent string) *engine {
	// Init, not NewCollector: the latter lets COLLY_* variables of the
	// environment override what is set here.
	base := new(colly.Collector)
	base.Init()
	base.UserAgent = userAgent
	base.AllowURLRevisit = true
	base.IgnoreRobotsTxt = true
	base.ParseHTTPErrorResponse = true
	base.MaxBodySize = 0 // wire bounds it
	base.SetClient(&http.Client{
		Transport: rt,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	})
	return &engine{base}
}

// get requests a target. A panic inside colly or below it is an error.
func (e *engine) get(ctx context.Context, t target, header http.Header) (a answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = faultf(veille.FetchBroken, "panic while fetching: %v", p)
		}
	}()
	c := e.base.Clone()
	c.Context = ctx
	var refused error
	c.OnRequest(func(r *colly.Request) {
		// colly parses the URL anew, as a browser does: 0x7f.1 becomes
		// 127.0.0.1. What was checked must be what is dialled.
		if r.URL.Host != t.url.Host || r.URL.Scheme != t.url.Scheme {
			refused = &fault{veille.FetchBadURL, fmt.Errorf("the host reads as %.80q", r.URL.Host)}
			r.Abort()
		}
	})
	c.OnResponse(func(r *colly.Response) {
		a = answer{status: r.StatusCode, header: *r.Headers, body: r.Body}
	})
	if err := c.Request(http.MethodGet, t.String(), nil, nil, header); err != nil {
		return answer{}, err
	}
	return a, refused
}
