package notify

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"reflect"

	"veille"
)

// fingerprint tells whether two receivers have the same options, without
// telling any of them.
func fingerprint(options veille.ReceiverOptions) [32]byte {
	h := sha256.New()
	hashInto(h, reflect.ValueOf(options))
	return [32]byte(h.Sum(nil))
}

func hashInto(h hash.Hash, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			hashInto(h, v.Elem())
		}
	case v.Type() == reflect.TypeFor[veille.Secret]():
		text := v.Interface().(veille.Secret).Reveal()
		_, _ = fmt.Fprintf(h, "%d:%s", len(text), text)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			hashInto(h, v.Field(i))
		}
	default:
		text := fmt.Sprint(v.Interface())
		_, _ = fmt.Fprintf(h, "%d:%s", len(text), text)
	}
}
