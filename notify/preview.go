package notify

import (
	"fmt"

	"veille"
)

// previewer is a Notifier that can show what it would send.
type previewer interface {
	preview(d veille.Delivery) ([]byte, error)
}

// Preview writes what a notifier would send for a delivery, byte for byte but
// for its secrets, which are covered. It sends nothing.
func Preview(n Notifier, d veille.Delivery) ([]byte, error) {
	n, _ = split(n)
	p, ok := n.(previewer)
	if !ok {
		return nil, fmt.Errorf("a %T shows nothing in advance", n)
	}
	return p.preview(d)
}
