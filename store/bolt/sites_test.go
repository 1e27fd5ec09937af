package bolt

import (
	"errors"
	"fmt"
	"testing"

	"go.etcd.io/bbolt"

	"veille"
)

func TestStore_LearnsInAFileWithoutSites(t *testing.T) {
	path := written(t, 1)
	s := mustOpen(t, path)
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(bSites)) != nil {
			return errors.New("nothing was learned, and there are sites")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Site(t.Context(), "a.example"); !errors.Is(err, veille.ErrNotFound) {
		t.Errorf("error = %v", err)
	}
	teach := func(name string) {
		t.Helper()
		poll := veille.PollCommit{State: veille.SourceState{Name: "wire"}, Learned: []veille.Observation{{Site: name, URL: "https://" + name + "/a/12345", Article: true}}}
		if err := s.CommitPoll(t.Context(), poll); err != nil {
			t.Fatal(err)
		}
	}
	teach("a.example")
	if site, err := s.Site(t.Context(), "a.example"); err != nil || site.Pages != 1 || site.Name != "a.example" {
		t.Errorf("site = %+v, %v", site, err)
	}
	spoil(t, s, bSites, []byte("a.example"))
	if _, err := s.Site(t.Context(), "a.example"); !errors.Is(err, veille.ErrNotFound) {
		t.Errorf("damaged: %v", err)
	}
	teach("a.example")
	if site, err := s.Site(t.Context(), "a.example"); err != nil || site.Pages != 1 {
		t.Errorf("learned anew: %+v, %v", site, err)
	}
}

func TestStore_RemembersABoundedNumberOfSites(t *testing.T) {
	s := mustOpen(t, dbPath(t))
	var learned []veille.Observation
	for n := range maxSites + 300 {
		learned = append(learned, veille.Observation{Site: fmt.Sprintf("%c%c%d.example", 'a'+n%26, 'a'+n/26%26, n), URL: "https://a.example/a/12345"})
	}
	for len(learned) > 0 {
		n := min(len(learned), 500)
		if err := s.CommitPoll(t.Context(), veille.PollCommit{State: veille.SourceState{Name: "wire"}, Learned: learned[:n]}); err != nil {
			t.Fatal(err)
		}
		learned = learned[n:]
	}
	n := 0
	if err := s.db.View(func(tx *bbolt.Tx) error {
		n = tx.Bucket([]byte(bSites)).Stats().KeyN
		return nil
	}); err != nil || n > maxSites || n < maxSites-10 {
		t.Errorf("%d sites, %v", n, err)
	}
}
