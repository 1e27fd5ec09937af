package discover

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"veille"
)

var errNotJSONFeed = errors.New("JSON without the items of a JSON Feed")

// jsonItem is an item of a JSON Feed 1.0 or 1.1 (jsonfeed.org). The fields take
// any value: numbers for ids are common.
type jsonItem struct {
	ID            any `json:"id"`
	URL           any `json:"url"`
	ExternalURL   any `json:"external_url"`
	Title         any `json:"title"`
	DatePublished any `json:"date_published"`
	DateModified  any `json:"date_modified"`
}

// readJSONFeed reads a JSON Feed item by item. One that breaks off keeps the
// items before.
func readJSONFeed(text []byte, c *collector) (veille.Listing, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	open, err := dec.Token()
	if err != nil || open != json.Delim('{') {
		return veille.Listing{}, failed(veille.FetchNotHTML, errNotJSONFeed)
	}
	isFeed := false
	for err == nil && dec.More() {
		var key json.Token
		if key, err = dec.Token(); err != nil {
			break
		}
		if key == "items" {
			isFeed = true
			err = readJSONItems(dec, c)
			continue
		}
		var other json.RawMessage
		err = dec.Decode(&other)
		if key == "version" && bytes.Contains(other, []byte("jsonfeed.org")) {
			isFeed = true
		}
	}
	c.prune()
	switch {
	case !isFeed:
		return veille.Listing{}, failed(veille.FetchNotHTML, errNotJSONFeed)
	case len(c.found) == 0 && err != nil:
		return veille.Listing{}, failed(veille.FetchBadFeed, errNoItems)
	}
	return veille.Listing{Kind: veille.KindFeed, Outlinks: c.found, Learned: c.hearsay(scoreFeed)}, nil
}

func readJSONItems(dec *json.Decoder, c *collector) error {
	open, err := dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('[') {
		return errNotJSONFeed
	}
	for dec.More() {
		var item jsonItem
		if err := dec.Decode(&item); err != nil {
			if _, wrongType := errors.AsType[*json.UnmarshalTypeError](err); wrongType {
				continue // an item that is no object
			}
			return err
		}
		c.addJSON(item)
	}
	_, err = dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func (c *collector) addJSON(item jsonItem) {
	id := jsonString(item.ID)
	if !isHTTP(id) {
		id = ""
	}
	for _, href := range []string{jsonString(item.URL), id, jsonString(item.ExternalURL)} {
		link, ok := resolve(c.page, href)
		if !ok {
			continue
		}
		out := veille.Outlink{URL: link, Title: htmlText(jsonString(item.Title)), Score: scoreFeed, Why: c.because("an entry of a feed")}
		if out.Published = c.date(jsonString(item.DatePublished)); out.Published.IsZero() {
			out.Published = c.date(jsonString(item.DateModified))
		}
		c.add(out)
		c.relieve()
		return
	}
}

// jsonString returns a JSON value that is a string, else "".
func jsonString(v any) string {
	s, _ := v.(string)
	return s
}
