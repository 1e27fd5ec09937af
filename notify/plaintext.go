package notify

// plainDialect is text without markup, in which nothing may act.
func plainDialect(measure func(string) int) dialect {
	return dialect{
		inert: disarm, escape: asIs, measure: measure,
		marks:   map[style][2]string{hit: {openMark, closeMark}, gone: {"[-", "-]"}, come: {"{+", "+}"}, moved: {"{~", "~}"}},
		newline: "\n", gap: "\n\n", label: "\n",
	}
}
