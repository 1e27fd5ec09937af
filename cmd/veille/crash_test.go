package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"

	"veille/demo"
)

// TestDaemon_LosesNothingWhenKilledAtAnyMoment kills the real process 50 times
// while articles appear and the receiver fails a third of the time. The
// receiver's own record is the judge.
func TestDaemon_LosesNothingWhenKilledAtAnyMoment(t *testing.T) {
	const hosts, kills = 6, 50
	p, receiver := newPress(t, hosts), newHook(t)
	receiver.failing = 1.0 / 3
	lastWeek := time.Now().Add(-7 * 24 * time.Hour)
	for i, o := range p.outlets {
		o.Publish(demo.Article{Slug: "archive", Title: "Une semaine entre deux ports", Published: lastWeek, Paragraphs: story(9000+i, planted)})
	}
	config, data := configure(t, p.sources("@every 1s"), receiver.server.URL)
	start := func() (*exec.Cmd, *bytes.Buffer) {
		var log bytes.Buffer
		cmd := exec.Command("veille", "run", "-c", config, "--data", data)
		cmd.Stderr = &log
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, &log
	}

	cmd, _ := start()
	waitForPolls(t, p)
	chance := rand.New(rand.NewPCG(3, 4))
	var want []string
	for kill := range kills {
		i, slug := kill%hosts, fmt.Sprintf("dossier-%03d", kill)
		p.outlets[i].Publish(demo.Article{Slug: slug, Title: fmt.Sprintf("Le dossier %d avance", kill),
			Published: time.Now().Truncate(time.Second), Paragraphs: story(kill, planted)})
		want = append(want, "article.published "+p.url(i, slug))
		if kill%10 == 9 {
			old := fmt.Sprintf("dossier-%03d", kill-6)
			p.outlets[(kill-6)%hosts].Edit(old, func(a *demo.Article) { a.Paragraphs[2] = "La réunion est annulée jusqu'à nouvel ordre." })
		}
		// The moment of the kill is the point: any will do.
		timer := time.NewTimer(time.Duration(20+chance.IntN(600)) * time.Millisecond)
		<-timer.C
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		cmd, _ = start()
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	if missing := receiver.waitFor(3*time.Minute, want); len(missing) > 0 {
		t.Fatalf("lost %d of %d, first %s", len(missing), len(want), missing[0])
	}
	for key, events := range receiver.events() {
		if len(events) != 1 {
			t.Errorf("%s came under %d ids", key, len(events))
		}
	}
}
