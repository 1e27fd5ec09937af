// Package why tells the life of one article: each stage that it passed, and the
// one at which it stopped. It is pure: Gather collects what is stored, Explain
// puts it in words.
package why
