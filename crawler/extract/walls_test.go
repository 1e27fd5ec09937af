package extract

import (
	"strings"
	"testing"

	"veille"
)

// shell is a page of a site with its menu, footer and cookie banner.
func shell(lang, title, main string) string {
	return `<!doctype html><html lang="` + lang + `"><head><meta charset="utf-8"><title>` + title + ` | The Daily</title><meta property="og:site_name" content="The Daily"></head><body>
<header><a href="/">The Daily</a><nav><ul><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li><li><a href="/login">Log in</a></li><li><a href="/subscribe">Subscribe</a></li></ul></nav></header>
<main>` + main + `</main><footer><p>© The Daily 2026</p><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></footer></body></html>`
}

// opening is the part of a walled article that everybody may read.
const opening = `<p>The dam above the town burst at noon on Tuesday, and the water reached the market place before the sirens were heard, the mayor told the council in the evening.</p>`

func TestRead_KnowsWallsInManyLanguages(t *testing.T) {
	wall := func(text string) string {
		return `<article><h1>The dam bursts</h1>` + opening + `<div class="offer"><h2>` + text + `</h2><a class="button" href="/subscribe">1 €</a></div></article>`
	}
	for _, c := range []struct {
		name, lang, title, main string
		kind                    veille.PageKind
	}{
		{"paywall en", "en", "The dam bursts", wall("Subscribe to continue reading"), veille.KindPaywall},
		{"paywall en, members", "en", "The dam bursts", wall("This article is for subscribers only"), veille.KindPaywall},
		{"paywall en, register", "en", "The dam bursts", wall("To continue reading, please sign in"), veille.KindPaywall},
		{"paywall fr", "fr", "Le barrage cède", wall("Cet article est réservé aux abonnés"), veille.KindPaywall},
		{"paywall fr, rest", "fr", "Le barrage cède", wall("Il vous reste 80% de cet article à lire."), veille.KindPaywall},
		{"paywall de", "de", "Der Damm bricht", wall("Jetzt weiterlesen mit dem Probeabo"), veille.KindPaywall},
		{"paywall de, plus", "de", "Der Damm bricht", wall("Dieser Artikel ist exklusiv für Abonnenten"), veille.KindPaywall},
		{"paywall es", "es", "La presa revienta", wall("Suscríbete para seguir leyendo"), veille.KindPaywall},
		{"paywall es, exclusive", "es", "La presa revienta", wall("Contenido exclusivo para suscriptores"), veille.KindPaywall},
		{"paywall it", "it", "Cede la diga", wall("Questo contenuto è riservato agli abbonati"), veille.KindPaywall},
		{"paywall pt", "pt", "A barragem rompe", wall("Conteúdo exclusivo para assinantes"), veille.KindPaywall},
		{"paywall nl", "nl", "De dam breekt", wall("Dit artikel is alleen voor abonnees"), veille.KindPaywall},
		{"paywall pl", "pl", "Tama pęka", wall("Ten artykuł jest dostępny tylko dla subskrybentów"), veille.KindPaywall},
		{"paywall ru", "ru", "Плотина прорвалась", wall("Материал доступен только подписчикам"), veille.KindPaywall},
		{"paywall ja", "ja", "ダムが決壊", wall("この記事は会員限定です"), veille.KindPaywall},
		{"paywall ko", "ko", "댐이 무너졌다", wall("유료회원 전용 기사입니다"), veille.KindPaywall},

		{"consent en", "en", "We value your privacy", `<h1>We value your privacy</h1><p>We and our 812 partners store and/or access information on a device, such as cookies.</p><button>Accept all</button><button>Manage choices</button>`, veille.KindConsent},
		{"consent fr", "fr", "Votre vie privée", `<h1>Votre vie privée nous importe</h1><p>Nous et nos 812 partenaires utilisons des cookies pour stocker et/ou accéder à des informations sur un appareil.</p><button>Tout accepter</button>`, veille.KindConsent},
		{"consent de", "de", "Datenschutzeinstellungen", `<h1>Willkommen</h1><p>Wir und unsere 812 Partner verarbeiten Daten. Weiter mit Werbung und Cookies, oder mit dem Abo.</p><p>Mit Werbung und Cookies nutzen: alle akzeptieren.</p>`, veille.KindConsent},
		{"consent es", "es", "Antes de continuar", `<h1>Antes de continuar</h1><p>Nosotros y nuestros 812 socios utilizamos cookies para almacenar información.</p><button>Aceptar todo</button>`, veille.KindConsent},
		{"consent it", "it", "La tua privacy", `<h1>La tua privacy è importante</h1><p>Noi e i nostri 812 partner utilizziamo i cookie per archiviare informazioni.</p><button>Accetta tutto</button>`, veille.KindConsent},

		{"challenge, checking", "en", "Just a moment...", `<h1>www.daily.example</h1><p>Checking if the site connection is secure</p><p>www.daily.example needs to review the security of your connection before proceeding.</p>`, veille.KindChallenge},
		{"challenge, script", "en", "daily.example", `<p>Please enable JS and disable any ad blocker</p>`, veille.KindChallenge},
		{"challenge, denied", "en", "Access Denied", `<h1>Access Denied</h1><p>You don't have permission to access "http://www.daily.example/dam" on this server.</p><p>Reference #18.2d351ab8.1557333295.a4e16ab</p>`, veille.KindChallenge},
		{"challenge, hold", "en", "Access to this page has been denied", `<h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1>`, veille.KindChallenge},
		{"challenge fr", "fr", "Un instant…", `<p>Vérification que vous êtes humain. Cela peut prendre quelques secondes.</p>`, veille.KindChallenge},
		{"challenge de", "de", "Einen Moment…", `<p>Bestätigen Sie, dass Sie ein Mensch sind. Dies kann einige Sekunden dauern.</p>`, veille.KindChallenge},

		{"not found en", "en", "Page not found", `<h1>Sorry, we couldn't find that page</h1><p>It may have been moved or deleted.</p>`, veille.KindNotFound},
		{"not found fr", "fr", "Page introuvable", `<h1>Oups !</h1><p>La page que vous cherchez n'existe pas ou plus.</p>`, veille.KindNotFound},
		{"not found de", "de", "Seite nicht gefunden", `<h1>Fehler 404</h1><p>Die Seite wurde leider nicht gefunden.</p>`, veille.KindNotFound},
		{"not found es", "es", "Página no encontrada", `<h1>Error 404</h1><p>La página que busca no existe.</p>`, veille.KindNotFound},
		{"not found it", "it", "Pagina non trovata", `<h1>404</h1><p>La pagina che cerchi non esiste.</p>`, veille.KindNotFound},
		{"not found ru", "ru", "Страница не найдена", `<h1>404</h1><p>Страница не найдена или была удалена.</p>`, veille.KindNotFound},
		{"not found ja", "ja", "ページが見つかりません", `<h1>404</h1><p>お探しのページは見つかりませんでした。</p>`, veille.KindNotFound},
		{"not found ko", "ko", "페이지를 찾을 수 없습니다", `<h1>404</h1><p>요청하신 기사는 삭제되었거나 존재하지 않습니다.</p>`, veille.KindNotFound},
		{"not found zh", "zh", "页面不存在", `<h1>404</h1><p>您访问的页面不存在。</p>`, veille.KindNotFound},

		{"login en", "en", "Log in", `<h1>Log in</h1><form><label>E-mail</label><input type="email"><label>Password</label><input type="password"><button>Log in</button></form><p>Not registered yet? Create an account.</p>`, veille.KindOther},
		{"login fr", "fr", "Connexion", `<h1>Connexion</h1><form><input type="email"><input type="password"></form><p>Mot de passe oublié ?</p>`, veille.KindOther},
		{"login de", "de", "Anmelden", `<h1>Anmelden</h1><form><input type="text"><input type="password"></form><p>Passwort vergessen?</p>`, veille.KindOther},
		{"login ko", "ko", "로그인", `<h1>로그인</h1><form><input type="text"><input type="password"></form><p>비밀번호를 잊으셨나요?</p>`, veille.KindOther},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, "https://www.daily.example/2026/dam", shell(c.lang, c.title, c.main))
			if s.Kind != c.kind {
				t.Fatalf("kind = %s (%s), want %s; body %q", s.Kind, s.KindReason, c.kind, s.Body)
			}
			if c.kind != veille.KindPaywall {
				if s.Body != "" || s.Readable() {
					t.Errorf("the wall's text is read: %q", s.Body)
				}
				return
			}
			if !strings.Contains(s.Body, "dam above the town") || strings.Count(s.Body, "\n\n") > 0 {
				t.Errorf("body = %q", s.Body)
			}
			if !strings.HasPrefix(s.KindReason, "paywall: ") {
				t.Errorf("the reason does not tell how much is visible: %q", s.KindReason)
			}
		})
	}
}

func TestRead_TellsHowMuchOfAWalledArticleIsVisible(t *testing.T) {
	page := func(ld string) string {
		return shell("en", "The dam bursts", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"The dam bursts","isAccessibleForFree":"False"`+ld+`}</script><article><h1>The dam bursts</h1>`+opening+`<p>Subscribe to continue reading</p></article>`)
	}
	for ld, want := range map[string]string{
		"":                   "paywall: 131 characters visible",
		`,"wordCount":266`:   "paywall: about 9% visible",
		`,"wordCount":"133"`: "paywall: about 19% visible",
	} {
		if s := read(t, "https://www.daily.example/2026/dam", page(ld)); s.Kind != veille.KindPaywall || s.KindReason != want {
			t.Errorf("%s: %s, %q, want %q", ld, s.Kind, s.KindReason, want)
		}
	}
}
