package notify

import (
	"math/rand/v2"
	"time"
)

// pace is how fast a kind of receiver may be addressed.
type pace struct {
	// steps bound the wait after the first, second, … failed attempt of a
	// delivery; the last repeats.
	steps []time.Duration
	// spacing is the least time between two attempts.
	spacing time.Duration
	// members bounds what one digest tells; 0: mostMembers.
	members int
}

// paced is a Notifier that knows its pace. Others go at that of chatSteps.
type paced interface{ pace() pace }

// configured is a Notifier that can tell whether its options changed.
type configured interface{ options() [32]byte }

var (
	// webhookSteps are those of Standard Webhooks 1.0, continued.
	webhookSteps = []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
	// chatSteps are shorter: a person waits for the message.
	chatSteps = []time.Duration{
		time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 2 * time.Minute,
		5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
	}
)

func paceOf(n Notifier) pace {
	if p, ok := innermost(n).(paced); ok {
		return p.pace()
	}
	return pace{steps: chatSteps}
}

const (
	// budget is the age at which a delivery that keeps failing becomes a dead
	// letter.
	budget = 72 * time.Hour
	// leastAttempts are made whatever the age: a receiver may have been down,
	// or the clock wrong, for longer than the budget.
	leastAttempts = 5
	// digestAttempts are made before a digest that keeps failing is split: while
	// it waits, everything behind it does.
	digestAttempts = 3
	// minPause and maxPause bound the pauses of a receiver that does not say
	// how long to wait.
	minPause = time.Second
	maxPause = 15 * time.Minute
	// refusalPause is the least pause after a refusal of access, and
	// maxRefusals how many in a row disable the receiver. The pauses leave a
	// credential that is being replaced the time to arrive.
	refusalPause = 30 * time.Second
	maxRefusals  = 3
	// farthest is the longest wait that this package ever plans; a stored time
	// beyond it was written under a clock that has since been set back.
	farthest = maxWait + maxWait/10
)

// retryDelay is the wait after the n-th failed attempt of a delivery (n from
// 1): full jitter below the step, and never less than the receiver asked for.
func (p pace) retryDelay(n int, after time.Duration) time.Duration {
	step := p.steps[min(max(n, 1), len(p.steps))-1]
	return max(upTo(step), atLeast(after))
}

// pauseDelay is the wait after a receiver's n-th failure in a row (n from 1).
func pauseDelay(n int, after time.Duration) time.Duration {
	d := maxPause
	if n < 11 {
		d = min(minPause<<max(n-1, 0), maxPause)
	}
	return max(minPause, d/2+upTo(d/2), atLeast(after))
}

// atLeast spreads what a receiver asked for by up to a tenth, upwards.
func atLeast(after time.Duration) time.Duration {
	if after <= 0 {
		return 0
	}
	after = min(after, maxWait)
	return after + upTo(after/10)
}

// upTo draws a wait from 0 to d. Nothing is kept secret by it.
func upTo(d time.Duration) time.Duration {
	return rand.N(d + 1) //nolint:gosec // jitter needs no cryptographic randomness
}
