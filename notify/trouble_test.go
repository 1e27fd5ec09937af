package notify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"veille"
)

func french() voice { return voice{words: wordsOf("fr"), zone: time.FixedZone("CET", 3600)} }

func TestVoice_WordsWhatIsAboutVeilleItselfInFrench(t *testing.T) {
	for _, tc := range []struct {
		event veille.Event
		want  string
	}{
		{Example(veille.SourceFailing), "Source en échec\u00a0: La source agence-nk est en échec depuis le lun. 23 nov. 2026, 07:10 CET\u00a0: le site est en panne\u00a0; il est consulté de moins en moins souvent (https://fr.example.org/nk: server_error (HTTP 503))."},
		{Example(veille.SourceQuiet), "Source muette\u00a0: La source agence-nk est muette\u00a0: rien de nouveau depuis le dim. 22 nov. 2026, 07:15 CET, bien qu'elle réponde. La page montre-t-elle encore les nouveautés\u00a0?"},
		{Example(veille.SourceRecovered), "Source rétablie\u00a0: La source agence-nk est rétablie, après 2 h 05 min (server_error)."},
		{Example(veille.ConfigRejected), "Configuration refusée\u00a0: La configuration a été refusée\u00a0; la dernière bonne reste en vigueur. veille.yaml:3:7: sources: unknown key \"urll\"; did you mean \"url\"?"},
		{Example(veille.ReceiverDisabled), "Destinataire désactivé\u00a0: Le destinataire desk refuse les alertes pour de bon (HTTP 410: channel_is_archived). Ses alertes sont gardées jusqu'à ce qu'il soit corrigé et remis en service."},
		{Example(veille.ReceiverRecovered), "Destinataire rétabli\u00a0: Le destinataire desk accepte de nouveau les alertes\u00a0; celles qui étaient gardées sont en route."},
		{
			veille.Event{Type: veille.SourceFailing, Time: at(0), Message: "m", Trouble: &veille.EventTrouble{Cause: "network", Since: at(0), Detail: "dns"}},
			"Source en échec\u00a0: Aucune source ne peut être jointe depuis le lun. 23 nov. 2026, 09:15 CET (dns)\u00a0: cela semble tenir au réseau de Veille.",
		},
		{
			veille.Event{Type: veille.SourceRecovered, Time: at(50 * time.Hour), Message: "m", Trouble: &veille.EventTrouble{Cause: "network", Since: at(0)}},
			"Source rétablie\u00a0: Les sources peuvent de nouveau être jointes, après 2 jours.",
		},
		{
			veille.Event{Type: veille.SourceFailing, Time: at(0), Message: "m", Trouble: &veille.EventTrouble{Cause: "store", Since: at(0), Detail: "archive: store full"}},
			"Source en échec\u00a0: Plus aucune source n'est lue depuis le lun. 23 nov. 2026, 09:15 CET (archive: store full)\u00a0; faites de la place, ou augmentez store.bolt.max_size. La lecture reprendra ensuite d'elle-même.",
		},
		{
			veille.Event{Type: veille.SourceRecovered, Time: at(25 * time.Minute), Message: "m", Trouble: &veille.EventTrouble{Cause: "store", Since: at(0)}},
			"Source rétablie\u00a0: Les sources sont de nouveau lues, après 25 min\u00a0: il y a de la place.",
		},
		{veille.Event{Type: veille.SourceFailing, Time: at(0), Message: "m", Trouble: &veille.EventTrouble{Cause: "moon", Since: at(0)}}, "Source en échec\u00a0: m"},
		// An event of an earlier release has its message only.
		{veille.Event{Type: veille.SourceFailing, Message: "Source x is failing."}, "Source en échec\u00a0: Source x is failing."},
	} {
		if got := french().summary(tc.event, 2000); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.event.Type, got, tc.want)
		}
		english := voice{words: wordsOf("en")}
		if got := english.summary(tc.event, 2000); !strings.HasSuffix(got, strings.ReplaceAll(tc.event.Message, "\n", " ")) {
			t.Errorf("%s in English: %s", tc.event.Type, got)
		}
	}
	edited := Example(veille.ArticleEdited)
	edited.Unmatched = []string{"Sommet"}
	edited.Message = veille.UnmatchedMessage(edited.Unmatched)
	if got := french().note(edited); got != "Ne correspond plus à\u00a0: Sommet." {
		t.Errorf("unmatched: %s", got)
	}
	edited.Message, edited.Unmatched, edited.Revision.Change.Returned = "Back after it was withdrawn (404 not found).", nil, true
	if got := french().note(edited); got != "" {
		t.Errorf("returned: %s", got)
	}
	if got := french().note(Example(veille.StoryGrown)); got != "Désormais dans 3 médias, d'abord dans fr.example.org." {
		t.Errorf("grown: %s", got)
	}
}

func at(d time.Duration) time.Time { return time.Date(2026, 11, 23, 8, 15, 2, 0, time.UTC).Add(d) }

// Each kind of fetch error that the monitor gives advice about has its French.
func TestVoice_HasFrenchForEveryCauseWithAdvice(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../monitor/health/judge.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	errors, err := parser.ParseFile(token.NewFileSet(), "../errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(errors, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if text, ok := v.Values[0].(*ast.BasicLit); ok {
				kinds[v.Names[0].Name], _ = strconv.Unquote(text.Value)
			}
		}
		return true
	})
	found := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "advice" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Fetch") {
				if s.Sel.Name == "FetchErrorKind" {
					return true
				}
				found++
				if frenchTroubles().causes[kinds[s.Sel.Name]] == "" {
					t.Errorf("no French for %s", s.Sel.Name)
				}
			}
			return true
		})
	}
	if found < 10 {
		t.Errorf("only %d causes have advice", found)
	}
}
