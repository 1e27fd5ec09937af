package bolt

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCodec_KeepsShortAndLongValues(t *testing.T) {
	var c codec
	for _, want := range []string{"", "short", strings.Repeat("한국어 ", 5000)} {
		payload, err := c.encode(want)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := c.decode(payload, &got); err != nil || got != want {
			t.Errorf("%d bytes came back as %d: %v", len(want), len(got), err)
		}
	}
}

func TestCodec_RefusesMoreThanTheRecordSaid(t *testing.T) {
	var c codec
	payload, err := c.encode(strings.Repeat("x", 10000))
	if err != nil {
		t.Fatal(err)
	}
	payload[1], payload[2] = 0x80, 0x04
	var s string
	if err := c.decode(payload, &s); err == nil {
		t.Error("decoded")
	}
}

func TestUnseal_FindsEveryFlippedBitAndAWrongKey(t *testing.T) {
	value := seal([]byte("key"), []byte("some payload"))
	if got, ok := unseal([]byte("key"), value); !ok || string(got) != "some payload" {
		t.Fatalf("unsealed %q", got)
	}
	if _, ok := unseal([]byte("kez"), value); ok {
		t.Error("accepted under another key")
	}
	for bit := range len(value) * 8 {
		bad := bytes.Clone(value)
		bad[bit/8] ^= 1 << (bit % 8)
		if _, ok := unseal([]byte("key"), bad); ok {
			t.Errorf("bit %d flipped unseen", bit)
		}
	}
}

func TestStamp_SortsLikeTime(t *testing.T) {
	times := []time.Time{{}, time.Unix(-5, 0), time.Unix(0, 0), time.Unix(0, 1), time.Unix(1.7e9, 5), time.Date(2261, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i := 1; i < len(times); i++ {
		if stamp(times[i-1]) > stamp(times[i]) {
			t.Errorf("%v sorts behind %v", times[i-1], times[i])
		}
	}
	want := time.Unix(1.7e9, 5).UTC()
	if diff := cmp.Diff(want, fromStamp(stamp(want))); diff != "" {
		t.Error(diff)
	}
}

// FuzzDecode: bytes of a damaged disk are an error, never a panic.
func FuzzDecode(f *testing.F) {
	var c codec
	for _, v := range []any{testCommit(1).Article, testCommit(1).Deliveries[0]} {
		payload, err := c.encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seal([]byte("k"), payload))
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if payload, ok := unseal([]byte("k"), b); ok {
			b = payload
		}
		var v any
		_ = c.decode(b, &v)
	})
}

// FuzzMeta: whatever stands where a meta page should, the answer is a meta
// page of a sane size or none.
func FuzzMeta(f *testing.F) {
	f.Add(make([]byte, 200))
	f.Add(append(make([]byte, 16), 0xED, 0xDA, 0x0C, 0xED, 2, 0, 0, 0, 0, 16, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, magic, err := newestMeta(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if m != nil && (!magic || m.pageSize < 1<<10 || m.pageSize > 16<<20) {
			t.Fatalf("took %+v", m)
		}
	})
}
