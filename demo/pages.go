package demo

import (
	"html/template"
	"strings"
	"time"
)

// view is what a template sees.
type view struct {
	Outlet   *Outlet
	Base     string
	Articles []Article
}

// URL is the absolute address of an article.
func (v view) URL(a Article) string { return v.Base + v.Outlet.ArticlePath(a.Slug) }

// Article is the only article of an article page.
func (v view) Article() Article { return v.Articles[0] }

func (v view) RFC3339(t time.Time) string { return t.Format(time.RFC3339) }
func (v view) RFC822(t time.Time) string  { return t.Format(time.RFC1123Z) }

func render(source string, o *Outlet, base string, articles []Article) string {
	name, text, _ := strings.Cut(source, "\n")
	t := template.Must(template.New(name).Parse(text))
	var b strings.Builder
	if strings.HasPrefix(name, "xml") {
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	}
	if err := t.Execute(&b, view{Outlet: o, Base: base, Articles: articles}); err != nil {
		panic("demo: " + err.Error())
	}
	return b.String()
}

// Each page begins with its template's name.
const sectionPage = `html section
<!doctype html>
<html lang="{{.Outlet.Language}}">
<head><meta charset="utf-8"><title>{{.Outlet.Name}}</title></head>
<body>
<header><a href="/">{{.Outlet.Name}}</a></header>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/about">About</a></li>
{{range .Outlet.Noise}}<li><a href="/topic">{{.}}</a></li>{{end}}</ul></nav>
<main><h1>World</h1>
{{range .Articles}}<article><h2><a href="{{$.Outlet.ArticlePath .Slug}}">{{.Title}}</a></h2>
<time datetime="{{$.RFC3339 .Published}}">{{.Published.Format "02.01.2006 15:04"}}</time></article>
{{end}}</main>
<footer><p>© {{.Outlet.Name}}</p>{{range .Outlet.Noise}}<p>{{.}}</p>{{end}}<a href="/legal">Legal</a></footer>
</body></html>
`

const articlePage = `html article
<!doctype html>
<html lang="{{.Outlet.Language}}">
<head><meta charset="utf-8"><title>{{.Article.Title}} | {{.Outlet.Name}}</title>
<link rel="canonical" href="{{.URL .Article}}">
<meta property="og:type" content="article"><meta property="og:title" content="{{.Article.Title}}">
<meta property="og:site_name" content="{{.Outlet.Name}}">
<meta property="article:published_time" content="{{.RFC3339 .Article.Published}}">
{{if not .Article.Modified.IsZero}}<meta property="article:modified_time" content="{{.RFC3339 .Article.Modified}}">{{end}}
{{if .Article.Author}}<meta name="author" content="{{.Article.Author}}">{{end}}
</head>
<body>
<nav><a href="/">{{.Outlet.Name}}</a>{{range .Outlet.Noise}}<a href="/topic">{{.}}</a>{{end}}</nav>
<main><article><h1>{{.Article.Title}}</h1>
<p class="byline"><time datetime="{{.RFC3339 .Article.Published}}">{{.Article.Published.Format "02.01.2006 15:04"}}</time></p>
{{range .Article.Paragraphs}}<p>{{.}}</p>
{{end}}</article></main>
<aside class="related"><h3>Read also</h3><ul>{{range .Outlet.Noise}}<li><a href="/topic">{{.}}</a></li>{{end}}</ul></aside>
<footer>{{range .Outlet.Noise}}<p>{{.}}</p>{{end}}<p>© {{.Outlet.Name}}</p></footer>
</body></html>
`

const feedPage = `xml feed
<rss version="2.0"><channel><title>{{.Outlet.Name}}</title><link>{{.Base}}/</link>
<description>World</description><language>{{.Outlet.Language}}</language>
{{range .Articles}}<item><title>{{.Title}}</title><guid isPermaLink="true">{{$.URL .}}</guid>
<pubDate>{{$.RFC822 .Published}}</pubDate></item>
{{end}}</channel></rss>
`

const sitemapPage = `xml sitemap
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{{range .Articles}}<url><loc>{{$.URL .}}</loc><news:news><news:publication><news:name>{{$.Outlet.Name}}</news:name><news:language>{{$.Outlet.Language}}</news:language></news:publication>
<news:publication_date>{{$.RFC3339 .Published}}</news:publication_date><news:title>{{.Title}}</news:title></news:news></url>
{{end}}</urlset>
`
