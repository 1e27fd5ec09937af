package query

func (s *Set) vote(r *reading) string { return "" }
