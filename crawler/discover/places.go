package discover

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// place says in which parts of the page an element lies.
type place uint16

const (
	inNav place = 1 << iota
	inFooter
	inHeader
	inAside
	inMain
	inArticle
	inHeading
	inList
	inAnchor
)

// placeOf is the place of an element within one at p.
func placeOf(tag atom.Atom, a attributes, p place) place {
	switch tag {
	case atom.Nav:
		p |= inNav
	case atom.Footer:
		p |= inFooter
	case atom.Header:
		// An article's header is no page header.
		if p&(inArticle|inMain|inList) == 0 {
			p |= inHeader
		}
	case atom.Aside:
		p |= inAside
	case atom.Main:
		p |= inMain
	case atom.Article:
		p |= inArticle
	case atom.Li, atom.Td, atom.Dd, atom.Dt:
		p |= inList
	case atom.A:
		p |= inAnchor
	case atom.Html, atom.Body:
		return p
	}
	if isHeading(tag) {
		p |= inHeading
	}
	switch a.role {
	case "navigation", "menu", "menubar":
		p |= inNav
	case "contentinfo":
		p |= inFooter
	case "banner":
		p |= inHeader
	case "complementary":
		p |= inAside
	case "main":
		p |= inMain
	case "heading":
		p |= inHeading
	}
	switch tag {
	case atom.Div, atom.Ul, atom.Ol, atom.Section, atom.P, atom.Table, atom.Td, atom.Span:
		p |= placeNamed(a.id) | placeNamed(a.class)
	}
	return p
}

// placeNamed reads the part of the page from the words of an id or class.
func placeNamed(names string) place {
	if names == "" || len(names) > 300 {
		return 0
	}
	var p place
	for w := range strings.FieldsFuncSeq(strings.ToLower(names), func(r rune) bool { return r == ' ' || r == '-' || r == '_' }) {
		switch w {
		case "nav", "navbar", "navigation", "menu", "submenu", "megamenu", "gnb", "lnb", "snb", "breadcrumb", "breadcrumbs", "pagination", "paging", "pager", "toolbar":
			p |= inNav
		case "footer", "colophon", "copyright":
			p |= inFooter
		case "share", "social", "sns":
			p |= inNav
		}
	}
	return p
}

// chrome ranks how far from the content a place is.
func chrome(p place) int {
	switch {
	case p&(inNav|inFooter) != 0:
		return 3
	case p&inHeader != 0:
		return 2
	case p&inAside != 0:
		return 1
	}
	return 0
}
