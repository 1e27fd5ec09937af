package bolt

import (
	"context"
	"fmt"

	"veille"
)

const (
	// bSites is not among buckets: files of older versions have no such bucket,
	// and nothing is lost where it is missing.
	bSites = "sites"
	// maxSites bounds the sites that are remembered; an aggregator leads to
	// any number of them.
	maxSites    = 4096
	maxSiteName = 255
)

// Site returns what a site has taught, or veille.ErrNotFound. A damaged record
// is as good as none: it is learned anew.
func (s *Store) Site(ctx context.Context, name string) (veille.Site, error) {
	var site veille.Site
	err := s.view(ctx, func(tx *txn) error {
		site = veille.Site{}
		found, err := tx.readSite(name, &site)
		if err != nil || !found {
			return fmt.Errorf("site %s: %w", name, veille.ErrNotFound)
		}
		return nil
	})
	return site, err
}

// readSite looks for a site. The file of an older version has no bucket for it
// until something is learned.
func (tx *txn) readSite(name string, site *veille.Site) (bool, error) {
	if tx.Bucket([]byte(bSites)) == nil {
		return false, nil
	}
	found, err := tx.read(bSites, []byte(name), site)
	if err != nil {
		tx.store.tell(err)
	}
	return found, err
}

// learn teaches their sites what a poll or a visit showed.
func (tx *txn) learn(learned []veille.Observation) error {
	names := map[string]bool{}
	for _, o := range learned {
		if o.Site != "" && len(o.Site) <= maxSiteName {
			names[o.Site] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	if _, err := tx.CreateBucketIfNotExists([]byte(bSites)); err != nil {
		return err
	}
	for name := range names {
		var site veille.Site
		known, err := tx.readSite(name, &site)
		if err != nil {
			site = veille.Site{}
		}
		if !known {
			if err := tx.roomForSite(name); err != nil {
				return err
			}
		}
		site.Name = name
		for _, o := range learned {
			if o.Site == name {
				site.Learn(o)
			}
		}
		if err := tx.save(bSites, []byte(name), site); err != nil {
			return err
		}
	}
	return nil
}

// roomForSite forgets any other site where there are too many: what is still
// visited is soon learned again.
func (tx *txn) roomForSite(name string) error {
	tx.counts["sites"]++
	if int64(fromBE64(tx.bucket(bCounts).Get([]byte("sites"))))+tx.counts["sites"] <= maxSites {
		return nil
	}
	h := hashOf(name)
	c := tx.bucket(bSites).Cursor()
	k, _ := c.Seek([]byte{'a' + h[0]%26, 'a' + h[1]%26})
	if k == nil {
		k, _ = c.First()
	}
	if k == nil {
		return nil
	}
	tx.counts["sites"]--
	return c.Delete()
}
