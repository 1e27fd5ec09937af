package extract

import (
	"bytes"
	"strings"

	"veille"
)

// magics lists the first bytes of formats that are served as HTML by mistake.
var magics = []struct{ prefix, format string }{
	{"%PDF-", "a PDF file"},
	{"PK\x03\x04", "a ZIP file"},
	{"\x1f\x8b", "gzip data"},
	{"\x89PNG\r\n", "a PNG image"},
	{"\xff\xd8\xff", "a JPEG image"},
	{"GIF87a", "a GIF image"},
	{"GIF89a", "a GIF image"},
	{"ID3", "an MP3 file"},
	{"OggS", "an Ogg file"},
	{"wOF2", "a font"},
	{"wOFF", "a font"},
	{"\x7fELF", "an executable"},
	{"MZ\x90", "an executable"},
	{"{\\rtf", "an RTF file"},
	{"\xd0\xcf\x11\xe0", "an old Office file"},
	{"Rar!", "a RAR file"},
	{"7z\xbc\xaf", "a 7z file"},
	{"BZh", "bzip2 data"},
	{"\xfd7zXZ", "xz data"},
	{"\x28\xb5\x2f\xfd", "zstd data"},
}

// binaryFormat names the format of bytes that are no text, "" for text.
func binaryFormat(body []byte, contentType string) string {
	for _, m := range magics {
		if bytes.HasPrefix(body, []byte(m.prefix)) {
			return m.format
		}
	}
	if len(body) >= 12 {
		switch {
		case string(body[4:8]) == "ftyp":
			return "a media file"
		case string(body[:4]) == "RIFF" && (string(body[8:12]) == "WEBP" || string(body[8:12]) == "WAVE" || string(body[8:12]) == "AVI "):
			return "a media file"
		}
	}
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	markup := looksLikeMarkup(body)
	switch {
	case strings.HasPrefix(media, "image/") && media != "image/svg+xml", strings.HasPrefix(media, "video/"),
		strings.HasPrefix(media, "audio/"), strings.HasPrefix(media, "font/"),
		media == "application/pdf", media == "application/zip", media == "application/octet-stream", media == "application/json":
		if !markup {
			return "content of type " + media
		}
	}
	if !markup && controlShare(body) > 0.05 {
		return "binary data"
	}
	return ""
}

// looksLikeMarkup reports whether a tag starts near the start, in ASCII or
// UTF-16.
func looksLikeMarkup(body []byte) bool {
	head := bytes.ToLower(bytes.ReplaceAll(body[:min(len(body), 4096)], []byte{0}, nil))
	for _, tag := range []string{"<html", "<!doctype", "<head", "<body", "<p", "<div", "<article", "<?xml", "<rss", "<feed", "<title", "<meta", "<h1", "<!--", "<script", "<main"} {
		if bytes.Contains(head, []byte(tag)) {
			return true
		}
	}
	return false
}

// controlShare is the share of bytes that no text encoding but UTF-16 uses.
func controlShare(body []byte) float64 {
	body = body[:min(len(body), 4096)]
	n := 0
	for _, c := range body {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			n++
		}
	}
	return float64(n) / float64(len(body))
}

// rootKind tells feeds and sitemaps by their root element; "" for a page.
func rootKind(text []byte) veille.PageKind {
	rest := text
	for range 32 {
		rest = bytes.TrimLeft(rest, " \t\r\n\ufeff")
		switch {
		case bytes.HasPrefix(rest, []byte("<?")):
			rest = after(rest, "?>")
		case bytes.HasPrefix(rest, []byte("<!--")):
			rest = after(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<!")):
			rest = after(rest, ">")
		case bytes.HasPrefix(rest, []byte("<")):
			name := rest[1:min(len(rest), 40)]
			if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
				name = name[:i]
			}
			if i := bytes.IndexByte(name, ':'); i >= 0 {
				name = name[i+1:]
			}
			switch string(name) {
			case "rss", "feed", "RDF":
				return veille.KindFeed
			case "urlset", "sitemapindex":
				return veille.KindSitemap
			}
			return ""
		case bytes.HasPrefix(rest, []byte("{")) && bytes.Contains(rest[:min(len(rest), 400)], []byte("jsonfeed.org/version")):
			return veille.KindFeed
		default:
			return ""
		}
	}
	return ""
}

func after(b []byte, mark string) []byte {
	i := bytes.Index(b, []byte(mark))
	if i < 0 {
		return nil
	}
	return b[i+len(mark):]
}
