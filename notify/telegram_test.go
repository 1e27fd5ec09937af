package notify

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

const telegramCanary = "123456:" + canary

func telegramSample() sample {
	secret := veille.NewSecret
	return sample{
		kind: "telegram",
		options: func(address string) veille.ReceiverOptions {
			return &TelegramOptions{Token: secret(telegramCanary), Chat: "-1001", API: origin(address)}
		},
		bad: []veille.ReceiverOptions{
			&TelegramOptions{API: "https://api.telegram.org"},
			&TelegramOptions{Token: secret(canary), Chat: "-1", API: "https://api.telegram.org"},
			&TelegramOptions{Token: secret(telegramCanary), Chat: "my chat", API: "https://api.telegram.org"},
			&TelegramOptions{Token: secret(telegramCanary), Chat: "-1", API: "https://api.telegram.org/?x=1"},
			&TelegramOptions{Token: secret(telegramCanary), Chat: "-1", API: "ftp://api"},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m struct {
				Chat string `json:"chat_id"`
				Text string
				Mode string `json:"parse_mode"`
			}
			switch {
			case r.URL.Path != "/bot"+telegramCanary+"/sendMessage":
				says(w, 404, `{"ok":false,"error_code":404,"description":"Not Found"}`)
			case !jsonBody(r, &m) || m.Mode != "" && m.Mode != "HTML":
				says(w, 400, `{"ok":false,"error_code":400,"description":"Bad Request: can't parse"}`)
			case m.Chat != "-1001":
				says(w, 400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`)
			case m.Text == "" || length(m.Text) > 4096:
				says(w, 400, `{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}`)
			default:
				says(w, 200, `{"ok":true,"result":{"message_id":7,"chat":{"id":-1001}}}`)
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			m := unmarshal[telegramMessage](t, payload)
			text := m.Text
			if m.Mode == "HTML" {
				text = readHTML(t, text, "a", "b", "i", "s")
			}
			checkInert(t, withoutURLs(e, text))
		},
	}
}

func TestTelegram_ReadsAnswers(t *testing.T) {
	readsAnswers(t, telegramSample(), []reply{
		{200, "", `{"ok":true,"result":{"message_id":7}}`, "", 0},
		{200, "", `<html>`, veille.VerdictRetry, 0},
		{400, "", `{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities"}`, veille.VerdictPoison, 0},
		{400, "", `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, veille.VerdictDisable, 0},
		{400, "", `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1002}}`, veille.VerdictRetry, 0},
		{401, "", `{"ok":false,"error_code":401,"description":"Unauthorized"}`, veille.VerdictDisable, 0},
		{403, "", `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, veille.VerdictDisable, 0},
		{404, "", `{"ok":false,"error_code":404,"description":"Not Found"}`, veille.VerdictDisable, 0},
		{429, "", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 14","parameters":{"retry_after":14}}`, veille.VerdictPause, 14 * time.Second},
		{502, "", `{"ok":false,"error_code":502,"description":"Bad Gateway"}`, veille.VerdictPause, 0},
	})
}

func TestTelegram_FollowsAGroupThatMoved(t *testing.T) {
	var chats []string
	n, _ := sample{
		kind: "telegram", options: telegramSample().options,
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m telegramMessage
			jsonBody(r, &m)
			if chats = append(chats, m.Chat); m.Chat == "-1001" {
				says(w, 400, `{"ok":false,"parameters":{"migrate_to_chat_id":-1002}}`)
				return
			}
			says(w, 200, `{"ok":true,"result":{"message_id":8}}`)
		},
	}.receiver(t, Env{})
	d := veille.Delivery{Event: Example(veille.ArticlePublished)}
	_, err := n.Notify(t.Context(), d)
	if err == nil || !strings.Contains(err.Error(), "-1002") {
		t.Errorf("the operator is not told where the chat is: %v", err)
	}
	receipt, err := n.Notify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"-1001", "-1002"}, chats); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(veille.Receipt{"message": "8", "chat": "-1002"}, receipt); diff != "" {
		t.Error(diff)
	}
}

func TestTelegram_AnswersTheAlert(t *testing.T) {
	n, sent := telegramSample().receiver(t, Env{})
	first := notify(t, n, Example(veille.ArticlePublished), nil)
	sent()
	notify(t, n, Example(veille.ArticleEdited), first)
	if m := unmarshal[telegramMessage](t, sent()); m.Reply == nil || m.Reply.Message != 7 || !m.Reply.Anyway {
		t.Errorf("the edit answers %+v", m.Reply)
	}
	notify(t, n, Example(veille.ArticleEdited), veille.Receipt{"message": "7", "chat": "-9"})
	if m := unmarshal[telegramMessage](t, sent()); m.Reply != nil {
		t.Errorf("an edit answers a message of another chat: %+v", m.Reply)
	}
}
