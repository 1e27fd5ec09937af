package extract

import "regexp"

var urlDates = []*regexp.Regexp{
	regexp.MustCompile(`/((?:19|20)\d{2})[/_-](\d{1,2})[/_-](\d{1,2})(?:[/_.-]|$)`),
	regexp.MustCompile(`[/_-]((?:19|20)\d{2})-(\d{2})-(\d{2})(?:\D|$)`),
	regexp.MustCompile(`(?:^|\D)(20\d{2})(\d{2})(\d{2})(?:\D|\d{4,12}(?:\D|$)|$)`),
}

var urlDaysFirst = []*regexp.Regexp{
	regexp.MustCompile(`[/_-](\d{2})-(\d{2})-(20\d{2})(?:\D|$)`),
	regexp.MustCompile(`/(\d{2})(\d{2})(20\d{2})[-_]\pL`),
}

func (d *dater) fromURL(f *facts) []stamp {
	path := f.url.Path
	if len(path) > 2048 {
		return nil
	}
	for _, re := range urlDaysFirst {
		if m := re.FindStringSubmatch(path); m != nil {
			if st := (stamp{year: atoi(m[3]), month: atoi(m[2]), day: atoi(m[1])}); st.valid() {
				return []stamp{st}
			}
		}
	}
	for _, re := range urlDates {
		if m := re.FindStringSubmatch(path); m != nil {
			if st := (stamp{year: atoi(m[1]), month: atoi(m[2]), day: atoi(m[3])}); st.valid() {
				return []stamp{st}
			}
		}
	}
	return nil
}
