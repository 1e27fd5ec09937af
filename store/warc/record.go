package warc

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"veille"
)

const (
	version = "WARC/1.1"
	// chainField is ours; the standard lets an application add fields (5.1).
	chainField = "Veille-Chain"
	// dateLayout has the precision that WARC 1.1 allows (5.4).
	dateLayout = "2006-01-02T15:04:05.000000Z"
)

// record is one WARC record. Fields keep their order.
type record struct {
	fields [][2]string
	block  []byte
}

func (r *record) add(name, value string) { r.fields = append(r.fields, [2]string{name, value}) }

// field returns the value of a named field; names are compared without case.
func (r *record) field(name string) string {
	for _, f := range r.fields {
		if strings.EqualFold(f[0], name) {
			return f[1]
		}
	}
	return ""
}

// member writes the record as one gzip member (annex D).
func (r *record) member() ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	var head bytes.Buffer
	head.WriteString(version + "\r\n")
	for _, f := range r.fields {
		head.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	head.WriteString("\r\n")
	for _, part := range [][]byte{head.Bytes(), r.block, []byte("\r\n\r\n")} {
		if _, err := z.Write(part); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// digest writes a SHA-256 as archives do: base 32, with its padding.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + base32.StdEncoding.EncodeToString(sum[:])
}

// identity derives a record's identity, a UUID of version 8 (RFC 9562, 5.8),
// from what the record says and where in the chain it stands.
func identity(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	h := hex.EncodeToString(id)
	return "urn:uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// link is the next link of the chain, over what a response record says.
func link(before string, r *record) string {
	said := []string{before}
	for _, name := range []string{"WARC-Record-ID", "WARC-Target-URI", "WARC-Date", "WARC-Block-Digest"} {
		said = append(said, r.field(name))
	}
	sum := sha256.Sum256([]byte(strings.Join(said, "\n")))
	return hex.EncodeToString(sum[:])
}

// info is the warcinfo record that begins a file.
func info(file, software, chain string, now time.Time) *record {
	r := &record{block: []byte("software: " + oneLine(software) + "\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n")}
	r.add("WARC-Type", "warcinfo")
	r.add("WARC-Record-ID", "<"+identity("warcinfo", file, chain)+">")
	r.add("WARC-Date", now.UTC().Format(dateLayout))
	r.add("WARC-Filename", file)
	r.add(chainField, chain)
	r.add("Content-Type", "application/warc-fields")
	r.add("Content-Length", strconv.Itoa(len(r.block)))
	return r
}

// closing is the record that ends a file: where the chain stands is found
// without reading all of it.
func closing(file, warcinfo, chain string, now time.Time) *record {
	r := &record{block: []byte("chain: " + chain + "\r\n")}
	r.add("WARC-Type", "metadata")
	r.add("WARC-Record-ID", "<"+identity("metadata", file, chain)+">")
	r.add("WARC-Date", now.UTC().Format(dateLayout))
	if warcinfo != "" {
		r.add("WARC-Warcinfo-ID", warcinfo)
	}
	r.add(chainField, chain)
	r.add("WARC-Block-Digest", digest(r.block))
	r.add("Content-Type", "application/warc-fields")
	r.add("Content-Length", strconv.Itoa(len(r.block)))
	return r
}

// exchange returns the request and response records of an exchange, and the
// chain after them.
func exchange(x *veille.Exchange, warcinfo, before string) (request, response *record, chain string) {
	date := x.At.UTC().Format(dateLayout)
	target, path, host := targetOf(x.URL)
	response = &record{block: answerBlock(x)}
	blockDigest := digest(response.block)
	id := identity("response", before, target, date, blockDigest)
	response.add("WARC-Type", "response")
	response.add("WARC-Record-ID", "<"+id+">")
	response.add("WARC-Date", date)
	response.add("WARC-Target-URI", target)
	response.add("WARC-Warcinfo-ID", warcinfo)
	response.add("WARC-Block-Digest", blockDigest)
	response.add("WARC-Payload-Digest", digest(x.Body))
	chain = link(before, response)
	response.add(chainField, chain)
	response.add("Content-Type", "application/http;msgtype=response")
	response.add("Content-Length", strconv.Itoa(len(response.block)))

	request = &record{block: headBlock("GET "+path+" HTTP/1.1", host, x.Request)}
	request.add("WARC-Type", "request")
	request.add("WARC-Record-ID", "<"+identity("request", id)+">")
	request.add("WARC-Date", date)
	request.add("WARC-Target-URI", target)
	request.add("WARC-Concurrent-To", "<"+id+">")
	request.add("WARC-Warcinfo-ID", warcinfo)
	request.add("WARC-Block-Digest", digest(request.block))
	request.add("Content-Type", "application/http;msgtype=request")
	request.add("Content-Length", strconv.Itoa(len(request.block)))
	return request, response, chain
}

// targetOf is an address as a record may hold it, and what it asks of whom.
func targetOf(raw string) (target, path, host string) {
	u, err := url.Parse(raw)
	if err != nil {
		return oneLine(raw), "/", ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return oneLine(u.String()), oneLine(u.RequestURI()), oneLine(u.Host)
}

// answerBlock is the answer as an HTTP message. The body stands decompressed
// and unchunked, and the head says so, or no tool could read it.
func answerBlock(x *veille.Exchange) []byte {
	h := x.Answer.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Del("Transfer-Encoding")
	h.Set("Content-Length", strconv.Itoa(len(x.Body)))
	status := "HTTP/1.1 " + strconv.Itoa(x.Status) + " " + http.StatusText(x.Status)
	return append(headBlock(strings.TrimSpace(status), "", h), x.Body...)
}

// headBlock writes the head of an HTTP message, its fields sorted.
func headBlock(first, host string, h http.Header) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\r\n", first)
	if host != "" {
		fmt.Fprintf(&b, "Host: %s\r\n", host)
	}
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			fmt.Fprintf(&b, "%s: %s\r\n", oneLine(name), oneLine(value))
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// oneLine keeps foreign text from ending a header line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
