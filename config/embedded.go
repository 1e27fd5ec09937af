package config

import (
	_ "embed"
	"slices"
)

//go:embed example.yaml
var example []byte

//go:embed starter.yaml
var starter []byte

// Example is the configuration of `veille run` without a file: the founding
// watch over Yonhap's French pages, with alerts on the console.
func Example() []byte { return slices.Clone(example) }

// Starter is the commented configuration that `veille init` writes.
func Starter() []byte { return slices.Clone(starter) }
