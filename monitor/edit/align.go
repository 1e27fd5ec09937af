package edit

import "slices"

// align finds equal elements of a and b, in order, and calls match for each
// pair. It is patience diff: what is common at both ends, then the elements
// that occur once in each, longest increasing run of them, then between them;
// small rests are aligned exactly. Its cost is near linear in texts, where
// most words around a change are rare somewhere.
func align(a, b []int32, match func(i, j int)) {
	alignRange(a, b, 0, len(a), 0, len(b), 0, match)
}

const (
	// exactCells bounds the table of an exact alignment.
	exactCells = 1 << 14
	// deepest bounds the recursion; below it the rest counts as rewritten.
	deepest = 64
)

func alignRange(a, b []int32, a0, a1, b0, b1, depth int, match func(i, j int)) {
	for a0 < a1 && b0 < b1 && a[a0] == b[b0] {
		match(a0, b0)
		a0++
		b0++
	}
	tail := 0
	for a0 < a1-tail && b0 < b1-tail && a[a1-1-tail] == b[b1-1-tail] {
		tail++
	}
	a1, b1 = a1-tail, b1-tail
	if a0 < a1 && b0 < b1 {
		if (a1-a0)*(b1-b0) <= exactCells {
			alignExactly(a, b, a0, a1, b0, b1, match)
		} else if depth < deepest {
			alignAround(uniqueAnchors(a, b, a0, a1, b0, b1), a, b, a0, a1, b0, b1, depth, match)
		}
	}
	for k := range tail {
		match(a1+k, b1+k)
	}
}

// alignAround aligns what lies between the anchors. A range without any has
// been rewritten.
func alignAround(anchors [][2]int, a, b []int32, a0, a1, b0, b1, depth int, match func(i, j int)) {
	if len(anchors) == 0 {
		return
	}
	for _, p := range anchors {
		alignRange(a, b, a0, p[0], b0, p[1], depth+1, match)
		match(p[0], p[1])
		a0, b0 = p[0]+1, p[1]+1
	}
	alignRange(a, b, a0, a1, b0, b1, depth+1, match)
}

// uniqueAnchors pairs the elements that occur exactly once on both sides, as
// many as keep their order.
func uniqueAnchors(a, b []int32, a0, a1, b0, b1 int) [][2]int {
	type place struct{ na, nb, i, j int32 }
	places := make(map[int32]place, a1-a0)
	for i := a0; i < a1; i++ {
		p := places[a[i]]
		p.na++
		p.i = int32(i)
		places[a[i]] = p
	}
	for j := b0; j < b1; j++ {
		if p, ok := places[b[j]]; ok {
			p.nb++
			p.j = int32(j)
			places[b[j]] = p
		}
	}
	var pairs [][2]int
	for i := a0; i < a1; i++ {
		if p := places[a[i]]; p.na == 1 && p.nb == 1 {
			pairs = append(pairs, [2]int{i, int(p.j)})
		}
	}
	return longestIncreasing(pairs)
}

// longestIncreasing keeps the most pairs whose second numbers rise.
func longestIncreasing(pairs [][2]int) [][2]int {
	var ends []int
	prev := make([]int, len(pairs))
	for k, p := range pairs {
		at, _ := slices.BinarySearchFunc(ends, p[1], func(e, j int) int { return pairs[e][1] - j })
		prev[k] = -1
		if at > 0 {
			prev[k] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, k)
		} else {
			ends[at] = k
		}
	}
	if len(ends) == 0 {
		return nil
	}
	out := make([][2]int, len(ends))
	for k, at := ends[len(ends)-1], len(ends)-1; at >= 0; k, at = prev[k], at-1 {
		out[at] = pairs[k]
	}
	return out
}

// alignExactly finds a longest common subsequence in a small range.
func alignExactly(a, b []int32, a0, a1, b0, b1 int, match func(i, j int)) {
	n, m := a1-a0, b1-b0
	best := make([]uint16, (n+1)*(m+1))
	at := func(i, j int) *uint16 { return &best[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[a0+i] == b[b0+j] {
				*at(i, j) = *at(i+1, j+1) + 1
			} else {
				*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case a[a0+i] == b[b0+j]:
			match(a0+i, b0+j)
			i++
			j++
		case *at(i+1, j) >= *at(i, j+1):
			i++
		default:
			j++
		}
	}
}
