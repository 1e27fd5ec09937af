// Package monitor decides when to look, what is new, what changed and who is
// told. It asks a Crawler for pages, a Matcher for matches and a Store to
// remember; it sends nothing itself, but commits what others deliver.
package monitor
