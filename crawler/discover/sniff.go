package discover

import (
	"bytes"
	"strings"
)

type form int

const (
	formOther form = iota
	formFeed
	formJSON
	formSitemap
	formTextSitemap
	formHTML
	formXML
)

// sniffed is how far into a page its kind must show. Servers put warnings and
// long licence comments before the first element.
const sniffed = 16 << 10

// sniff tells what a decoded page is, and where its document begins.
func sniff(text []byte) (form, int) {
	head := text[:min(len(text), sniffed)]
	switch {
	case head[0] == '{' || head[0] == '[':
		return formJSON, 0
	case head[0] == '<':
		name, declared := rootName(head)
		if f, ok := rootForm(name); ok {
			return f, 0
		}
		if name != "html" && name != "!doctype html" {
			// A server's warning may stand before the real root.
			if f, at := findRoot(head); f != formOther {
				return f, at
			}
		}
		if declared && name != "html" && name != "!doctype html" && !hasTag(head, "<body") && !hasTag(head, "<a ") {
			return formXML, 0
		}
		return formHTML, 0
	case bytes.IndexByte(head[:min(len(head), 1024)], 0) >= 0, bytes.HasPrefix(head, []byte("%PDF-")):
		return formOther, 0
	case isURLList(head):
		return formTextSitemap, 0
	}
	if f, at := findRoot(head); f != formOther {
		return f, at
	}
	for _, tag := range []string{"<html", "<body", "<a ", "<div", "<p>"} {
		if hasTag(head, tag) {
			return formHTML, 0
		}
	}
	return formOther, 0
}

// rootName returns the local name of the first element in lower case, or
// "!doctype html", and whether an XML declaration stood before it.
func rootName(head []byte) (name string, declared bool) {
	for {
		head = bytes.TrimLeft(head, " \t\r\n\f\ufeff")
		var end string
		switch {
		case bytes.HasPrefix(head, []byte("<?")):
			declared = declared || bytes.HasPrefix(head, []byte("<?xml"))
			end = ">"
		case bytes.HasPrefix(head, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(head, []byte("<!")):
			if strings.EqualFold(string(head[:min(len(head), 14)]), "<!doctype html") {
				return "!doctype html", declared
			}
			end = ">"
			// An internal subset has markup of its own.
			if open := bytes.IndexByte(head, '['); open >= 0 && open < bytes.IndexByte(head, '>') {
				end = "]>"
				if !bytes.Contains(head, []byte(end)) {
					end = "]"
				}
			}
		case bytes.HasPrefix(head, []byte("<")):
			n := bytes.IndexAny(head[1:], " \t\r\n\f/>")
			if n < 0 {
				n = len(head) - 1
			}
			_, local, ok := strings.Cut(string(head[1:1+n]), ":")
			if !ok {
				local = string(head[1 : 1+n])
			}
			return strings.ToLower(local), declared
		default:
			return "", declared
		}
		i := bytes.Index(head, []byte(end))
		if i < 0 {
			return "", declared
		}
		head = head[i+len(end):]
	}
}

func rootForm(name string) (form, bool) {
	switch name {
	case "rss", "rdf", "feed", "channel", "entry":
		return formFeed, true
	case "urlset", "sitemapindex":
		return formSitemap, true
	}
	return formOther, false
}

// findRoot looks for the root of a feed or sitemap behind something else.
func findRoot(head []byte) (form, int) {
	lower := bytes.ToLower(head)
	if len(lower) != len(head) || bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<body")) {
		return formOther, 0
	}
	for _, root := range []string{"<rss", "<rdf:rdf", "<feed", "<urlset", "<sitemapindex"} {
		i := bytes.Index(lower, []byte(root))
		if i < 0 || i+len(root) >= len(lower) || !strings.ContainsRune(" \t\r\n>", rune(lower[i+len(root)])) {
			continue
		}
		f, _ := rootForm(root[1:])
		if root == "<rdf:rdf" {
			f = formFeed
		}
		return f, i
	}
	return formOther, 0
}

func hasTag(head []byte, tag string) bool {
	return bytes.Contains(bytes.ToLower(head), []byte(tag))
}

// isURLList reports whether the first lines are addresses, as in a sitemap in
// plain text: at least half of the first twenty, and the first of all.
func isURLList(head []byte) bool {
	lines, urls := 0, 0
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		isURL := isHTTP(string(line[:min(len(line), 8)])) && !bytes.ContainsAny(line, " \t<")
		if lines == 0 && !isURL {
			return false
		}
		lines++
		if isURL {
			urls++
		}
		if lines == 20 {
			break
		}
	}
	return lines > 0 && 2*urls >= lines
}

func isHTTP(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
