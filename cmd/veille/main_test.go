package main

import (
	"context"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"veille/demo"
)

// TestMain lets the test binary be veille itself, for the scripts and for the
// processes that the crash test kills.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"veille": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}, "benchsite": benchSite})
}

// TestCommandLine runs testdata/script. Each script has a small newspaper at
// $SITE: a section page at /world with two fresh articles, one of which the
// founding watch must catch.
func TestCommandLine_DoesWhatItsScriptsSay(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			outlet := &demo.Outlet{Name: "Le Courrier", Language: "fr", Front: demo.Section,
				Noise: []string{"Dossier : la Corée du Nord et la Russie"}, Robots: "User-agent: *\nDisallow: /private/\n"}
			now := time.Now().Truncate(time.Second)
			outlet.Publish(
				demo.Article{Slug: "inondations", Title: "La route de la côte coupée par les pluies", Published: now.Add(-time.Hour),
					Paragraphs: []string{"Des pluies exceptionnelles ont coupé la route de la côte pendant deux jours.", "Les travaux de réparation doivent commencer cette semaine."}},
				demo.Article{Slug: "armement", Title: "Inquiétude sur une coopération d'armement", Author: "Claire Aubert", Published: now.Add(-30 * time.Minute),
					Paragraphs: []string{"Une coopération plus étroite entre la Corée du Nord et la Russie inquiète les chancelleries.", "Les deux capitales sont pour l'instant avares de détails."}},
			)
			server := httptest.NewServer(outlet)
			env.Defer(server.Close)
			env.Setenv("SITE", server.URL)
			env.Values[outletKey{}] = outlet
			// Two more carry one wire, under two names of this machine.
			wire := demo.Article{Slug: "depeche", Title: "Washington s'inquiète d'un rapprochement", Published: now.Add(-20 * time.Minute), Paragraphs: []string{
				"Les États-Unis se disent préoccupés par une coopération plus étroite entre la Corée du Nord et la Russie dans le domaine de la défense, selon un responsable qui a parlé mardi soir.",
				"Un échange de technologies inquiéterait plusieurs capitales de la région, qui demandent une réunion du Conseil de sécurité avant la fin de la semaine.",
				"Moscou a démenti tout projet de livraison et Pyongyang n'a fait aucun commentaire à ce sujet."}}
			for i, name := range []string{"SITE2", "SITE3"} {
				o := &demo.Outlet{Name: "Gazette " + name, Language: "fr", Front: demo.Section}
				o.Publish(wire)
				s := httptest.NewServer(o)
				env.Defer(s.Close)
				env.Setenv(name, strings.Replace(s.URL, "127.0.0.1", []string{"127.0.0.1", "localhost"}[i], 1))
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// edit SLUG OLD NEW replaces words in an article of the newspaper.
			"edit": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value(outletKey{}).(*demo.Outlet).Edit(args[0], func(a *demo.Article) {
					words := strings.NewReplacer(args[1], args[2])
					a.Title = words.Replace(a.Title)
					for i, p := range a.Paragraphs {
						a.Paragraphs[i] = words.Replace(p)
					}
				})
			},
		},
	})
}

// outletKey is where a script keeps its newspaper.
type outletKey struct{}
