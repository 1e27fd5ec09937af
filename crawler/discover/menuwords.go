package discover

import "strings"

// isArticleWord reports whether a path segment announces an article.
func isArticleWord(s string) bool {
	switch s {
	case "article", "articles", "story", "stories", "news", "actualite", "actualites", "actu", "view", "post", "posts", "artikel", "nota", "noticia", "noticias",
		"articolo", "articleview", "newsview", "read", "depeche", "depeches", "nyheter", "nachricht", "nachrichten", "newsarticle", "a", "p", "entry", "breve", "breves", "read-news", "content":
		return true
	}
	return false
}

// isMenuWord reports whether a path segment leads to a list, a form or the
// small print rather than to an article.
func isMenuWord(s string) bool {
	switch s {
	case "tag", "tags", "category", "categories", "categorie", "kategorie", "author", "authors", "auteur", "auteurs", "autor", "autores", "topic", "topics", "thema", "themen", "theme", "themes", "dossiers",
		"section", "sections", "rubrique", "rubriques", "rubrik", "about", "about-us", "aboutus", "a-propos", "apropos", "qui-sommes-nous", "ueber-uns", "contact", "contacts", "contact-us", "contactus", "contactez-nous", "kontakt",
		"newsletter", "newsletters", "login", "log-in", "signin", "sign-in", "signup", "sign-up", "logout", "register", "registration", "connexion", "inscription", "subscribe", "subscription", "subscriptions", "abonnement", "abonnements", "abo", "s-abonner",
		"search", "recherche", "suche", "buscar", "privacy", "privacy-policy", "privacypolicy", "confidentialite", "datenschutz", "terms", "terms-of-service", "terms-of-use", "termsofuse", "tos", "conditions", "cgu", "cgv", "cookies", "cookie-policy", "cookie",
		"legal", "mentions-legales", "impressum", "imprint", "accessibility", "accessibilite", "rss", "feed", "feeds", "atom", "archive", "archives", "page", "pages",
		"weather", "meteo", "wetter", "careers", "jobs", "emploi", "advertise", "advertising", "publicite", "mediakit", "help", "aide", "hilfe", "faq", "support", "shop", "store", "boutique", "account", "accounts", "my-account", "myaccount", "profile", "profil", "profiles", "user", "users", "member", "members", "settings",
		"comment", "comments", "share", "print", "games", "crosswords", "crossword", "puzzles", "horoscope", "sitemap", "site-map", "plan-du-site", "index", "home", "homepage", "latest", "all", "toutes", "app", "apps", "mobile", "widgets", "event", "events", "agenda", "calendar",
		"people", "person", "personne", "staff", "team", "equipe", "byline", "columnist", "columnists", "contributor", "contributors", "correspondents", "reporter", "series", "collections", "collection", "hub", "tv-guide", "schedule", "programme", "programmes", "channel", "channels",
		"donate", "donation", "gift", "ads", "ad", "go", "out", "redirect", "interstitial", "wp-login.php", "wp-admin", "wp-content", "cgi-bin", "api", "auth", "oauth", "preferences", "corrections", "feedback", "press", "presse", "pressroom", "partners", "partenaires", "policies", "policy", "rights", "copyright", "permissions", "stock", "stocks", "quote", "quotes", "market-data", "scores", "standings", "classifieds", "obituaries", "coupons", "deals", "membership", "licensing", "syndication", "newsroom", "masthead", "ethics", "show", "shows", "price", "prices", "voucher", "vouchers", "vouchercodes", "bio", "biography", "biographie", "biographies", "personalities", "staff-directory", "product", "products":
		return true
	}
	return false
}

// isSmallPrintWord reports whether a path segment leads to the small print,
// wherever in the path it stands.
func isSmallPrintWord(s string) bool {
	switch s {
	case "cookies", "cookie-policy", "privacy", "privacy-policy", "datenschutz", "terms", "terms-of-service", "terms-of-use", "mentions-legales",
		"impressum", "accessibility", "advertorial", "advertorials", "sponsored", "sponsored-content", "partner-content", "paid-content", "login", "signin", "sign-in", "signup", "register":
		return true
	}
	return false
}

// isMediaWord reports whether a path segment announces something to watch or
// to hear.
func isMediaWord(s string) bool {
	switch s {
	case "video", "videos", "watch", "podcast", "podcasts", "audio", "audios", "reel", "reels", "replay", "webtv", "listen", "radio", "emissions", "slideshow", "slideshows", "diaporama", "diaporamas":
		return true
	}
	return false
}

// isMenuAnchor reports whether the text of a link is that of a menu: it leads
// on in the site, whatever the address looks like.
func isMenuAnchor(s string) bool {
	switch strings.ToLower(strings.Trim(s, " .…»›>«<→←:|")) {
	case "home", "accueil", "startseite", "inicio", "홈", "ホーム", "首页", "about", "about us", "à propos", "a propos", "contact", "contact us", "contactez-nous", "kontakt", "impressum", "login", "log in", "sign in", "sign up", "se connecter", "connexion", "s'inscrire", "register", "subscribe", "subscribe now", "s'abonner", "abonnez-vous",
		"search", "recherche", "rechercher", "newsletter", "newsletters", "rss", "privacy", "privacy policy", "terms", "terms of use", "terms of service", "cookies", "mentions légales", "plan du site", "sitemap", "site map", "faq", "help", "aide", "careers", "jobs", "advertise", "advertise with us", "archive", "archives",
		"next", "previous", "prev", "older", "newer", "suivant", "précédent", "next page", "previous page", "page suivante", "page précédente", "older posts", "newer posts", "다음", "이전", "로그인", "회원가입", "검색", "더보기", "구독", "ログイン", "検索", "もっと見る", "次へ", "前へ",
		"facebook", "twitter", "instagram", "youtube", "linkedin", "tiktok", "telegram", "whatsapp", "threads", "mastodon", "bluesky", "e-mail", "email", "print", "share", "partager", "imprimer", "comments", "commentaires", "top", "haut de page", "back to top", "skip to content", "skip to main content", "aller au contenu",
		"see all", "view all", "show all", "voir tout", "tout voir", "load more", "see more", "show more", "voir plus", "plus d'articles", "more news", "more", "video", "videos", "vidéos", "photos", "podcasts", "live", "direct", "sport", "sports", "politics", "politique", "business", "économie", "world", "monde", "international", "culture", "opinion", "opinions", "technology", "tech", "science", "sciences", "health", "santé", "entertainment", "lifestyle", "weather", "météo", "games", "shop", "store":
		return true
	}
	return false
}

// isPaidFor reports whether the text of a link says that it is an advertisement.
func isPaidFor(label string) bool {
	word, _, _ := strings.Cut(strings.ToLower(label), " ")
	switch strings.Trim(word, ":|-–[]()") {
	case "sponsored", "advertorial", "advertisement", "promoted", "anzeige", "publicité", "publirédactionnel", "publirreportaje", "patrocinado", "publicidad", "sponsorizzato":
		return true
	}
	return false
}

// isMoreAnchor reports whether the text of a link leads on to the article whose
// heading stands beside it.
func isMoreAnchor(s string) bool {
	switch strings.ToLower(strings.Trim(s, " .…»›>→[]()")) {
	case "", "read more", "read on", "continue reading", "full story", "more", "lire", "lire la suite", "lire plus", "lire l'article", "en savoir plus", "weiterlesen", "mehr", "mehr lesen", "leer más", "leer mas", "seguir leyendo", "leggi tutto", "자세히 보기", "더보기", "続きを読む", "阅读全文", "read article", "read the article", "permalink":
		return true
	}
	return false
}
