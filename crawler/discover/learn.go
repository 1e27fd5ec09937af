package discover

import "veille"

// The bounds on what one listing teaches: a site has few shapes, and five
// examples are as good as fifty.
const (
	maxHearsay      = 24
	maxHearsayShape = 5
)

// hearsay is what a feed or a news sitemap teaches about the addresses of
// articles: a few examples of each shape that it lists with at least a
// confidence.
func (c *collector) hearsay(least float64) []veille.Observation {
	var learned []veille.Observation
	shapes := map[string]int{}
	for i, o := range c.found {
		if i == maxOutlinks || len(learned) == maxHearsay {
			break
		}
		shape := veille.ShapeOf(o.URL)
		if o.Score < least || shape == "" || shapes[shape] == maxHearsayShape {
			continue
		}
		shapes[shape]++
		learned = append(learned, veille.Observation{Site: SiteOf(o.URL), URL: o.URL, Article: true, Listed: true})
	}
	return learned
}
