package storetest

import "veille"

// tell commits the nth event as of a story, and brings it to the desk.
func (b *box) tell(n int, story string) {
	b.Helper()
	e := event(n)
	e.Story = &veille.Story{ID: story, Outlets: 1, First: url(n)}
	b.ok(b.CommitEvents(b.ctx(), []veille.Event{e}, []veille.Delivery{delivery(n, "desk", n, "Corée")}))
}

// edit is an edit of the nth article.
func edit(n int) veille.Event {
	e := event(n)
	e.ID, e.Type = veille.EventID(e.Article.ID, veille.ArticleEdited, 2), veille.ArticleEdited
	return e
}

func (b *box) put(e veille.Event, receiver string) {
	b.Helper()
	d := delivery(0, receiver, 50)
	d.EventID = e.ID
	b.ok(b.CommitEvents(b.ctx(), []veille.Event{e}, []veille.Delivery{d}))
}

// accept settles a delivery as sent with a receipt.
func (b *box) accept(d veille.Delivery, ts string) {
	b.Helper()
	if ts != "" {
		d.Receipt = veille.Receipt{"ts": ts}
	}
	b.settle(d, veille.DeliverySent)
}

func threads() []promise {
	return []promise{
		{"Thread_IsTheReceiptOfTheFirstAlertOfTheArticle", func(b *box) {
			b.tell(1, "sto_a")
			first := b.claim("desk", 1)
			same(b, "the first", first.Thread, nil)
			b.accept(first, "1.1")
			b.put(edit(1), "desk")
			second := b.claim("desk", 50)
			same(b, "the edit", second.Thread, veille.Receipt{"ts": "1.1"})
			b.accept(second, "2.2")
			b.reopen()
			withdrawn := edit(1)
			withdrawn.ID, withdrawn.Type = veille.EventID(withdrawn.Article.ID, veille.ArticleWithdrawn, 2), veille.ArticleWithdrawn
			b.put(withdrawn, "desk")
			same(b, "the withdrawal", b.claim("desk", 50).Thread, veille.Receipt{"ts": "1.1"})
		}},
		{"Thread_IsElseTheReceiptOfTheFirstAlertOfTheStory", func(b *box) {
			b.tell(1, "sto_a")
			b.accept(b.claim("desk", 1), "1.1")
			b.tell(2, "sto_a")
			second := b.claim("desk", 2)
			same(b, "the same story", second.Thread, veille.Receipt{"ts": "1.1"})
			b.accept(second, "2.2")
			b.put(edit(2), "desk")
			third := b.claim("desk", 50)
			same(b, "the edit of the second article", third.Thread, veille.Receipt{"ts": "2.2"})
			b.accept(third, "3.3")
			b.tell(3, "sto_b")
			same(b, "another story", b.claim("desk", 50).Thread, nil)
		}},
		{"Thread_IsOfTheSameReceiver", func(b *box) {
			b.tell(1, "sto_a")
			b.accept(b.claim("desk", 1), "1.1")
			b.put(edit(1), "hook")
			same(b, "another receiver", b.claim("hook", 50).Thread, nil)
		}},
		{"Thread_NeedsAReceipt", func(b *box) {
			b.tell(1, "sto_a")
			b.accept(b.claim("desk", 1), "")
			b.put(edit(1), "desk")
			same(b, "no receipt", b.claim("desk", 50).Thread, nil)
			b.accept(b.claim("desk", 50), "2.2")
			withdrawn := edit(1)
			withdrawn.ID = veille.EventID(withdrawn.Article.ID, veille.ArticleWithdrawn, 2)
			b.put(withdrawn, "desk")
			same(b, "the first receipt there is", b.claim("desk", 50).Thread, veille.Receipt{"ts": "2.2"})
		}},
		{"Thread_OfADigestIsWhatAllOfItShares", func(b *box) {
			b.tell(1, "sto_a")
			b.accept(b.claim("desk", 1), "1.1")
			b.tell(3, "sto_b")
			b.accept(b.claim("desk", 3), "3.3")
			about := func(id string, ns ...int) veille.Event {
				e := veille.Event{ID: id, Type: veille.Digest, Time: at(40)}
				for _, n := range ns {
					e.Events = append(e.Events, edit(n))
				}
				return e
			}
			b.put(about("evt_one", 1), "desk")
			one := b.claim("desk", 50)
			same(b, "one thread", one.Thread, veille.Receipt{"ts": "1.1"})
			b.accept(one, "4.4")
			b.put(about("evt_two", 1, 3), "desk")
			two := b.claim("desk", 50)
			same(b, "two threads", two.Thread, nil)
			b.accept(two, "5.5")
			b.put(about("evt_new", 5, 6), "desk")
			b.accept(b.claim("desk", 50), "6.6")
			b.put(edit(6), "desk")
			same(b, "what a digest told", b.claim("desk", 50).Thread, veille.Receipt{"ts": "6.6"})
		}},
		{"Thread_EndsWhenItsBeginningIsForgotten", func(b *box) {
			b.tell(1, "sto_a")
			b.accept(b.claim("desk", 1), "1.1")
			same(b, "removed", b.prune(at(999), at(999)), [2]int{0, 1})
			b.put(edit(1), "desk")
			d := b.claim("desk", 50)
			same(b, "thread", d.Thread, nil)
			b.accept(d, "2.2")
			b.tell(2, "sto_a")
			b.accept(b.claim("desk", 50), "3.3")
			withdrawn := edit(1)
			withdrawn.ID = veille.EventID(withdrawn.Article.ID, veille.ArticleWithdrawn, 2)
			b.put(withdrawn, "desk")
			same(b, "a new beginning", b.claim("desk", 50).Thread, veille.Receipt{"ts": "2.2"})
		}},
	}
}
