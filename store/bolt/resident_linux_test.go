package bolt

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"veille"
)

// A store is read through however large it is, and the process does not grow by
// it.
func TestEachArticle_KeepsTheFileOutOfMemory(t *testing.T) {
	s := open(t)
	<-s.near.loaded // nobody reads any more
	s.resident.most = fileResident() + 2<<20
	var group sync.WaitGroup
	for lane := range 8 {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(lane), 1))
			for n := range 50 {
				c := testCommit(lane*1000 + n)
				words := make([]string, 8000)
				for i := range words {
					words[i] = strconv.FormatUint(rng.Uint64(), 36)
				}
				c.Article.Snapshot.Body = strings.Join(words, " ")
				c.Revision = nil
				c.Article.Revision = 0
				c.Events, c.Deliveries = nil, nil
				if err := s.CommitArticle(t.Context(), c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if used := s.measure(); used < 24<<20 {
		t.Fatalf("%d bytes show nothing", used)
	}
	before := fileResident()
	read, most := 0, int64(0)
	var mu sync.Mutex
	for range 4 {
		if err := s.EachArticle(t.Context(), time.Time{}, func(veille.Article) {
			mu.Lock()
			defer mu.Unlock()
			read++
			most = max(most, fileResident())
		}); err != nil {
			t.Fatal(err)
		}
	}
	for lane := range 8 {
		for n := range 50 {
			if _, err := s.Article(t.Context(), testCommit(lane*1000+n).Article.ID); err != nil {
				t.Fatal(err)
			}
			most = max(most, fileResident())
		}
	}
	t.Logf("%d bytes of files in memory before, %d at most", before, most)
	if read != 4*400 || most > s.resident.most+14<<20 {
		t.Errorf("%d articles read with %d bytes of the file in memory, want no more than %d", read, most, s.resident.most)
	}
}
