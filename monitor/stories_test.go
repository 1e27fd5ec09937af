package monitor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
)

// dispatch is a wire of many different words, by its seed.
func dispatch(seed string) string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "%s%d corée %s%d russie. ", seed, i, seed, i+500)
	}
	return strings.TrimSpace(b.String())
}

// outlets is a newsroom of several sites, each with its section page.
func outlets(n *newsroom, names ...string) {
	for _, name := range names {
		n.plan.Sources = append(n.plan.Sources, veille.Source{Name: name, URL: "https://" + name + ".example/", Schedule: "@every 5m"})
		n.web.publish("https://"+name+".example/", "https://"+name+".example/old", "x", dispatch("old"+name), time.Time{})
	}
}

func (n *newsroom) carry(name, title, text string) string {
	section := "https://" + name + ".example/"
	url := section + fmt.Sprintf("%s-%d", strings.ToLower(strings.Fields(title)[0]), len(text))
	n.web.publish(section, url, title, text, time.Time{})
	n.after(6 * time.Minute)
	return url
}

func TestMonitor_ACutOrRewrittenCopyMakesNoSecondAlert(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		outlets(n, "alpha", "beta", "gamma", "delta")
		n.start()
		n.after(10 * time.Minute)
		wire := dispatch("w")
		first := n.carry("alpha", "Première dépêche", wire)
		cut := n.carry("beta", "Titre de la rédaction", wire[:len(wire)/2])
		wrapped := n.carry("gamma", "Encore un titre", "Notre correspondant écrit ceci. "+strings.ToUpper(wire)+" Lire aussi nos pages.")
		n.carry("delta", "Autre histoire", dispatch("other"))
		if got, want := n.told(), []string{"published Première dépêche [dprk] r1", "published Autre histoire [dprk] r1"}; !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		for url, kind := range map[string]veille.StoryKind{cut: veille.StoryExcerpt, wrapped: veille.StoryCopy} {
			a := n.article(url)
			if a.Story.First != first || a.Story.Kind != kind || a.Story.Score < 0.8 || !slices.Equal(a.ToldByCopy, []string{"dprk"}) || len(a.Alerted) > 0 {
				t.Errorf("%s: %+v, told by a copy: %v, alerted %v", url, a.Story, a.ToldByCopy, a.Alerted)
			}
		}
		if got := n.article(wrapped).Story.Outlets; got != 3 {
			t.Errorf("%d outlets", got)
		}
		n.halt()
	})
}

func TestMonitor_ACopyWithSomethingNewAlertsInItsStory(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		outlets(n, "alpha", "beta")
		n.start()
		n.after(10 * time.Minute)
		first := n.carry("alpha", "Dépêche", dispatch("w"))
		later := n.carry("beta", "Développement", dispatch("w")+" "+dispatch("new"))
		if got := n.told(); len(got) != 2 {
			t.Errorf("told %q", got)
		}
		if a := n.article(later); a.Story.First != first || a.Story.Kind != veille.StoryUpdate {
			t.Errorf("%+v", a.Story)
		}
		n.halt()
	})
}

func TestMonitor_AWatchMayAskForEachCopyOrForGrowth(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		each, grown := watchOf("each"), watchOf("grown")
		each.EachCopy = true
		grown.On = append(slices.Clone(grown.On), veille.StoryGrown)
		n.plan.Watches = append(n.plan.Watches, each, grown)
		n.plan.Matcher = words{"dprk": {"corée"}, "each": {"corée"}, "grown": {"corée"}}
		names := []string{"a1", "a2", "a3", "a4", "a5"}
		outlets(n, names...)
		n.start()
		n.after(10 * time.Minute)
		for _, name := range names {
			n.carry(name, "Titre "+name, dispatch("w"))
		}
		var got []string
		for _, e := range n.events() {
			got = append(got, fmt.Sprintf("%s %s %v %d", e.Type, e.Article.Source, e.Watches, e.Story.Outlets))
		}
		want := []string{
			"article.published a1 [dprk each grown] 1",
			"story.grown a2 [grown] 2", "article.published a2 [each] 2",
			"story.grown a3 [grown] 3", "article.published a3 [each] 3",
			"article.published a4 [each] 4",
			"story.grown a5 [grown] 5", "article.published a5 [each] 5",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
		n.halt()
	})
}

func TestMonitor_AStoryGrowsByOutletsNotByArticles(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches[0].On = append(n.plan.Watches[0].On, veille.StoryGrown)
		outlets(n, "alpha", "beta")
		n.start()
		n.after(10 * time.Minute)
		n.carry("alpha", "Dépêche", dispatch("w"))
		n.carry("beta", "Reprise", dispatch("w")+" Lire aussi nos pages.")
		n.carry("beta", "Reprise", dispatch("w")+" Lire encore nos belles pages.")
		if got, want := n.told(), []string{"published Dépêche [dprk] r1", "story.grown Reprise [dprk] r1"}; !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		n.halt()
	})
}

// TestMonitor_VersionsOfOneStoryTeachNoParagraphs: an agency publishes a story
// again with every development. What the versions share is no furniture.
func TestMonitor_VersionsOfOneStoryTeachNoParagraphs(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		outlets(n, "alpha")
		n.start()
		n.after(10 * time.Minute)
		lesson := func(url string) {
			n.web.edit(url, func(p *page) {
				p.snap.Learned = veille.Observation{Site: "alpha.example", URL: url, Article: true, Paragraphs: []uint64{1}}
			})
		}
		for i, text := range []string{dispatch("w"), dispatch("w") + " " + dispatch("more"), dispatch("other")} {
			url := fmt.Sprintf("https://alpha.example/v%d", i)
			n.web.publish("https://alpha.example/", url, "Version "+fmt.Sprint(i), text, time.Time{})
			lesson(url)
			n.after(6 * time.Minute)
		}
		if got, want := n.store.paragraphs["alpha.example"], 2; got != want {
			t.Errorf("a paragraph counts %d times, want %d", got, want)
		}
		n.halt()
	})
}
