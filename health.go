package veille

import "time"

// SourceHealth is what a source has learned of itself, and whether it is well.
type SourceHealth struct {
	// Episode is open while the source is not well.
	Episode Episode `json:"episode,omitzero"`
	// Recovered is when the last episode ended.
	Recovered time.Time `json:"recovered,omitzero"`
	// FailingSince is when the first of the polls failed that have failed since
	// the last success. Empty counts the polls in a row without any link.
	FailingSince time.Time  `json:"failing_since,omitzero"`
	Empty        int        `json:"empty,omitempty"`
	Rhythm       Rhythm     `json:"rhythm,omitzero"`
	Reading      Legibility `json:"reading,omitzero"`
}

// Episode is a time in which a source is not well; its zero value is none.
type Episode struct {
	// Type is SourceFailing or SourceQuiet; empty for none.
	Type  EventType `json:"type,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Cause is one word: the kind of a FetchError, no_links, unreadable, banner,
	// selectors, quiet.
	Cause string `json:"cause,omitempty"`
	// Message is what was told.
	Message string `json:"message,omitempty"`
	// Network says that no source could be reached: the episode is one of Veille
	// itself, and the same for every source.
	Network bool `json:"network,omitempty"`
}

// HoursOfWeek is the length of Rhythm.Rates.
const HoursOfWeek = 7 * 24

// Rhythm is how often a source lists something new. A poll that finds new
// outlinks counts once, however many they are.
type Rhythm struct {
	// Rates holds, for every hour of the week from Monday 00:00 UTC, how many
	// polls with something new it brings, in hundredths; nil before the first.
	// It is replaced, never changed.
	Rates []uint16 `json:"rates,omitempty"`
	// Hours counts the hours that were learned from.
	Hours int `json:"hours,omitempty"`
	// At is the last poll; Count is how many had something new in the first hour
	// that is not learned yet.
	At    time.Time `json:"at,omitzero"`
	Count int       `json:"count,omitempty"`
	// From is the first hour that is not learned yet: a wait is learned from when
	// it is over, so that it is judged by what was before it.
	From time.Time `json:"from,omitzero"`
	// News is when something new was last listed, Gaps what is known of the time
	// between two such polls.
	News time.Time `json:"news,omitzero"`
	Gaps Gaps      `json:"gaps,omitzero"`
	// Expected is how many polls with something new were to be expected since
	// the last one; Longest the most before one came, fading.
	Expected float64 `json:"expected,omitempty"`
	Longest  float64 `json:"longest,omitempty"`
	// Found is what the day has brought so far, Due what was to be expected of
	// it. Bursts is how far days are off, fading: the mean of (Found-Due)²/Due,
	// which is 1 where news comes independently.
	Found  int     `json:"found,omitempty"`
	Due    float64 `json:"due,omitempty"`
	Bursts float64 `json:"bursts,omitempty"`
}

// Gaps are the hours between two polls with something new: Count of them, with
// their mean and variance, those of their logarithm, and the longest, fading.
type Gaps struct {
	Count     int     `json:"count,omitempty"`
	Mean      float64 `json:"mean,omitempty"`
	Spread    float64 `json:"spread,omitempty"`
	Log       float64 `json:"log,omitempty"`
	LogSpread float64 `json:"log_spread,omitempty"`
	Longest   float64 `json:"longest,omitempty"`
}

// Legibility is how well the articles of a source are read.
type Legibility struct {
	// Good of Tried first looks led to an article, fading.
	Good  float64 `json:"good,omitempty"`
	Tried float64 `json:"tried,omitempty"`
	// Unread counts those in a row that did not, for the reason Why.
	Unread int    `json:"unread,omitempty"`
	Why    string `json:"why,omitempty"`
	// Length and Spread are the mean and the variance of the logarithm of the
	// words of a body, over Measured articles.
	Length   float64 `json:"length,omitempty"`
	Spread   float64 `json:"spread,omitempty"`
	Measured int     `json:"measured,omitempty"`
	// Short counts the articles in a row that are far shorter than usual, the
	// last of them Words long.
	Short int `json:"short,omitempty"`
	Words int `json:"words,omitempty"`
	// Text identifies the last body, Alike counts the articles in a row with it.
	Text  string `json:"text,omitempty"`
	Alike int    `json:"alike,omitempty"`
}

// Word says how a source is in one word or two: ok, new, failing: CAUSE, quiet.
func (s SourceState) Word() string {
	e := s.Health.Episode
	switch {
	case e.Network:
		return "failing: network"
	case e.Type == SourceFailing:
		return "failing: " + e.Cause
	case e.Type == SourceQuiet:
		return "quiet"
	case s.Fails > 0:
		return "failed: " + string(s.ErrorKind)
	case s.LastSuccess.IsZero():
		return "new"
	}
	return "ok"
}
