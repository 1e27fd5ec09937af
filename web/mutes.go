package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"veille"
)

// DeliveryLog is a delivery with what it tells and each try that is kept.
type DeliveryLog struct {
	Delivery veille.Delivery  `json:"delivery"`
	Event    veille.Event     `json:"event"`
	Attempts []veille.Attempt `json:"attempts"`
}

// ReadDelivery reads the log of one delivery.
func ReadDelivery(ctx context.Context, from Lists, seq uint64) (DeliveryLog, error) {
	d, err := from.Delivery(ctx, seq)
	if err != nil {
		return DeliveryLog{}, err
	}
	tries, err := from.Attempts(ctx, seq)
	return DeliveryLog{Delivery: d, Event: d.Event, Attempts: nonNil(tries)}, err
}

// deliveryOperations are those about one delivery, and about mutes.
func (a rows) deliveryOperations() []operation {
	subject := []string{"watch", "source", "story"}
	return []operation{
		{Route: "GET /api/v1/deliveries/{seq}", Summary: "One delivery with its event and its tries.", Answer: reflect.TypeFor[DeliveryLog](),
			serve: numbered(func(ctx context.Context, seq uint64) (any, error) { return ReadDelivery(ctx, a.lists, seq) })},
		{Route: "GET /api/v1/deliveries/{seq}/attempts", Summary: "The tries of a delivery that are kept, the first one first.",
			Answer: reflect.TypeFor[[]veille.Attempt](), serve: numbered(func(ctx context.Context, seq uint64) (any, error) {
				tries, err := a.lists.Attempts(ctx, seq)
				return nonNil(tries), err
			})},
		{Route: "GET /api/v1/mutes", Summary: "What is muted, until when and why.", Answer: reflect.TypeFor[[]veille.Mute](),
			serve: func(w http.ResponseWriter, r *http.Request) {
				mutes, err := a.lists.Mutes(r.Context())
				answer(w, nonNil(mutes), err)
			}},
		{Route: "POST /api/v1/mutes", Summary: "Mutes a watch, a source or a story: its alerts are kept as suppressed.",
			Query: append(subject, "until", "reason"), Answer: reflect.TypeFor[veille.Mute](), Write: true,
			serve: func(w http.ResponseWriter, r *http.Request) {
				m, err := muteOf(r.URL.Query())
				if err == nil {
					if m.Since = time.Now().UTC().Truncate(time.Second); m.Problem() != nil {
						err = fmt.Errorf("%w: %w", m.Problem(), errBadRequest)
					} else {
						err = a.operator.Mute(r.Context(), m)
					}
				}
				answer(w, m, err)
			}},
		{Route: "POST /api/v1/mutes/lift", Summary: "Ends a mute. What it suppressed stays so until it is retried.",
			Query: subject, Answer: reflect.TypeFor[veille.Mute](), Write: true,
			serve: func(w http.ResponseWriter, r *http.Request) {
				m, err := muteOf(r.URL.Query())
				if err == nil {
					err = a.operator.Lift(r.Context(), m)
				}
				answer(w, m, err)
			}},
	}
}

func muteOf(q url.Values) (veille.Mute, error) {
	until, err := instant(q, "until")
	return veille.Mute{Watch: q.Get("watch"), Source: q.Get("source"), Story: q.Get("story"), Until: until, Reason: q.Get("reason")}, err
}

// numbered answers with what the number of a delivery stands for.
func numbered(find func(context.Context, uint64) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
		if err != nil {
			problem(w, http.StatusBadRequest, "a delivery is named by its seq, a number")
			return
		}
		found, err := find(r.Context(), seq)
		answer(w, found, err)
	}
}
