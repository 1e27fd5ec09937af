package story_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/monitor/story"
)

func article(url string, seen time.Time, alerted ...string) veille.Article {
	id := veille.ArticleID(url)
	return veille.Article{ID: id, URL: url, FirstSeen: seen, Alerted: alerted, Story: veille.Story{ID: veille.StoryID(id), Outlets: 1, First: url}}
}

func TestPlace_JoinsCopiesWithinTheWindow(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	first := article("https://www.wire.example/1", now.Add(-2*time.Hour), "w1")
	second := article("https://b.example/2", now.Add(-time.Hour), "w2")
	second.Story = veille.Story{ID: first.Story.ID, Outlets: 2, First: first.URL}
	own := article("https://c.example/3", now)
	alone := story.Grouping{Story: own.Story}
	for _, c := range []struct {
		name  string
		words int
		same  []veille.Article
		want  story.Grouping
	}{
		{"no copy", 100, nil, alone},
		{"too short", 39, []veille.Article{first}, alone},
		{"too old", 100, []veille.Article{article("https://old.example/", now.Add(-73*time.Hour))}, alone},
		{"third outlet", 100, []veille.Article{first, second}, story.Grouping{
			Story: veille.Story{ID: first.Story.ID, Outlets: 3, First: first.URL}, Alerted: map[string]bool{"w1": true, "w2": true},
		}},
		{"the same outlet again", 100, []veille.Article{article("https://www.c.example/0", now, "w1")}, story.Grouping{
			Story:   veille.Story{ID: article("https://www.c.example/0", now).Story.ID, Outlets: 1, First: "https://www.c.example/0"},
			Alerted: map[string]bool{"w1": true},
		}},
	} {
		if diff := cmp.Diff(c.want, story.Place(own, c.words, c.same)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
