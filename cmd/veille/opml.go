package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/net/html/charset"

	"veille"
)

const (
	// maxOPML bounds a file, in bytes; maxOutlineDepth how deep its groups nest.
	maxOPML         = 8 << 20
	maxOutlineDepth = 16
)

// opml is a list of subscriptions, as feed readers exchange it (OPML 2.0,
// opml.org/spec2.opml).
type opml struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"head>title"`
	Body    []outline `xml:"body>outline"`
}

type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr,omitempty"`
	Type     string    `xml:"type,attr,omitempty"`
	XMLURL   string    `xml:"xmlUrl,attr,omitempty"`
	Category string    `xml:"category,attr,omitempty"`
	Outlines []outline `xml:"outline"`
}

func (a *app) importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Bring in what another program knows"}
	cmd.AddCommand(&cobra.Command{
		Use:   "opml FILE",
		Short: "Turn a feed reader's subscriptions into YAML, to be included",
		Long: `Reads OPML, from the standard input where FILE is -, and writes sources as YAML.
Put the result beside veille.yaml and name it under include. Groups become tags.`,
		Example: "  veille import opml feeds.opml > sources.yaml   # then: include: [sources.yaml]",
		Args:    arguments(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			in := a.stdin
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fmt.Errorf("%w: %w", err, errUsage)
				}
				defer f.Close()
				in = f
			}
			sources, skipped, err := readOPML(in)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			for _, s := range skipped {
				_, _ = fmt.Fprintf(a.stderr, "left out, no http or https address: %s\n", plain(s))
			}
			_, err = io.WriteString(a.stdout, sourcesYAML(sources))
			return err
		},
	})
	return cmd
}

// readOPML returns the feeds of a file, each address once, and the names of
// the outlines that have an address of another kind.
func readOPML(r io.Reader) (sources []veille.Source, skipped []string, err error) {
	bounded := &io.LimitedReader{R: r, N: maxOPML + 1}
	decoder := xml.NewDecoder(bounded)
	decoder.Strict = false
	decoder.Entity = xml.HTMLEntity
	decoder.CharsetReader = charset.NewReaderLabel
	var doc opml
	if err := decoder.Decode(&doc); err != nil {
		if bounded.N <= 0 {
			return nil, nil, fmt.Errorf("larger than %d MiB: %w", maxOPML>>20, errUsage)
		}
		return nil, nil, fmt.Errorf("this is not OPML: %w: %w", err, errUsage)
	}
	seen, names := map[string]bool{}, map[string]bool{}
	var walk func(outlines []outline, tags []string) error
	walk = func(outlines []outline, tags []string) error {
		if len(tags) > maxOutlineDepth {
			return fmt.Errorf("groups nest deeper than %d: %w", maxOutlineDepth, errUsage)
		}
		for _, o := range outlines {
			label := sourceName(firstOf(o.Title, o.Text))
			if o.XMLURL == "" {
				if err := walk(o.Outlines, append(slices.Clip(tags), label)); err != nil {
					return err
				}
				continue
			}
			u, err := url.Parse(strings.TrimSpace(o.XMLURL))
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
				skipped = append(skipped, firstOf(label, o.XMLURL))
				continue
			}
			if seen[u.String()] {
				continue
			}
			seen[u.String()] = true
			s := veille.Source{Name: label, URL: u.String()}
			if s.Name == "" {
				s.Name = sourceName(u.Host)
			}
			for n := 2; names[s.Name]; n++ {
				s.Name = label + " " + strconv.Itoa(n)
			}
			names[s.Name] = true
			for _, tag := range append(slices.Clip(tags), strings.Split(o.Category, ",")...) {
				if tag = strings.ReplaceAll(sourceName(strings.Trim(tag, "/ ")), " ", "-"); tag != "" && !slices.Contains(s.Tags, tag) {
					s.Tags = append(s.Tags, tag)
				}
			}
			sources = append(sources, s)
		}
		return nil
	}
	if err := walk(doc.Body, nil); err != nil {
		return nil, nil, err
	}
	if len(sources) == 0 && len(skipped) == 0 {
		return nil, nil, errors.Join(errors.New("no outline has an xmlUrl: this list has no feeds"), errUsage)
	}
	return sources, skipped, nil
}

// sourceName makes a name that the configuration takes.
func sourceName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || !unicode.IsPrint(r) && !unicode.IsSpace(r):
			return -1
		case strings.ContainsRune(`/*?[]\`, r), unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	for strings.HasPrefix(s, "tag:") {
		s = strings.TrimSpace(strings.TrimPrefix(s, "tag:"))
	}
	if runes := []rune(s); len(runes) > 80 {
		s = strings.TrimSpace(string(runes[:80]))
	}
	return s
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// sourcesYAML writes sources as a file to be included. Every text stands
// between single quotes, where only the quote itself and ${ mean anything.
func sourcesYAML(sources []veille.Source) string {
	quote := func(s string) string {
		return "'" + strings.ReplaceAll(strings.ReplaceAll(s, "'", "''"), "${", "$${") + "'"
	}
	var b strings.Builder
	b.WriteString("sources:\n")
	for _, s := range sources {
		fmt.Fprintf(&b, "  - name: %s\n    url: %s\n", quote(s.Name), quote(s.URL))
		if len(s.Tags) > 0 {
			tags := make([]string, len(s.Tags))
			for i, t := range s.Tags {
				tags[i] = quote(t)
			}
			fmt.Fprintf(&b, "    tags: [%s]\n", strings.Join(tags, ", "))
		}
	}
	if len(sources) == 0 {
		return "sources: []\n"
	}
	return b.String()
}

// writeOPML writes sources for a feed reader. One that is a section page is
// listed too: readers look for its feed.
func writeOPML(w io.Writer, sources []veille.Source) error {
	doc := opml{Version: "2.0", Title: "Veille"}
	for _, s := range sources {
		doc.Body = append(doc.Body, outline{Text: s.Name, Title: s.Name, Type: "rss", XMLURL: s.URL, Category: strings.Join(s.Tags, ",")})
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, body)
	return err
}
