package config

import "strings"

// didYouMean is `did you mean "x"?` for the candidate nearest to a name, empty
// when none is near.
func didYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return `did you mean "` + near + `"?`
	}
	return ""
}

// frenchKeys are keys as somebody who thinks in French writes them.
var frenchKeys = map[string]string{
	"adresse": "url", "horaire": "schedule", "fuseau": "timezone", "langue": "language", "langues": "languages",
	"étiquettes": "tags", "liens": "links", "nom": "name", "requête": "query", "requete": "query",
	"tous": "all", "toutes": "all", "aucun": "none", "près": "near", "dans": "in", "gravité": "severity",
	"prévenir": "notify", "notifier": "notify", "avertir": "notify", "destinataires": "receivers", "récepteurs": "receivers",
	"veilles": "watches", "sujets": "watches", "notions": "concepts", "inclure": "include", "exclure": "exclude",
	"titre": "title", "corps": "body", "auteur": "author", "mot_de_passe": "password", "sauvegarde": "backup",
}

// Nearest is the candidate nearest to a name, for those who mistype; empty when
// none is near.
func Nearest(name string, candidates []string) string {
	best, least := "", 3
	if len([]rune(name)) <= 3 {
		least = 2
	}
	for _, c := range candidates {
		if c == name {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(c), least); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the number of letters to insert, remove, replace or swap with a
// neighbour (Damerau's restricted edit distance), or limit if it is no less.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d >= limit || -d >= limit || len(x) > 200 {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit)
}
