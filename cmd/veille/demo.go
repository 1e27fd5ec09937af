package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"veille/config"
	"veille/demo"
	"veille/web"
)

//go:embed demo.yaml
var demoConfig []byte

// demoTail is how long the demo goes on after its last step, so that the
// withdrawal is checked often enough to be certain.
const demoTail = 6 * time.Second

func (a *app) demoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "See it work: a made-up press on loopback, watched for real",
		Long: `Starts three made-up newspapers on loopback, in French, English and Korean, that
publish, edit, syndicate and withdraw, and watches them with the real crawler,
store and outbox. It needs no file, no account and no network.`,
		Example: "  veille demo\n  veille demo --serve    keep the press running until Ctrl-C",
		Args:    cobra.NoArgs,
	}
	serve := cmd.Flags().Bool("serve", false, "keep the press and the daemon running after the script")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), *serve) }
	return cmd
}

func (a *app) demo(ctx context.Context, serve bool) error {
	dir, err := os.MkdirTemp("", "veille-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	press := demo.NewPress(time.Now())
	tasks := newTasks(ctx, cancel)
	defer func() {
		cancel()
		_ = tasks.wait() // the error was returned, or came before the others began
	}()
	urls := map[string]string{}
	for name, outlet := range map[string]*demo.Outlet{"DEMO_FRENCH": press.French, "DEMO_ENGLISH": press.English, "DEMO_KOREAN": press.Korean} {
		base, err := serveOutlet(tasks, outlet, a)
		if err != nil {
			return err
		}
		urls[name] = base + outlet.FrontPath()
	}
	conf, err := config.Parse("demo.yaml", demoConfig, func(name string) (string, bool) { v, ok := urls[name]; return v, ok }, checks())
	if err != nil {
		return err
	}

	// The script and the alerts share one console.
	quiet := *a
	console := &lockedWriter{w: a.stdout}
	quiet.stdout = console
	quiet.logLevel = "warn"
	tasks.start("daemon", func(ctx context.Context) error {
		return quiet.daemon(ctx, conf, daemonOptions{dataDir: dir, withdrawalSpacing: time.Second, http: config.HTTP{Listen: "127.0.0.1:0"},
			listening: func(address net.Addr) {
				_, _ = fmt.Fprintf(console, "The dashboard: http://%s\n", address)
			}})
	})
	tasks.start("script", func(ctx context.Context) error {
		_, _ = fmt.Fprintln(console, "Three newspapers are open. Veille polls each of them every second; last week's articles make no alert.")
		for _, step := range press.Script(time.Now) {
			if !pause(ctx, step.After+demoLead(step)) {
				return nil
			}
			_, _ = fmt.Fprintf(console, "\n── %s\n", step.Say)
			step.Do()
		}
		if serve {
			_, _ = fmt.Fprintf(console, "\nThe press stays open: %s %s %s\nCtrl-C ends it.\n", urls["DEMO_FRENCH"], urls["DEMO_ENGLISH"], urls["DEMO_KOREAN"])
			<-ctx.Done()
			return nil
		}
		if pause(ctx, demoTail) {
			_, _ = fmt.Fprintln(console, "\nDone. Next: veille init, then veille run.")
		}
		return nil
	})
	return tasks.wait()
}

// demoLead lets the first poll record the backlog before the first story.
func demoLead(step demo.Step) time.Duration {
	if step.After == 0 {
		return 1500 * time.Millisecond
	}
	return 0
}

// serveOutlet opens an outlet on a loopback port of its own: to a polite
// crawler it is a host of its own.
func serveOutlet(t *tasks, o http.Handler, a *app) (base string, err error) {
	l, err := new(net.ListenConfig).Listen(t.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	t.start("press", func(ctx context.Context) error { return web.Serve(ctx, l, o, a.log()) })
	return "http://" + l.Addr().String(), nil
}

// lockedWriter keeps the lines of several writers apart.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
