package veille

import "strings"

// isTracking reports whether a query parameter says where a reader came from
// or who he is, never which page he reads. Key and value are in lower case.
func isTracking(key, value string) bool {
	// "&amp;utm_source=" is an escape that somebody applied twice.
	key = strings.TrimPrefix(key, "amp;")
	for _, prefix := range [...]string{"utm_", "at_", "ns_", "mtm_", "pk_", "piwik_", "hsa_", "wt_mc", "wt.mc", "aspsessionid"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	switch key {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "li_fat_id",
		"igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "oly_enc_id", "oly_anon_id", "vero_id", "_hsenc", "_hsmi",
		"_ga", "_gl", "_openstat", "__twitter_impression", "guccounter", "guce_referrer", "guce_referrer_sig",
		"xtor", "cmp", "cmpid", "smid", "smtyp", "ito", "ncid", "icid", "ftag", "spm", "s_cid", "sr_share", "sc_cid",
		"ref_src", "ref_url", "ref_tsrc", "__tn__", "xtref", "wpmp_switcher", "partner_ref",
		"phpsessid", "jsessionid", "amp_js_v", "amp_gsa", "amp_r", "usqp":
		return true
	case "amp":
		return value == "" || value == "1" || value == "true"
	case "outputtype":
		return value == "amp"
	case "ref", "referrer", "referer", "source", "src", "from", "via", "origin", "share":
		return isChannel(value)
	}
	return false
}

// isChannel reports whether the value of a parameter such as ref names a way
// in. Any other value may name the article, and is kept.
func isChannel(value string) bool {
	switch value {
	case "", "rss", "feed", "atom", "rssfeed", "twitter", "tw", "x", "facebook", "fb", "linkedin", "whatsapp", "telegram",
		"reddit", "instagram", "bluesky", "mastodon", "email", "mail", "newsletter", "share", "social", "app", "push",
		"home", "homepage", "hp", "nav", "menu", "topnews", "google", "googlenews", "gnews", "flipboard", "applenews":
		return true
	}
	return false
}
