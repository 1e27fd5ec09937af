// Package demo is a made-up press: a few outlets on loopback that publish,
// edit, syndicate and withdraw articles. It feeds `veille demo` and the tests
// of the whole daemon; it knows nothing of Veille.
package demo
