package main

import (
	"log/slog"
	"strings"
)

// proxyVariables name the proxies that other programs take from the environment.
var proxyVariables = []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}

// proxies are those that the environment names. Veille takes none: which address a
// name leads to is judged before it is connected to, and behind a proxy it is
// the proxy that looks names up.
func (a *app) proxies() []string {
	var set []string
	for _, name := range proxyVariables {
		if a.env(name) != "" || a.env(strings.ToLower(name)) != "" {
			set = append(set, name)
		}
	}
	return set
}

// warnOfProxies says that a proxy which the environment names is not used, before
// every source fails for want of it.
func (a *app) warnOfProxies(log *slog.Logger) {
	if set := a.proxies(); len(set) > 0 {
		log.Warn("proxy of the environment not used: Veille connects by itself", "variables", set)
	}
}
