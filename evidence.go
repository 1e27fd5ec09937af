package veille

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// Exchange is one request and its answer as they went over the wire: what an
// archive keeps of a page. Values of the headers that a source's configuration
// adds are not in it.
type Exchange struct {
	// URL is the address that was asked, without user information.
	URL     string
	At      time.Time
	Request http.Header
	Status  int
	// Answer holds the headers of the answer. Body is decompressed; where that
	// took something, the coding stands in X-Archive-Orig-Content-Encoding.
	Answer http.Header
	Body   []byte
	// Evidence is set once the exchange is archived.
	Evidence *Evidence
}

// Evidence says where an archive keeps what a revision was read from, and
// what it must hold.
type Evidence struct {
	// Record is the identity of the WARC response record: "urn:uuid:…".
	Record string `json:"record"`
	// BodySHA256 is the digest of the answer's body as it was read, in
	// hexadecimal; TextSHA256 that of the revision's text (see TextSHA256).
	BodySHA256 string `json:"body_sha256"`
	TextSHA256 string `json:"text_sha256"`
	// Chain is the digest of this record and of every one before it: whoever
	// holds it can tell whether any of them was changed since.
	Chain string `json:"chain"`
}

// TextSHA256 is the digest of a text as Veille read it: the title, a blank
// line, and the body, in UTF-8; hexadecimal.
func TextSHA256(title, body string) string {
	sum := sha256.Sum256([]byte(title + "\n\n" + body))
	return hex.EncodeToString(sum[:])
}
