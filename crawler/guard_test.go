package crawler

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"veille"
)

func TestGuard_Matrix(t *testing.T) {
	const never, private, public = 0, 1, 2
	tests := []struct {
		addr  string
		allow int
	}{
		// Never: metadata, link-local, multicast, reserved, unspecified.
		{"169.254.169.254", never}, {"169.254.0.1", never}, {"169.254.170.2", never},
		{"168.63.129.16", never}, {"100.100.100.200", never}, {"192.0.0.192", never},
		{"fd00:ec2::254", never}, {"fd20:ce::254", never}, {"fe80::1", never}, {"fe80::1%eth0", never},
		{"::ffff:169.254.169.254", never}, {"::ffff:127.0.0.1", never}, {"::ffff:10.0.0.1", never},
		{"::ffff:168.63.129.16", never}, {"::127.0.0.1", never}, {"::", never}, {"0.0.0.0", never}, {"0.1.2.3", never},
		{"64:ff9b::7f00:1", never}, {"64:ff9b::a9fe:a9fe", never}, {"64:ff9b:1::1", never},
		{"2002:7f00:1::", never}, {"2002:a9fe:a9fe::1", never}, {"2001::1", never}, {"2001:db8::1", never},
		{"100::1", never}, {"fec0::1", never}, {"5f00::1", never}, {"3fff::1", never},
		{"224.0.0.1", never}, {"239.255.255.250", never}, {"ff02::1", never},
		{"240.0.0.1", never}, {"255.255.255.255", never}, {"198.18.0.1", never},
		{"192.0.2.1", never}, {"198.51.100.1", never}, {"203.0.113.1", never},
		{"192.31.196.1", never}, {"192.52.193.1", never}, {"192.88.99.1", never}, {"192.175.48.1", never},
		// Only where a source asks for it.
		{"127.0.0.1", private}, {"127.255.255.254", private}, {"::1", private},
		{"10.0.0.1", private}, {"172.16.0.1", private}, {"172.31.255.255", private}, {"192.168.1.1", private},
		{"100.64.0.1", private}, {"fc00::1", private}, {"fd12:3456::1", private},
		// The internet.
		{"8.8.8.8", public}, {"1.1.1.1", public}, {"172.32.0.1", public}, {"168.63.129.17", public},
		{"2606:4700:4700::1111", public}, {"2a00:1450:4007::1", public},
	}
	toPublic, toPrivate := publicGuard(), privateGuard()
	for _, tt := range tests {
		at := netip.AddrPortFrom(netip.MustParseAddr(tt.addr), 443)
		if err := toPublic(at); (err == nil) != (tt.allow == public) {
			t.Errorf("%s, public route: %v", tt.addr, err)
		}
		if err := toPrivate(at); (err == nil) != (tt.allow >= private) {
			t.Errorf("%s, private route: %v", tt.addr, err)
		}
	}
}

func TestGuard_Ports(t *testing.T) {
	for port, want := range map[uint16]bool{80: true, 443: true, 8080: true, 8443: true, 22: false, 25: false, 6379: false, 9200: false} {
		if err := publicGuard()(netip.AddrPortFrom(netip.MustParseAddr("8.8.8.8"), port)); (err == nil) != want {
			t.Errorf("port %d: %v", port, err)
		}
		if err := privateGuard()(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)); err != nil {
			t.Errorf("private route, port %d: %v", port, err)
		}
	}
}

func TestCrawler_RefusesPrivateAddressesInEverySpelling(t *testing.T) {
	c := New(Options{Spacing: 1})
	defer c.Close()
	for _, host := range []string{
		"127.0.0.1", "127.0.0.1:9", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "100.100.100.200",
		"168.63.129.16", "10.1.2.3", "192.168.0.1", "0.0.0.0", "[fe80::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "localhost", "LOCALHOST.",
	} {
		url := "http://" + host + "/"
		_, err := get(t, c, veille.Source{URL: "https://example.org/"}, url)
		wantKind(t, err, veille.FetchBlocked)
	}
	// These are no IP addresses to Go, and are to a browser's URL parser.
	for _, host := range []string{"2130706433", "0x7f.1", "0177.0.0.1", "127.1"} {
		_, err := get(t, c, veille.Source{URL: "https://example.org/"}, "http://"+host+"/")
		if err == nil {
			t.Errorf("%s was fetched", host)
		}
	}
	for _, s := range c.Samples() {
		if s.Name == "veille_crawler_requests_total" && s.Labels[0][1] != "none" {
			t.Errorf("something answered: %v", s)
		}
	}
}

// private listens on 127.0.0.2, which is private in the lab.
func private(t *testing.T, h http.Handler) (url string, hits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("127.0.0.2 is not there: ", err)
	}
	hits = new(atomic.Int64)
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		h.ServeHTTP(w, r)
	})}}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL + "/", hits
}

func TestCrawler_APublicSourceNeverReachesAPrivateAddress(t *testing.T) {
	inside, hits := private(t, text("secret"))
	for _, to := range []string{
		inside, "http://169.254.169.254/latest/meta-data/", "http://localhost:1/", "http://[::ffff:127.0.0.1]/",
		"http://100.100.100.200/", "http://168.63.129.16/",
	} {
		s := newSite(t, map[string]http.HandlerFunc{"/": redirect(to)})
		c := labCrawler(t, Options{})
		if to == "http://localhost:1/" {
			// localhost may be 127.0.0.1, which the lab calls public.
			c = labCrawlerOn(t, Options{}, network{public: func(at netip.AddrPort) error {
				if at.String() == s.Listener.Addr().String() {
					return nil
				}
				return publicGuard()(at)
			}})
		}
		_, err := get(t, c, s.source(), s.URL+"/")
		wantKind(t, err, veille.FetchBlocked)
		_, err = get(t, c, s.source(), to) // a link
		wantKind(t, err, veille.FetchBlocked)
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests arrived inside", hits.Load())
	}
}

func TestCrawler_APrivateSourceReachesItsOwnHostAndNoOther(t *testing.T) {
	other, otherHits := private(t, text("other"))
	var own string
	own, _ = private(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/out":
			http.Redirect(w, r, other, http.StatusFound)
		case "/meta":
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		case "/robots.txt":
			http.NotFound(w, r)
		default:
			_, _ = w.Write([]byte("own"))
		}
	}))
	c := labCrawler(t, Options{})
	source := veille.Source{Name: "intranet", URL: own, AllowPrivate: true}
	if body, err := get(t, c, source, own+"article"); body != "own" || err != nil {
		t.Errorf("own host: %q, %v", body, err)
	}
	for _, url := range []string{own + "out", own + "meta", other} {
		_, err := get(t, c, source, url)
		wantKind(t, err, veille.FetchBlocked)
	}
	// The connection that the private source left open is nobody else's.
	_, err := get(t, c, veille.Source{Name: "public", URL: "https://example.org/"}, own+"article")
	wantKind(t, err, veille.FetchBlocked)
	if otherHits.Load() != 0 {
		t.Errorf("%d requests arrived at the other host", otherHits.Load())
	}
}

// nameServer answers A questions over UDP with what answer returns.
func nameServer(t *testing.T, answer func(name string) [][4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = conn.Close(); wg.Wait() })
	wg.Go(func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			reply := dnsmessage.Message{
				Header:    dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true},
				Questions: m.Questions[:1],
			}
			if q.Type == dnsmessage.TypeA {
				addrs := answer(q.Name.String())
				if addrs == nil {
					reply.RCode = dnsmessage.RCodeNameError
				}
				for _, a := range addrs {
					reply.Answers = append(reply.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET},
						Body:   &dnsmessage.AResource{A: a},
					})
				}
			}
			if b, err := reply.Pack(); err == nil {
				_, _ = conn.WriteTo(b, from)
			}
		}
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestCrawler_IsNotFooledByANameThatChangesItsMind(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	outside := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		text("outside")(w, r)
	})}}
	outside.Start()
	defer outside.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	inside, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Skip("127.0.0.2 is not there: ", err)
	}
	defer inside.Close()

	var asked atomic.Int64
	n := labNetwork()
	n.resolver = nameServer(t, func(string) [][4]byte {
		if asked.Add(1) <= 2 { // for robots.txt and for the page
			return [][4]byte{{127, 0, 0, 1}}
		}
		return [][4]byte{{127, 0, 0, 2}, {127, 0, 0, 2}, {169, 254, 169, 254}}
	})
	c := labCrawlerOn(t, Options{}, n)
	url := "http://rebind.example.org:" + port + "/"
	source := veille.Source{URL: url}
	if body, err := get(t, c, source, url); body != "outside" || err != nil {
		t.Fatalf("before: %q, %v", body, err)
	}
	_, err = get(t, c, source, url)
	wantKind(t, err, veille.FetchBlocked)
}

func TestCrawler_NamesWithoutAddress(t *testing.T) {
	n := labNetwork()
	n.resolver = nameServer(t, func(string) [][4]byte { return nil })
	c := labCrawlerOn(t, Options{}, n)
	_, err := get(t, c, veille.Source{}, "http://nowhere.example.org/")
	wantKind(t, err, veille.FetchDNS)
}
