package notify

import (
	"encoding/json"
	"strings"
	"testing"

	"veille"
)

func templated(t *testing.T, d dialect, text string) voice {
	t.Helper()
	v := Voice{Template: text}
	if p := v.problems(d, nil); len(p) > 0 {
		t.Fatalf("%+v", p)
	}
	return v.in(d, Env{})
}

func TestTemplate_WritesMarkupAndEscapesValues(t *testing.T) {
	e := Example(veille.ArticleEdited)
	e.Article.Title = "*bold* <!channel> @everyone & [x](y)"
	e.Article.URL = "https://example.org/?a=1&b=(2)"
	const text = `{{with .Article}}{{bold "New:"}} {{.Title}} {{link .URL .Title}}{{end}}{{range .Matches}}|{{excerpt .}}{{end}}|{{with .Revision}}{{diff .Change}}{{end}}`
	for name, tc := range map[string]struct {
		dialect dialect
		want    string
	}{
		"slack":   {slackDialect(), "*New:* ∗bold∗ &lt;!channel&gt; @everyone &amp; [x](y) <https://example.org/?a=1&amp;b=(2)|∗bold∗ &lt;!channel&gt; @everyone &amp; [x](y)>|…une coopération « plus étroite » entre la *Corée du Nord* et la *Russie*\u200b. Le porte-parole a dit…|…\u200b*북한*\u200b이 러시아와…|… ~dix~ *douze* morts ~selon un premier bilan~ …"},
		"discord": {markdownDialect(), `**New:` + zeroWidth + `** \*bold\* \<` + zeroWidth + `!channel\> @` + zeroWidth + `everyone & \[x\]\(y\) [\*bold\* \<` + zeroWidth + `!channel\> @` + zeroWidth + `everyone & \[x\]\(y\)](https://example.org/?a=1&b=%282%29)|…une coopération « plus étroite » entre la **Corée du Nord** et la **Russie**. Le porte-parole a dit…|…**북한**이 러시아와…|… ~~dix~~ **douze** morts ~~selon un premier bilan~~ …`},
	} {
		got, ok := templated(t, tc.dialect, text).render(tc.dialect, e, 4000)
		if !ok || got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, tc.want)
		}
	}
}

func TestTemplate_ShortensValuesUntilAllFits(t *testing.T) {
	v := templated(t, telegramDialect(), "<b>{{heading .}}</b>{{with .Article}} <i>{{.Title}}</i> {{.Summary}}{{end}}{{.Message}}")
	e := hugeEvent(veille.ArticleEdited)
	got, ok := v.render(telegramDialect(), e, 500)
	if !ok || units(got) > 500 || !strings.Contains(got, ellipsis) {
		t.Fatalf("%d units of %q, %t", units(got), got, ok)
	}
	readHTML(t, got, "b", "i")
}

func TestTemplate_GivesWayToTheDefaultText(t *testing.T) {
	d := plainDialect(units)
	v := templated(t, d, "{{with .Article}}{{.Title}}{{end}}")
	system := veille.Delivery{Event: Example(veille.SourceFailing)}
	if got := v.text(d, system, 1000); !strings.HasPrefix(got, "Source failing") {
		t.Errorf("an event that the template says nothing of: %q", got)
	}
	article := veille.Delivery{Event: Example(veille.ArticlePublished)}
	if got := v.text(d, article, 1000); got != article.Event.Article.Title {
		t.Errorf("the template: %q", got)
	}
	article.Degraded = true
	if got := v.text(d, article, 1000); !strings.Contains(got, "agence") {
		t.Errorf("after a refusal: %q", got)
	}
}

func TestTemplate_MistakesHaveTheirPlace(t *testing.T) {
	for text, want := range map[string]int{
		"{{.Nobody}}":                           2,
		"a\n{{if .ID}}":                         2,
		"{{nofunc .}}":                          0,
		"é\n  {{.Article.Title}}":               15,
		"{{range .Matches}}{{.Watch.X}}{{end}}": 26,
		"{{date .ID}}":                          2,
		strings.Repeat("x", maxTemplate+1):      0,
	} {
		p := checkTemplate(text, plainDialect(units), nil)
		if p == nil || p.Path != "template" || p.What == "" || p.Help == "" || p.Offset != want {
			t.Errorf("%.40q: offset %d of %+v, want %d", text, p.Offset, p, want)
		}
	}
}

// Another receiver has the default text where a template writes nothing; a webhook
// would have nothing to send, and a dead letter for each such event.
func TestTemplate_OfAWebhookWritesSomethingForEveryType(t *testing.T) {
	text := `{{with .Article}}{"title": "{{.Title}}"}{{end}}`
	o := &WebhookOptions{URL: veille.NewSecret("https://hook.example/x"), Voice: Voice{Template: text}}
	if p := o.Problems(); len(p) != 1 || p[0].Path != "template" || !strings.Contains(p[0].What, "writes nothing for digest") {
		t.Errorf("problems %v", p)
	}
	if p := (Voice{Template: text}).problems(plainDialect(units), nil); len(p) != 0 {
		t.Errorf("problems of another kind %v", p)
	}
}

func TestTemplate_OfAWebhookWritesJSON(t *testing.T) {
	n, sent := sample{
		kind: "webhook", serve: acceptAll,
		options: func(address string) veille.ReceiverOptions {
			return &WebhookOptions{URL: veille.NewSecret(address), ContentType: "application/json", Voice: Voice{
				Template: `{"title": "{{with .Article}}{{.Title}}{{end}}", "body": "{{default .}}", "tags": [{{range $i, $w := .Watches}}{{if $i}}, {{end}}"{{$w}}"{{end}}]}`,
			}}
		},
	}.receiver(t, Env{})
	for name, e := range events() {
		if _, err := n.Notify(t.Context(), veille.Delivery{Event: e}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if body := sent(); !json.Valid(body) || len(body) > maxWebhookBody {
			t.Fatalf("%s: %d bytes of %.200q", name, len(body), body)
		}
	}
}
