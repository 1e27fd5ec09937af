package access

import (
	"net/netip"
	"sync"
	"time"
)

const (
	// mostFailures wrong secrets within failureWindow shut a client out until
	// the window is over.
	mostFailures  = 5
	failureWindow = time.Minute
	// mostClients bounds the memory that attackers take.
	mostClients = 10_000
)

// throttle counts wrong secrets by client: an IPv4 address, or the /64 that an
// IPv6 client may choose its address from.
type throttle struct {
	mu      sync.Mutex
	clients map[netip.Prefix]*failures
}

type failures struct {
	since time.Time
	n     int
}

func clientOf(ip netip.Addr) netip.Prefix {
	ip = ip.Unmap().WithZone("")
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits) // the zero address, of a peer without one, is a client too
	return p
}

// judge asks whether a secret is right, unless too many wrong ones came from its
// client: then it returns how long that must wait, and a right one is not looked
// at either, or the answer would tell. Secrets are judged one after another, so
// that many at once are no more than many.
func (t *throttle) judge(ip netip.Addr, now time.Time, right func() bool) (ok bool, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := clientOf(ip)
	if f := t.clients[key]; f != nil && f.n >= mostFailures {
		if wait = f.since.Add(failureWindow).Sub(now); wait > 0 {
			return false, wait
		}
	}
	if right() {
		return true, 0
	}
	t.failed(key, now)
	return false, 0
}

// failed counts a wrong secret. The lock is held.
func (t *throttle) failed(key netip.Prefix, now time.Time) {
	if t.clients == nil {
		t.clients = map[netip.Prefix]*failures{}
	}
	f := t.clients[key]
	if f == nil {
		t.makeRoom(now)
		f = &failures{since: now}
		t.clients[key] = f
	}
	if now.Sub(f.since) >= failureWindow {
		f.since, f.n = now, 0
	}
	f.n++
}

// makeRoom forgets windows that are over, and where that is not enough some
// that are not.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.clients) < mostClients {
		return
	}
	for k, f := range t.clients {
		if now.Sub(f.since) >= failureWindow {
			delete(t.clients, k)
		}
	}
	for k := range t.clients {
		if len(t.clients) < mostClients {
			return
		}
		delete(t.clients, k)
	}
}
