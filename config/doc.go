// Package config turns YAML into domain values, and every mistake in it into a
// message with its place. It is strict: what cannot work is an error, all
// errors are listed at once, and a loaded Config never changes.
//
// One decoder walks the YAML nodes against Go structs, for Veille's own keys
// and for the options of receiver kinds alike; the JSON Schema is generated
// from the same structs.
package config
