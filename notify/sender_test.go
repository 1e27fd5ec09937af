package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"veille"
)

func decode(t *testing.T, raw []byte) (e veille.Event) {
	t.Helper()
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestForbidden(t *testing.T) {
	for address, want := range map[string]bool{
		"169.254.169.254": true, "169.254.0.1": true, "::ffff:169.254.169.254": true, "::169.254.169.254": true,
		"fe80::1": true, "fe80::1%eth0": true, "fd00:ec2::254": true, "fd20:ce::254": true, "168.63.129.16": true,
		"100.100.100.200": true, "192.0.0.192": true, "::ffff:168.63.129.16": true, "64:ff9b::a9fe:a9fe": true,
		"64:ff9b:1::a9fe:a9fe": true, "2002:a9fe:a9fe::1": true, "0.0.0.0": true, "::": true, "224.0.0.1": true, "ff02::1": true,
		"255.255.255.255": true,
		"127.0.0.1":       false, "::1": false, "10.0.0.1": false, "192.168.1.1": false, "172.16.0.1": false, "fd12::1": false,
		"93.184.215.14": false, "2606:2800::1": false, "100.64.0.1": false,
	} {
		if got := forbidden(netip.MustParseAddr(address)); got != want {
			t.Errorf("forbidden(%s) = %t", address, got)
		}
	}
}

func TestTransport_RefusesMetadataAddressesAtDial(t *testing.T) {
	for _, host := range []string{"169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1%25lo]", "168.63.129.16", "100.100.100.200", "[fd00:ec2::254]", "0.0.0.0"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+host+":1/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewTransport().RoundTrip(req); !errors.Is(err, ErrForbiddenAddress) {
			t.Errorf("%s: %v, want a forbidden address", host, err)
		}
	}
	if NewTransport().Proxy != nil {
		t.Error("a proxy may be used")
	}
}

func TestSender_WordsAForbiddenAddress(t *testing.T) {
	// A name may come to lead there after it was checked.
	transport := NewTransport()
	guarded := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return guarded(ctx, network, "169.254.169.254:80")
	}
	_, err := testWebhook(t, "http://rebound.test/"+canary, Env{Transport: transport}).Notify(t.Context(), veille.Delivery{})
	checkVerdict(t, err, veille.VerdictPause, 0, 0)
	if !strings.Contains(err.Error(), "metadata") {
		t.Errorf("error %q does not say why", err)
	}
	noCanary(t, err.Error())
}

func TestSender_BoundsAnAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := pipeServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			switch r.URL.Path {
			case "/silent":
				<-r.Context().Done()
			case "/endless":
				for r.Context().Err() == nil {
					if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
						return
					}
				}
			case "/hanging":
				w.WriteHeader(http.StatusOK)
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			}
		}))
		for _, tc := range []struct {
			path string
			want veille.Verdict
			took time.Duration
		}{{"/silent", veille.VerdictPause, 15 * time.Second}, {"/endless", "", 0}, {"/hanging", "", 15 * time.Second}} {
			begin := time.Now()
			_, err := testWebhook(t, "http://hook.test"+tc.path, env).Notify(t.Context(), veille.Delivery{Event: Example(veille.TestEvent)})
			checkVerdict(t, err, tc.want, 0, 0)
			if took := time.Since(begin); took != tc.took {
				t.Errorf("%s took %v, want %v", tc.path, took, tc.took)
			}
		}
	})
}

func TestSender_UsesNoProxyFromTheEnvironment(t *testing.T) {
	proxied := false
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied = true }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	_, err := testWebhook(t, "http://nobody.test/", Env{}).Notify(t.Context(), veille.Delivery{Event: Example(veille.TestEvent)})
	if err == nil || proxied {
		t.Errorf("error %v, proxied %t", err, proxied)
	}
}

func TestPrivate(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "10.1.2.3": true, "mattermost": true, "ntfy.lan": true, "a.local": true,
		"hooks.slack.com": false, "8.8.8.8": false, "localhost.example.org": false, "2606:2800::1": false,
	} {
		if private(host) != want {
			t.Errorf("private(%s) = %t", host, !want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "30": 30 * time.Second, " 120 ": 2 * time.Minute, "0.376": time.Second, "2.0": 2 * time.Second,
		"-5": 0, "banana": 0, "1e9": 0, "86400": maxWait, "99999999999999999999999999": maxWait, "5.": 0, ".5": 0,
		"Mon, 23 Nov 2026 08:10:00 GMT": 10 * time.Minute, "Mon, 23 Nov 2026 07:00:00 GMT": 0,
		"Fri, 31 Dec 9999 23:59:59 GMT": maxWait, "Monday, 23-Nov-26 08:00:05 GMT": 5 * time.Second,
		"Mon Nov 23 08:00:05 2026": 5 * time.Second, strings.Repeat("9", 1000): 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", value, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"30", "-5", "0.5", "Mon, 23 Nov 2026 08:10:00 GMT", "banana", "999999999999999999999"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if got := retryAfter(s, now); got < 0 || got > maxWait {
			t.Fatalf("retryAfter(%q) = %v", s, got)
		}
	})
}

func TestDelays_StayWithinTheirBounds(t *testing.T) {
	for n := 1; n < 40; n++ {
		for range 50 {
			if d := pauseDelay(n, 0); d < minPause || d > maxPause {
				t.Fatalf("pause %d: %v", n, d)
			}
			if d := pauseDelay(n, time.Hour); d < time.Hour || d > 66*time.Minute {
				t.Fatalf("pause %d of an hour: %v", n, d)
			}
			for _, steps := range [][]time.Duration{webhookSteps, chatSteps} {
				p := pace{steps: steps}
				if d := p.retryDelay(n, 0); d < 0 || d > steps[min(n, len(steps))-1] {
					t.Fatalf("retry %d: %v", n, d)
				}
				if d := p.retryDelay(n, 100*time.Hour); d < maxWait || d > farthest {
					t.Fatalf("retry %d of 100 hours: %v", n, d)
				}
			}
		}
	}
}

// What a server repeats of a request may be encoded as the request had it.
func TestTarget_HidesASecretInEverySpelling(t *testing.T) {
	o := &EmailOptions{Username: "desk", Password: veille.NewSecret("pass/word 1")}
	base, _ := newBase("url", "https://api.example.org")
	hidden := base.conceal(veille.NewSecret("Bearer a-token+1"), o.Password, o.plainLogin())
	for _, text := range []string{
		"Bearer a-token+1", "the token a-token+1 is unknown", "a-token%2B1", "A-TOKEN+1", "YS10b2tlbisx",
		"pass/word 1", "pass%2Fword+1", "pass%2Fword%201", "cGFzcy93b3JkIDE=", "AUTH PLAIN AGRlc2sAcGFzcy93b3JkIDE=",
	} {
		if got := hidden.scrub(text, 200); strings.Contains(strings.ToLower(got), "token+1") || strings.Contains(got, "1=") || !strings.Contains(got, "…") {
			t.Errorf("%q is told as %q", text, got)
		}
	}
	if got := hidden.scrub("the bearer of a word", 200); got != "the bearer of a word" {
		t.Errorf("a harmless text is told as %q", got)
	}
	if got := (&target{url: base.url}).conceal((&EmailOptions{}).plainLogin()).scrub("AAA= AA==", 200); got != "AAA= AA==" {
		t.Errorf("without a password %q is told", got)
	}
}
