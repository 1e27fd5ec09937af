package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReasons_NameAFullStoreOnce(t *testing.T) {
	got := withReasons([]string{"store: store full: 0 bytes free"}, []string{"scheduler stalled", "store full, crawling stopped: store full: 0 bytes free"})
	if diff := cmp.Diff([]string{"store: store full: 0 bytes free; crawling stopped", "scheduler stalled"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The archive may be full where the store is not.
	got = withReasons(nil, []string{"store full, crawling stopped: archive: store full"})
	if diff := cmp.Diff([]string{"store full, crawling stopped: archive: store full"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
