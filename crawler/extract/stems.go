package extract

import "strings"

// stems are parts of words, of four bytes or more, one of which a text must hold
// before a costly search in it is worth it.
type stems struct {
	// starts has the bit of each stem's first four bytes (startBit), all lists the
	// stems by them.
	starts [1 << startBits / 64]uint64
	all    map[uint32][]string
}

const startBits = 10

// startBit spreads four bytes by Fibonacci hashing.
func startBit(four uint32) uint32 { return four * 0x9E3779B1 >> (32 - startBits) }

func newStems(list ...string) *stems {
	s := &stems{all: map[uint32][]string{}}
	for _, stem := range list {
		four := uint32(stem[0])<<24 | uint32(stem[1])<<16 | uint32(stem[2])<<8 | uint32(stem[3])
		s.starts[startBit(four)/64] |= 1 << (startBit(four) % 64)
		s.all[four] = append(s.all[four], stem)
	}
	return s
}

// in reports whether a text holds one of the stems. It looks once at each byte.
func (s *stems) in(text string) bool {
	four := uint32(0)
	for i := range len(text) {
		four = four<<8 | uint32(text[i])
		if bit := startBit(four); i < 3 || s.starts[bit/64]&(1<<(bit%64)) == 0 {
			continue
		}
		for _, stem := range s.all[four] {
			if strings.HasPrefix(text[i-3:], stem) {
				return true
			}
		}
	}
	return false
}
