package notify

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"veille"
)

func discordSample() sample {
	return sample{
		kind:    "discord",
		options: func(address string) veille.ReceiverOptions { return &DiscordOptions{URL: veille.NewSecret(address)} },
		bad: []veille.ReceiverOptions{
			&DiscordOptions{}, &DiscordOptions{URL: veille.NewSecret("http://discord.com/api/webhooks/" + canary)},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m struct {
				Content  string
				Embeds   []struct{ Title, Description string }
				Mentions struct{ Parse []string } `json:"allowed_mentions"`
			}
			ok := jsonBody(r, &m) && length(m.Content) <= 2000 && len(m.Embeds) <= 10 && m.Mentions.Parse != nil && len(m.Mentions.Parse) == 0
			total := 0
			for _, e := range m.Embeds {
				ok = ok && length(e.Description) <= 4096 && length(e.Title) <= 256
				total += length(e.Description) + length(e.Title)
			}
			switch {
			case !ok || total > 6000:
				says(w, 400, `{"message":"Invalid Form Body","code":50035}`)
			case m.Content == "" && total == 0:
				says(w, 400, `{"message":"Cannot send an empty message","code":50006}`)
			case r.URL.Query().Get("wait") != "true":
				w.WriteHeader(http.StatusNoContent)
			default:
				says(w, 200, `{"id":"11","channel_id":"22"}`)
			}
		},
		check: func(t *testing.T, _ veille.Event, payload []byte) {
			m := unmarshal[discordMessage](t, payload)
			text := m.Content
			for _, e := range m.Embeds {
				text += e.Description
			}
			checkInert(t, readMarkdown(t, text))
		},
	}
}

func TestDiscord_ReadsAnswers(t *testing.T) {
	readsAnswers(t, discordSample(), []reply{
		{200, "", `{"id":"1","channel_id":"2"}`, "", 0},
		{204, "", ``, "", 0},
		{429, "", `{"message":"You are being rate limited.","retry_after":0.376,"global":false}`, veille.VerdictPause, 376 * time.Millisecond},
		{429, "1", `{"retry_after":64.57,"global":true}`, veille.VerdictPause, 64570 * time.Millisecond},
		{429, "5", `<html>`, veille.VerdictPause, 5 * time.Second},
		{400, "", `{"message":"Invalid Form Body","code":50035}`, veille.VerdictPoison, 0},
		{401, "", `{"message":"Invalid Webhook Token","code":50027}`, veille.VerdictDisable, 0},
		{401, "", `{"message":"401: Unauthorized","code":0}`, veille.VerdictPause, 0},
		{403, "", `{"message":"Missing Access","code":50001}`, veille.VerdictPause, 0},
		{404, "", `{"message":"Unknown Webhook","code":10015}`, veille.VerdictDisable, 0},
		{404, "", ``, veille.VerdictDisable, 0},
		{500, "", ``, veille.VerdictPause, 0}, {502, "", `<html>`, veille.VerdictPause, 0},
	})
}

// F85 of the bad inputs.
func TestDiscord_HostileTitleIsLiteral(t *testing.T) {
	e := Example(veille.ArticlePublished)
	e.Article.Title = "@everyone [x](javascript:1) ||spoiler|| <@1> `code`"
	text := discordMessageOf(testVoice(), veille.Delivery{Event: e}).Embeds[0].Description
	want := "**[@" + zeroWidth + `everyone \[x\]\(javascript:` + zeroWidth + `1\) \|\|spoiler\|\| \<` + zeroWidth + "@" + zeroWidth + "1\\> \\`code\\`](https://fr.example.org/view/1?a=1&b=2)**"
	if got, _, _ := strings.Cut(text, "\n"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
