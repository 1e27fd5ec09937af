package extract

import (
	"iter"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// furniture grades how sure it is that an element is not the article's text.
type furniture int

const (
	// content is not furniture by its own name.
	content furniture = iota
	// weak furniture has a name that wrappers of articles bear too.
	weak
	// strong furniture has a name that says what it is.
	strong
	// remarks are readers' comments, which may be longer than the article.
	remarks
	// certain furniture is so by its element or by being hidden.
	certain
	// junk holds no readable text at all.
	junk
)

// grade tells furniture by its element, its attributes and its names.
func grade(n *html.Node) furniture {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Iframe,
		atom.Object, atom.Embed, atom.Canvas, atom.Video, atom.Audio, atom.Button, atom.Input,
		atom.Select, atom.Textarea, atom.Link, atom.Meta, atom.Head, atom.Map, atom.Datalist, atom.Progress, atom.Meter:
		return junk
	case atom.Nav, atom.Aside, atom.Dialog, atom.Menu, atom.Footer:
		return certain
	case atom.Figcaption, atom.Caption:
		return certain
	case atom.Html, atom.Body, atom.Main, atom.Tr, atom.Td, atom.Th, atom.Tbody:
		if n.DataAtom != atom.Html && n.DataAtom != atom.Body && n.DataAtom != atom.Main && hiddenCell(n) {
			return certain
		}
		return content
	case atom.Figure:
		if holdsPicture(n) {
			return weak
		}
	case atom.Article:
		if teaserArticle(n) {
			return weak
		}
	}
	found := content
	if n.DataAtom == 0 && strings.Contains(n.Data, "-") {
		// A custom element says by its name what others say by their class.
		found = gradeName(n.Data)
	}
	switch {
	case n.DataAtom == atom.Form && asks(n), n.DataAtom == atom.Div && (pictureBox(n) || widget(n)), hiddenByClass(n):
		found = max(found, weak)
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			if !strings.EqualFold(a.Val, "until-found") {
				return certain
			}
		case "aria-hidden":
			if strings.EqualFold(strings.TrimSpace(a.Val), "true") {
				return certain
			}
		case "style":
			if hiddenStyle(a.Val) {
				return certain
			}
		case "role":
			switch strings.ToLower(strings.TrimSpace(a.Val)) {
			case "navigation", "complementary", "contentinfo", "banner", "search", "menu", "menubar", "dialog", "alertdialog", "alert":
				return certain
			}
		case "class", "id", "data-testid", "data-component":
			if n.DataAtom != atom.Article {
				found = max(found, gradeName(a.Val))
			}
		}
	}
	return found
}

func hiddenStyle(style string) bool {
	if len(style) > 2000 || !strings.Contains(style, ":") {
		return false
	}
	style = strings.ToLower(strings.Join(strings.Fields(style), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// gradeName grades a class or id by its words.
func gradeName(name string) furniture {
	found, negated := content, false
	for w := range nameWords(name[:min(len(name), maxGraded)]) {
		if !negated {
			found = max(found, gradeWord(w))
		}
		// A wrapper that "has-sidebar" is not one.
		negated = w == "has" || w == "with" || w == "no" || w == "without" || w == "label"
	}
	return found
}

// maxGraded bounds the part of a name that is graded, in bytes.
const maxGraded = 500

func gradeWord(w string) furniture {
	switch w {
	case "related", "relateds", "recirc", "recirculation", "recommended", "recommendations", "recommendation",
		"newsletter", "newsletters", "cookie", "cookies", "gdpr", "onetrust", "cmp",
		"breadcrumb", "breadcrumbs", "outbrain", "taboola", "nav", "navbar",
		"navigation", "menu", "submenu", "footer", "sidebar", "sharebar", "sharing", "socials",
		"mostread", "popular", "trending", "advert", "advertisement", "ads", "pagination", "pager",
		"caption", "captions", "figcaption", "copyright", "similar",
		"relatedposts", "relatedcontent", "readmore", "readalso", "alsoread", "authorbox", "authorbio", "addtoany", "sharedaddy", "addthis", "yarpp", "messenger", "whatsapp":
		return strong
	case "comments", "commentlist", "disqus":
		return remarks
	case "share", "social", "promo", "sponsor", "sponsored", "subscribe", "subscription", "signup", "ad",
		"tags", "taglist", "byline", "bio", "credit", "credits", "teaser", "teasers", "toolbar", "tools",
		"ticker", "banner", "popup", "modal", "overlay", "skip", "sr", "masthead",
		"more", "latest", "topics", "comment", "print", "follow", "dateline", "timestamp", "consent", "meta", "author", "authors",
		"cta", "callout", "affiliate", "attribution", "tableofcontents",
		"disclaimer", "kicker", "crumbs", "login", "register", "search", "rating", "player":
		return weak
	}
	return content
}

// hiddenByAttribute reports whether an element of certain furniture is so
// because it is hidden, and not by what element it is.
func hiddenByAttribute(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Aside, atom.Dialog, atom.Menu, atom.Footer, atom.Figcaption, atom.Caption:
		return false
	}
	return true
}

// hiddenByClass reports whether an element has a class that hides it at every
// width of the screen.
func hiddenByClass(n *html.Node) bool {
	class := attr(n, "class")
	if !strings.Contains(class, "hidden") && !strings.Contains(class, "d-none") {
		return false
	}
	found := false
	for c := range strings.FieldsSeq(class) {
		switch {
		case c == "hidden", c == "d-none", c == "is-hidden":
			found = true
		case strings.Contains(c, ":") || strings.HasSuffix(c, "-block") || strings.HasSuffix(c, "-flex"):
			return false
		}
	}
	return found
}

// hiddenCell reports whether a part of a table is hidden; nothing else makes it
// furniture.
func hiddenCell(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && hiddenStyle(a.Val) {
			return true
		}
	}
	return false
}

// nameWords yields the lower-case words of a class or id: "js-relatedStories"
// has the words js, related, stories.
func nameWords(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(name); i++ {
			next := i + 1
			if i < len(name) {
				switch c := name[i]; {
				case c >= 'a' && c <= 'z':
					continue
				case c >= 'A' && c <= 'Z':
					if i == 0 || name[i-1] < 'a' || name[i-1] > 'z' {
						continue
					}
					next = i // A capital after a small letter begins a word.
				}
			}
			if i > start && !yield(strings.ToLower(name[start:i])) {
				return
			}
			start = next
		}
	}
}
