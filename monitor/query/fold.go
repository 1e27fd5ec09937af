package query

import (
	_ "embed"
	"encoding/binary"
)

// class says what a folded character does to the word being read.
type class uint8

const (
	classBreak  class = iota // ends a word
	classDrop                // does not exist
	classMark                // an accent: extends the letter before it, is not compared
	classLetter              // continues a word
	classJamo                // a letter that may complete the Hangul syllable before it
	classSolo                // a word of its own
	classKata                // a word of its own, in a katakana run
	classMany                // several atoms: the rest is an index into folding.many
)

// atom is one folded character with its class.
type atom uint32

func newAtom(c class, r rune) atom { return atom(uint32(c)<<21 | uint32(r)) }
func (a atom) class() class        { return class(a >> 21) }
func (a atom) rune() rune          { return rune(a & 0x1fffff) }

// foldBits is how many low bits of a character find its atom in a block.
const foldBits = 7

// foldData is made from the Unicode data of golang.org/x/text by a test:
// go test ./monitor/query -run FoldTable -update
//
//go:embed fold.bin
var foldData []byte

// folding holds what every character is compared as. It never changes.
var folding = readFolding(foldData)

// foldTable finds the atom of a character: in the block that index names for
// its high bits, at its low bits. Of an atom that is one character, blocks hold
// the distance to the character, so that alike regions share a block.
type foldTable struct {
	index  []uint16
	blocks []uint32
	many   [][]atom
	// short holds what the letters of two bytes fold to, by the bits of these,
	// where that is one letter; 0 elsewhere.
	short [1 << 11]uint16
}

func readFolding(data []byte) *foldTable {
	var t foldTable
	next := func() int {
		n := binary.LittleEndian.Uint32(data)
		data = data[4:]
		return int(n)
	}
	t.index = make([]uint16, next())
	for i := range t.index {
		t.index[i] = binary.LittleEndian.Uint16(data)
		data = data[2:]
	}
	t.blocks = make([]uint32, next())
	for i := range t.blocks {
		t.blocks[i] = uint32(next())
	}
	t.many = make([][]atom, next())
	for i := range t.many {
		t.many[i] = make([]atom, next())
		for j := range t.many[i] {
			t.many[i][j] = atom(next())
		}
	}
	for r := range t.short[0x80:] {
		r += 0x80
		if a := t.atom(rune(r)); a.class() == classLetter && a.rune() < rune(len(t.short)) {
			t.short[r] = uint16(a.rune())
		}
	}
	return &t
}

// atom returns the folding of r; one of classMany stands for several.
func (t *foldTable) atom(r rune) atom {
	x := t.blocks[int(t.index[r>>foldBits])<<foldBits|int(r&(1<<foldBits-1))]
	if class(x>>21) == classMany {
		return atom(x)
	}
	return atom(x&^0x1fffff | (x+uint32(r))&0x1fffff)
}

func isHan(r rune) bool {
	switch {
	case r >= 0x4e00 && r <= 0x9fff, r >= 0x3400 && r <= 0x4dbf, r == 0x3005, r == 0x3007:
		return true
	case r >= 0x20000 && r <= 0x323af:
		return r < 0x2f800 || r > 0x2fa1f // compatibility ideographs decompose
	}
	return false
}

func isHangul(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }

// compose joins a mark or jamo to the character before it, or returns 0.
func compose(last, r rune) rune {
	const (
		lBase, vBase, tBase, sBase = 0x1100, 0x1161, 0x11a7, 0xac00
		lCount, vCount, tCount     = 19, 21, 28
	)
	switch {
	case r == 0x0306 && last == 'и':
		return 'й'
	case r == 0x3099 || r == 0x309a:
		return voiced(last, r-0x3098)
	case r >= vBase && r < vBase+vCount && last >= lBase && last < lBase+lCount:
		return sBase + ((last-lBase)*vCount+(r-vBase))*tCount
	case r > tBase && r < tBase+tCount && isHangul(last) && (last-sBase)%tCount == 0:
		return last + (r - tBase)
	}
	return 0
}

// voiced returns a kana with a voicing mark, the first or the second, 0 if
// there is no such kana.
func voiced(kana, mark rune) rune {
	const katakana = 'ア' - 'あ'
	base := kana
	if kana >= 'ァ' && kana <= 'ヶ' {
		base -= katakana
	}
	switch {
	case base >= 'は' && base <= 'ほ' && (base-'は')%3 == 0:
		return kana + mark
	case mark != 1:
		return 0
	case base >= 'か' && base <= 'ち' && (base-'か')%2 == 0, base == 'つ' || base == 'て' || base == 'と', kana == 'ゝ' || kana == 'ヽ':
		return kana + 1
	case base == 'う':
		return kana + ('ゔ' - 'う')
	case kana >= 'ワ' && kana <= 'ヲ':
		return kana + ('ヷ' - 'ワ')
	}
	return 0
}
