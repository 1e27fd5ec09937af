package web

import "strconv"

// bars is a small bar chart as SVG rectangles: one bar a day, today last.
type bars struct {
	Width, Height int
	Bars          []bar
	Total, Most   int
	Label         string
}

type bar struct {
	X, Y, W, H int
	// Zero is a day without anything, Today the last one.
	Zero, Today bool
	Title       string
}

const (
	barWidth, barGap, barHeight = 7, 3, 40
)

// newBars draws counts. title says what a bar means, by its index.
func newBars(counts []int, label string, title func(i, n int) string) bars {
	c := bars{Width: len(counts)*(barWidth+barGap) - barGap, Height: barHeight, Label: label}
	for _, n := range counts {
		c.Total += n
		c.Most = max(c.Most, n)
	}
	for i, n := range counts {
		h := 2
		if n > 0 {
			h = max(4, n*barHeight/c.Most)
		}
		c.Bars = append(c.Bars, bar{
			X: i * (barWidth + barGap), Y: barHeight - h, W: barWidth, H: h,
			Zero: n == 0, Today: i == len(counts)-1, Title: title(i, n),
		})
	}
	return c
}

// cell is one hour of the week; Level is 0 to 4.
type cell struct {
	X, Y, Level int
	Title       string
}

// rhythm is the hours of the week as a grid: a row a day, a column an hour.
type rhythm struct {
	Cells []cell
	Days  []rhythmDay
	Total int
	Label string
}

type rhythmDay struct {
	Y    int
	Name string
}

const cellStep, rhythmLeft, rhythmTop = 13, 34, 16

func newRhythm(week [7][24]int, names []string, label string) rhythm {
	most := 0
	r := rhythm{Label: label}
	for _, day := range week {
		for _, n := range day {
			most = max(most, n)
			r.Total += n
		}
	}
	for d, day := range week {
		y := rhythmTop + d*cellStep
		r.Days = append(r.Days, rhythmDay{y + 9, names[d]})
		for h, n := range day {
			level := 0
			if n > 0 {
				level = 1 + n*3/most
			}
			r.Cells = append(r.Cells, cell{rhythmLeft + h*cellStep, y, level,
				names[d] + " " + strconv.Itoa(h) + " h: " + strconv.Itoa(n)})
		}
	}
	return r
}
