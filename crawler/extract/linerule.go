package extract

import (
	"regexp"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// maxStart is how many runes of a line's start are looked up before its rule is
// tried.
const maxStart = 5

// lineRule matches lines by how they start, whatever their case and the signs
// before their first word. A page may have a hundred thousand lines and few that
// start as a rule says: the others cost a look-up instead of a search.
type lineRule struct {
	re *regexp.Regexp
	// starts holds the folded starts of all matches, of maxStart runes or as many
	// as are certain; shortest is the length of the shortest.
	starts   map[string]bool
	shortest int
	// first are the first runes of starts.
	first map[rune]bool
	ascii [utf8.RuneSelf]bool
	// open says that a match may start anyhow.
	open bool
}

// newLineRule returns the rule for lines that start with one of the
// alternatives of pattern, after which end follows.
func newLineRule(pattern, end string) *lineRule {
	r := &lineRule{re: regexp.MustCompile(`(?i)^[^\pL\pN]*(?:` + pattern + `)` + end), starts: map[string]bool{}, first: map[rune]bool{}, shortest: maxStart}
	parsed, err := syntax.Parse(`(?i)(?:`+pattern+`)`+end, syntax.Perl)
	if err != nil {
		panic(err) // MustCompile has compiled the same.
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	type state struct {
		pc    uint32
		start string
	}
	seen := map[state]bool{}
	var walk func(pc uint32, start string)
	walk = func(pc uint32, start string) {
		if seen[state{pc, start}] {
			return
		}
		seen[state{pc, start}] = true
		inst := prog.Inst[pc]
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(inst.Out, start)
			walk(inst.Arg, start)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			walk(inst.Out, start)
		case syntax.InstFail:
		default:
			next := foldedClass(inst)
			if n := utf8.RuneCountInString(start); n == maxStart || next == nil {
				r.starts[start] = true
				r.shortest = min(r.shortest, n)
				return
			}
			for c := range next {
				walk(inst.Out, start+string(c))
			}
		}
	}
	walk(uint32(prog.Start), "")
	r.open = r.starts[""]
	for start := range r.starts {
		c, _ := utf8.DecodeRuneInString(start)
		if c < utf8.RuneSelf {
			r.ascii[c] = true
		} else {
			r.first[c] = true
		}
	}
	return r
}

// MatchString reports whether a line is as the rule says.
func (r *lineRule) MatchString(s string) bool { return r.mayMatch(s) && r.re.MatchString(s) }

// mayMatch reports whether a line starts as a match does.
func (r *lineRule) mayMatch(s string) bool {
	for i, c := range s {
		if r.open || r.mayStart(foldRune(c)) && r.startsAt(s[i:]) {
			return true
		}
		if unicode.In(c, unicode.L, unicode.N) {
			return false
		}
	}
	return false
}

func (r *lineRule) mayStart(c rune) bool {
	if c < utf8.RuneSelf {
		return r.ascii[c]
	}
	return r.first[c]
}

func (r *lineRule) startsAt(s string) bool {
	var buf [maxStart * utf8.UTFMax]byte
	start, n := buf[:0], 0
	for _, c := range s {
		start = utf8.AppendRune(start, foldRune(c))
		if n++; n >= r.shortest && r.starts[string(start)] {
			return true
		}
		if n == maxStart {
			break
		}
	}
	return false
}

// foldedClass returns the folded runes that an instruction takes, nil if they
// are many.
func foldedClass(inst syntax.Inst) map[rune]bool {
	const many = 6
	if inst.Op != syntax.InstRune && inst.Op != syntax.InstRune1 {
		return nil
	}
	out := map[rune]bool{}
	if len(inst.Rune) == 1 {
		out[foldRune(inst.Rune[0])] = true
		return out
	}
	for i := 0; i+1 < len(inst.Rune); i += 2 {
		if inst.Rune[i+1]-inst.Rune[i] > 60 {
			return nil
		}
		for c := inst.Rune[i]; c <= inst.Rune[i+1]; c++ {
			out[foldRune(c)] = true
		}
		if len(out) > many {
			return nil
		}
	}
	return out
}

// foldRune is the same for the runes that match each other whatever the case,
// for all digits and for all white space.
func foldRune(c rune) rune {
	switch {
	case 'a' <= c && c <= 'z':
		return c
	case 'A' <= c && c <= 'Z':
		return c + 'a' - 'A'
	case '0' <= c && c <= '9':
		return '0'
	case c == '\t', c == '\n', c == '\r', c == '\f':
		return ' '
	case c < utf8.RuneSelf, c >= 0x2E80 && c < 0xA640, c >= 0xAC00 && c < 0xD7B0:
		return c // The scripts of East Asia have no case.
	}
	least := c
	for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A'
	}
	return least
}
