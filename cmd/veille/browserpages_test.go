//go:build browser

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// everyPage looks at each page in light and dark, wide and narrow, in both
// languages.
func (b *tab) everyPage() {
	b.t.Helper()
	pages := map[string]string{
		"now": "/", "articles": "/articles", "search": "/search?q=Russie", "watches": "/watches", "test": "/watches/test?q=Russie", "sources": "/sources", "source": "/sources/courrier", "source-broken": "/sources/broken",
		"deliveries": "/deliveries?state=sent", "pending": "/deliveries?state=pending", "configuration": "/configuration", "error": "/nowhere",
		"stories": "/stories", "mutes": "/mutes", "muted": "/deliveries?state=suppressed", "why": "/why?of=https%3A%2F%2Felsewhere.example%2Fx",
	}
	edited := eval[string](b, `fetch("/api/v1/events?type=article.edited").then(r => r.json()).then(e => e[0].article.id)`)
	pages["article"] = "/articles/" + edited
	pages["article-side"] = "/articles/" + edited + "?view=side"
	pages["story"] = "/stories/" + eval[string](b, `fetch("/api/v1/articles").then(r => r.json()).then(a => a.find(x => x.snapshot.title.startsWith("Mixed")).story.id)`)
	pages["whynot"] = "/why?watch=Cor%C3%A9e+du+Nord+et+Russie&of=" + eval[string](b, `fetch("/api/v1/articles").then(r => r.json()).then(a => a.find(x => x.snapshot.title.startsWith("Mixed")).id)`)
	b.await("the story", `fetch("`+pages["story"]+`").then(r => r.ok)`)
	for _, look := range []struct {
		name          string
		width, height int64
		scheme, lang  string
	}{{"light", 1280, 900, "light", "en"}, {"dark", 1280, 900, "dark", "fr"}, {"phone", 360, 740, "light", "fr"}, {"phone-dark", 360, 740, "dark", "en"}} {
		b.size(look.width, look.height, look.width < 500)
		b.scheme(look.scheme)
		b.visit("/")
		if eval[string](b, `document.documentElement.lang`) != look.lang {
			b.do("switch the language", chromedp.Click(chromedp.CSS(`.foot button[value="`+look.lang+`"]`)), chromedp.WaitReady(chromedp.CSS(`html[lang="`+look.lang+`"]`)))
		}
		for name, path := range pages {
			b.visit(path)
			b.shot(look.name + "-" + name)
			b.accessible(look.name + " " + path)
			ground := eval[int](b, `parseInt(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0])`)
			if dark := ground < 100; dark != (look.scheme == "dark") {
				b.t.Errorf("%s %s: the ground is %d", look.name, path, ground)
			}
		}
	}
	b.size(1280, 900, false)
	b.visit(pages["article"])
	b.shot("edit-dark")
}

// reasons opens what is wrong, on a phone and on a desk.
func (b *tab) reasons() {
	b.t.Helper()
	for _, width := range []int64{1280, 320, 360} {
		b.size(width, 740, width < 500)
		b.visit("/")
		if over := eval[bool](b, `(a => a.right > document.querySelector(".state").getBoundingClientRect().left)(document.querySelector(".menu .configuration a").getBoundingClientRect())`); over {
			b.t.Errorf("the menu and the state lie over one another at %d px", width)
		}
		b.do("open the state", chromedp.Click(chromedp.CSS("details.state summary")), chromedp.WaitVisible(chromedp.CSS("details.state ul")))
		b.shot(fmt.Sprintf("state-%d", width))
		b.accessible(fmt.Sprintf("/ with its state open at %d px", width))
		if out := eval[bool](b, `(r => r.left < 0 || r.right > innerWidth)(document.querySelector("details.state ul").getBoundingClientRect())`); out {
			b.t.Errorf("the state is beyond the window at %d px", width)
		}
		b.do("close it by the keyboard", chromedp.KeyEvent("\x1b"))
		b.await("the state to close", `!document.querySelector("details.state").open && document.activeElement.tagName === "SUMMARY"`)
	}
	// Every entry of the menu is whole, and as large as a thumb.
	if poor := eval[string](b, `[...document.querySelectorAll(".menu a")].map(a => [a.textContent, a.getBoundingClientRect(), a]).filter(([, r, a]) => r.left < 0 || r.right > innerWidth || r.width < 40 || r.height < 40 || a.scrollWidth > a.clientWidth || r.height > 64).map(([t, r]) => t + " " + Math.round(r.width) + "×" + Math.round(r.height)).join(", ")`); poor != "" {
		b.t.Errorf("the menu at 360 px: %s", poor)
	}
}

// withoutScripts does with forms and links alone what scripts make quicker.
func (b *tab) withoutScripts() {
	b.t.Helper()
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.size(1280, 900, false)
	b.visit("/")
	if said := eval[bool](b, `document.querySelector("#live").hidden`); !said {
		b.t.Error("without scripts the page says that it is live")
	}
	all := eval[int](b, `document.querySelectorAll(".card").length`)
	b.do("choose a watch", chromedp.SetValue(chromedp.CSS("#watch"), "Corée du Nord et Russie"), chromedp.Click(chromedp.CSS(".filter button")), chromedp.WaitReady(chromedp.CSS(`#watch option[selected]`)))
	if some := eval[int](b, `document.querySelectorAll(".card").length`); some == 0 || some >= all {
		b.t.Errorf("%d of %d alerts are of one watch", some, all)
	}
	b.visit("/watches/test")
	b.do("test a query", chromedp.SendKeys(chromedp.CSS("#q"), "Pyongyang"), chromedp.Click(chromedp.CSS("#tester button")), chromedp.WaitVisible(chromedp.CSS("#result .outcome mark")))
	if eval[int](b, `document.querySelectorAll("[data-copy]:not([hidden])").length`) != 0 {
		b.t.Error("a button that needs a script shows without one")
	}
	b.visit("/mutes")
	b.do("lift the mute", chromedp.Click(chromedp.CSS(`form[action="/mutes/lift"] button`)), chromedp.WaitVisible(chromedp.CSS(".note.good")))
	b.visit("/sources/strait")
	b.do("open the form", chromedp.Click(chromedp.CSS("details.mute summary")), chromedp.WaitVisible(chromedp.CSS(`details.mute input[name="reason"]`)))
	b.do("mute", chromedp.SendKeys(chromedp.CSS(`details.mute input[name="reason"]`), "known"), chromedp.Click(chromedp.CSS("details.mute button")), chromedp.WaitVisible(chromedp.CSS(".note.good")))
	b.visit("/deliveries?state=dead")
	if eval[int](b, `document.querySelectorAll('form[action="/deliveries/drop"]').length`) > 0 {
		b.do("drop a dead letter", chromedp.Click(chromedp.CSS(`form[action="/deliveries/drop"] button`)), chromedp.WaitVisible(chromedp.CSS(".note.good")))
	}
	b.visit("/sources")
	b.do("poll", chromedp.Click(chromedp.CSS(".panel form button")), chromedp.WaitVisible(chromedp.CSS(".note.good")))
	b.do("switch the language", chromedp.Click(chromedp.CSS(`.foot button[value="fr"]`)), chromedp.WaitReady(chromedp.CSS(`html[lang="fr"]`)))
	b.visit("/articles")
	b.do("read an article", chromedp.Click(chromedp.CSS(".ledger a.headline")), chromedp.WaitVisible(chromedp.CSS(".life")))
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
}

func TestBrowser_LogsInAndOut(t *testing.T) {
	n := newNewspaper(t, `, password: "a good long password"`)
	b := openTab(t, n.url)
	b.visit("/sources")
	if at := eval[string](b, `location.pathname + location.search`); at != "/login?next=%2Fsources" {
		t.Fatalf("a stranger is at %s", at)
	}
	b.accessible("/login")
	for _, look := range []string{"light", "dark"} {
		b.scheme(look)
		b.size(360, 740, true)
		b.shot("login-" + look)
		b.accessible("/login at 360 px, " + look)
	}
	b.scheme("light")
	b.size(1280, 900, false)
	b.do("a wrong password", chromedp.SendKeys(chromedp.CSS("#password"), "guess\r"), chromedp.WaitVisible(chromedp.CSS("#said")))
	b.shot("login-wrong")
	b.accessible("/login after a wrong password")
	b.do("the password", chromedp.SendKeys(chromedp.CSS("#password"), "a good long password\r"), chromedp.WaitVisible(chromedp.CSS(".panels")))
	if at := eval[string](b, `location.pathname + document.cookie`); at != "/sources" {
		t.Errorf("after the login: %s; the session's cookie is for the server alone", at)
	}
	b.visit("/")
	b.await("the stream", `document.querySelector("#live.on") !== null`)
	b.do("log out", chromedp.Click(chromedp.CSS(`form[action="/logout"] button`)), chromedp.WaitVisible(chromedp.CSS("#password")))
	b.visit("/articles")
	if at := eval[string](b, `location.pathname`); at != "/login" {
		t.Errorf("after the logout: %s", at)
	}
}
