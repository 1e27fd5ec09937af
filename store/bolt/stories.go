package bolt

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"veille"
)

const (
	// mostMembers bounds the members of a story that are read at each end.
	mostMembers = 500
	// mostStories bounds a listing that asks for no limit.
	mostStories = 1000
)

func memberKey(story string, e entry, id string) []byte {
	h := hashOf(story)
	return join(h[:], be64(e.first), []byte(id))
}

// putMember lists an article among its story's, as it is now.
func (tx *txn) putMember(e entry, a veille.Article) error {
	if a.Story.ID == "" {
		return nil
	}
	return tx.save(bStories, memberKey(a.Story.ID, e, a.ID), veille.Member{
		Article: a.ID, URL: a.URL, Title: a.Snapshot.Title, Source: a.Source, FirstSeen: fromStamp(e.first),
		Kind: a.Story.Kind, Of: a.Story.Of, Score: a.Story.Score, Revision: a.Revision, Alerted: a.Heard(),
	})
}

// Story returns the members of a story, earliest first: all of them, or where
// there are more than 1,000 the 500 earliest and the 500 latest. One that the
// store does not hold is veille.ErrNotFound.
func (s *Store) Story(ctx context.Context, id string) ([]veille.Member, error) {
	var members []veille.Member
	err := s.view(ctx, func(tx *txn) error {
		members = tx.members(id)
		return nil
	})
	if err == nil && len(members) == 0 {
		err = fmt.Errorf("story %s: %w", id, veille.ErrNotFound)
	}
	return members, err
}

func (tx *txn) members(id string) []veille.Member {
	var members []veille.Member
	prefix := hashOf(id)
	c := tx.bucket(bStories).Cursor()
	for k, v := c.Seek(prefix[:]); bytes.HasPrefix(k, prefix[:]); k, v = c.Next() {
		var m veille.Member
		if err := tx.open(bStories, k, v, &m); err != nil {
			tx.store.tell(err)
			continue
		}
		if members = append(members, m); len(members) > 2*mostMembers {
			members = slices.Delete(members, mostMembers, mostMembers+1)
		}
	}
	return members
}

// Stories lists the stories of more than one article, or those of the least
// number of sites that the filter asks for, by their newest members, newest
// first. Before and Source speak of members.
func (s *Store) Stories(ctx context.Context, f veille.StoryFilter) ([]veille.StorySummary, error) {
	if f.Limit <= 0 || f.Limit > mostStories {
		f.Limit = mostStories
	}
	var stories []veille.StorySummary
	shown := map[string]bool{}
	err := s.newest(ctx, bArticles, f.Before, f.Since, func(tx *txn, k, v []byte) (bool, error) {
		var a veille.Article
		if err := tx.open(bArticles, k, v, &a); err != nil {
			s.tell(err)
			return true, nil
		}
		if shown[a.Story.ID] || f.Source != "" && a.Source != f.Source {
			return true, nil
		}
		shown[a.Story.ID] = true
		members := tx.members(a.Story.ID)
		outlets := veille.Outlets(members)
		if outlets >= f.Outlets && (f.Outlets > 0 || len(members) > 1) {
			stories = append(stories, veille.StorySummary{ID: a.Story.ID, Outlets: outlets, Members: members})
		}
		return len(stories) < f.Limit, nil
	})
	return stories, err
}
