package crawler

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"veille"
)

// page is what a request found.
type page struct {
	url         string
	contentType string
	body        []byte
	validators  veille.Validators
	// unchanged says that the server answered 304 or the same bytes; there is
	// no body then.
	unchanged bool
	// exchange is nil unless the crawler keeps them.
	exchange *veille.Exchange
}

// redirection returns where a redirect leads, empty if it is none.
func redirection(a answer) string {
	switch a.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a.header.Get(keptLocation)
	}
	return ""
}

// page judges an answer that is no redirect.
func (c *Crawler) page(at target, a answer, known veille.Validators) (page, error) {
	if err := statusError(at, a, time.Now()); err != nil {
		return page{}, err
	}
	p := page{url: at.String(), contentType: a.header.Get(keptContentType), validators: validators(a.header)}
	if a.status == http.StatusNotModified {
		c.stats.unchanged.Add(1)
		p.unchanged = true
		if p.validators.ETag == "" {
			p.validators.ETag = known.ETag
		}
		if p.validators.LastModified == "" {
			p.validators.LastModified = known.LastModified
		}
		p.validators.BodyHash = known.BodyHash
		return p, nil
	}
	if len(bytes.TrimSpace(a.body)) == 0 {
		return page{}, &veille.FetchError{Kind: veille.FetchEmpty, URL: at.String(), Status: a.status}
	}
	sum := sha256.Sum256(a.body)
	p.validators.BodyHash = hex.EncodeToString(sum[:])
	if p.validators.BodyHash == known.BodyHash {
		c.stats.same.Add(1)
		p.unchanged = true
		return p, nil
	}
	p.body = a.body
	return p, nil
}

// validators reads what makes the next request conditional. Absurd ones are
// not worth remembering.
func validators(h http.Header) veille.Validators {
	v := veille.Validators{ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified")}
	if len(v.ETag) > 1024 {
		v.ETag = ""
	}
	if len(v.LastModified) > 64 {
		v.LastModified = ""
	}
	return v
}
