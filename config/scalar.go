package config

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"veille"
)

// decodeScalar fills v from a single value. Text keeps what was written: NO,
// 007, 1e3 and 2023-09-14 are words here, whatever YAML thinks of them.
func (p place) decodeScalar(v reflect.Value, f field) bool {
	n := resolved(p.node)
	if n.Kind != yaml.ScalarNode {
		help := ""
		if n.Style&yaml.FlowStyle != 0 && v.Kind() == reflect.String {
			help = "quote the value if it is a text that begins with [ or {"
		}
		p.wrong("this must be "+wanted(v.Type(), f)+", not "+kindWords(n), help)
		return false
	}
	if f.trap != "" && !p.clearOfTraps(n, f.trap) {
		return false
	}
	if what, help := slipIn(n, f.trap); what != "" {
		p.wrong(what, help)
		return false
	}
	e, err := p.in.env.expand(n.Value)
	if err != nil {
		p.wrong(err.Error(), "")
		return false
	}
	switch {
	case v.Type() == secretType:
		v.Set(reflect.ValueOf(veille.NewSecret(e.text)))
		return true
	case v.Kind() == reflect.String:
		if len(f.enum) > 0 && !slices.Contains(f.enum, e.text) {
			help := "it can be " + either(f.enum)
			if did := didYouMean(p.written(), f.enum); did != "" {
				help = did
			}
			p.wrong(p.quoted()+" is not known here", help)
			return false
		}
		v.SetString(e.text)
		return true
	}
	if err := setNumber(v, f, e.text); err != nil {
		p.wrong(p.quoted()+" is not "+wanted(v.Type(), f), err.Error())
		return false
	}
	return true
}

// quoted is the value as the file has it, for a message. It shows no more than
// its beginning.
func (p place) quoted() string {
	s := []rune(p.written())
	if len(s) > 60 {
		s = append(s[:60:60], '…')
	}
	return strconv.Quote(string(s))
}

func wanted(t reflect.Type, f field) string {
	switch {
	case t == secretType:
		return "a text"
	case t == durationType:
		return "a duration"
	case f.unit == "bytes":
		return "a size"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	}
	return "a number"
}

func setNumber(v reflect.Value, f field, s string) error {
	switch {
	case v.Type() == durationType:
		d, err := ParseDuration(s)
		v.SetInt(int64(d))
		return err
	case f.unit == "bytes":
		n, err := parseSize(s)
		v.SetInt(n)
		return err
	case v.Kind() == reflect.Bool:
		if s != "true" && s != "false" {
			return fmt.Errorf("write true or false")
		}
		v.SetBool(s == "true")
		return nil
	case v.CanInt():
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v.OverflowInt(n) {
			return fmt.Errorf("write a whole number")
		}
		v.SetInt(n)
		return nil
	case v.CanFloat():
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("write a number")
		}
		v.SetFloat(n)
		return nil
	}
	// A receiver kind's options hold a type that the decoder does not know.
	return fmt.Errorf("no value of type %s can be written", v.Type())
}

// clearOfTraps refuses what YAML quietly took away from a text without quotes:
// a comment behind a blank, a tag, an anchor.
func (p place) clearOfTraps(n *yaml.Node, trap string) bool {
	if trap == "query" && n.Style&yaml.LiteralStyle == 0 && strings.Contains(n.Value, "#") && strings.Contains(strings.TrimSpace(n.Value), "\n") {
		p.wrong("YAML joins the lines of this text, and a comment in it would run on", "write the query as a block behind |, which keeps its lines")
		return false
	}
	if n.Style != 0 {
		return true
	}
	at := p.start()
	if data := p.in.text.data; at < len(data) && (data[at] == '!' || data[at] == '&') {
		p.wrong(fmt.Sprintf("a value without quotes cannot begin with %c", data[at]), "put the whole value between single quotes")
		return false
	}
	comment := strings.TrimPrefix(n.LineComment, "#")
	hashtag := comment != "" && comment == strings.TrimLeft(comment, " \t")
	if n.LineComment == "" || trap == "word" && !hashtag {
		return true
	}
	whole := n.Value + " " + n.LineComment
	help := "put the comment on its own line"
	if hashtag {
		help = "write '" + strings.ReplaceAll(whole, "'", "''") + "' if it belongs to the text; else " + help
	}
	p.wrong("YAML takes "+strconv.Quote(n.LineComment)+" for a comment", help)
	return false
}

// list joins words for a sentence: all of them.
func list(words []string) string { return joined(words, " and ") }

// either joins words for a sentence: one of them.
func either(words []string) string { return joined(words, " or ") }

func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}
