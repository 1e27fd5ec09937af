package veille_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestShownBy_GivesTheTagsAndTheLanguageOfTheSources(t *testing.T) {
	sources := []veille.Source{
		{Name: "b", Language: "ko", Tags: []string{"korea", "wire"}},
		{Name: "a", Language: "fr", Tags: []string{"press"}},
		{Name: "c", Tags: []string{"other"}},
	}
	a := veille.Article{Source: "gone", Sources: []string{"a", "b"}, Snapshot: veille.Snapshot{Language: "en"}}
	by := a.ShownBy(sources)
	if diff := cmp.Diff([]veille.Source{{Name: "gone"}, sources[1], sources[0]}, by); diff != "" {
		t.Errorf("shown by: %s", diff)
	}
	as, tags := a.Snapshot.ShownBy(by)
	if as.Language != "fr" || a.Snapshot.Language != "en" {
		t.Errorf("read as %q, and the article's own is %q", as.Language, a.Snapshot.Language)
	}
	if diff := cmp.Diff([]string{"press", "korea", "wire"}, tags); diff != "" {
		t.Errorf("tags: %s", diff)
	}
	if as, tags = a.Snapshot.ShownBy(nil); as.Language != "en" || tags != nil {
		t.Errorf("shown by nobody: %q %v", as.Language, tags)
	}
}
