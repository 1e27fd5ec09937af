package veille

import (
	"fmt"
	"log/slog"
)

const redacted = "<secret>"

// Secret is a value that cannot print: every verb, encoder and logger shows
// "<secret>". Reveal is the only way to its text.
type Secret struct{ text string }

// NewSecret keeps a text from being printed.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text, for the one place that must send it.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == "" }

// String, and the methods below, stand for every way a value can print.
func (s Secret) String() string { return redacted }

// GoString answers %#v.
func (s Secret) GoString() string { return redacted }

// Format answers every other verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue answers slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText answers encoders of text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON answers encoding/json.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalYAML answers YAML encoders.
func (s Secret) MarshalYAML() (any, error) { return redacted, nil }
