package crawler

import (
	"net/http"
	"time"

	"veille"
)

// exchangeOf is a request and its answer as evidence. The values that the
// source's configuration put into the request stay secret, and so do the
// cookies that such a request was answered with.
func exchangeOf(source veille.Source, at target, sent http.Header, a answer) *veille.Exchange {
	x := &veille.Exchange{
		URL: at.String(), At: time.Now().UTC(), Request: sent.Clone(), Status: a.status,
		Answer: a.header.Clone(), Body: a.body,
	}
	for name := range source.Headers {
		if x.Request.Get(name) != "" {
			x.Request.Set(name, "withheld")
		}
	}
	if len(source.Headers) > 0 {
		x.Answer.Del("Set-Cookie")
	}
	rename(x.Answer, keptContentType, "Content-Type")
	rename(x.Answer, keptLocation, "Location")
	rename(x.Answer, keptEncoding, "X-Archive-Orig-Content-Encoding")
	return x
}
