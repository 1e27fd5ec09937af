package storetest

import "veille"

func listings() []promise {
	return []promise{
		{"Articles_AreListedNewestFirst", func(b *box) {
			for _, n := range []int{2, 1, 4, 3} {
				c := commit(n, 1)
				if n == 3 {
					c.Article.Source = "other"
				}
				b.ok(b.CommitArticle(b.ctx(), c))
			}
			b.ok(b.CommitArticle(b.ctx(), commit(1, 2)))
			for _, c := range []struct {
				name string
				f    veille.ArticleFilter
				want []int
			}{
				{"all", veille.ArticleFilter{}, []int{4, 3, 2, 1}},
				{"limit", veille.ArticleFilter{Page: veille.Page{Limit: 2}}, []int{4, 3}},
				{"before", veille.ArticleFilter{Page: veille.Page{Limit: 2, Before: at(3)}}, []int{2, 1}},
				{"before the end", veille.ArticleFilter{Page: veille.Page{Before: at(99)}}, []int{4, 3, 2, 1}},
				{"before all", veille.ArticleFilter{Page: veille.Page{Before: at(1)}}, nil},
				{"since", veille.ArticleFilter{Since: at(3)}, []int{4, 3}},
				{"source", veille.ArticleFilter{Source: "wire", Page: veille.Page{Limit: 2}}, []int{4, 2}},
				{"no such source", veille.ArticleFilter{Source: "none"}, nil},
			} {
				var numbers []int
				for _, a := range got[[]veille.Article](b)(b.Articles(b.ctx(), c.f)) {
					numbers = append(numbers, int(a.FirstSeen.Sub(at(0)).Minutes()))
				}
				same(b, c.name, numbers, c.want)
			}
		}},
		{"Events_AreListedNewestFirst", func(b *box) {
			for _, n := range []int{2, 1, 4, 3} {
				e := event(n)
				if n == 3 {
					e.Type, e.Watches = veille.ArticleEdited, []string{"Autre"}
				}
				b.ok(b.CommitEvents(b.ctx(), []veille.Event{e}, nil))
			}
			for _, c := range []struct {
				name string
				f    veille.EventFilter
				want []int
			}{
				{"all", veille.EventFilter{}, []int{4, 3, 2, 1}},
				{"limit", veille.EventFilter{Page: veille.Page{Limit: 3}}, []int{4, 3, 2}},
				{"before", veille.EventFilter{Page: veille.Page{Before: at(4)}}, []int{3, 2, 1}},
				{"since", veille.EventFilter{Since: at(2)}, []int{4, 3, 2}},
				{"watch", veille.EventFilter{Watch: "Russie", Page: veille.Page{Limit: 2}}, []int{4, 2}},
				{"type", veille.EventFilter{Type: veille.ArticleEdited}, []int{3}},
				{"type and watch", veille.EventFilter{Type: veille.ArticleEdited, Watch: "Russie"}, nil},
			} {
				var numbers []int
				for _, e := range got[[]veille.Event](b)(b.Events(b.ctx(), c.f)) {
					numbers = append(numbers, int(e.Time.Sub(at(0)).Minutes()))
				}
				same(b, c.name, numbers, c.want)
			}
		}},
		{"Events_ListMoreThanOneReadHolds", func(b *box) {
			var events []veille.Event
			for n := range 1100 {
				events = append(events, event(n))
			}
			b.ok(b.CommitEvents(b.ctx(), events, nil))
			listed := got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))
			same(b, "events", len(listed), 1100)
			for i, e := range listed {
				if e.ID != event(1099-i).ID {
					b.Fatalf("event %d is out of order", i)
				}
			}
		}},
		{"Deliveries_AreListedNewestFirst", func(b *box) {
			for n := range 4 {
				b.fill(n, n, "desk", "hook")
			}
			b.settle(b.claim("desk", 9), veille.DeliverySent)
			b.settle(b.claim("desk", 9), veille.DeliveryDead)
			type row struct {
				Receiver string
				Event    int
			}
			for _, c := range []struct {
				name string
				f    veille.DeliveryFilter
				want []row
			}{
				{"all", veille.DeliveryFilter{}, []row{{"hook", 3}, {"desk", 3}, {"hook", 2}, {"desk", 2}, {"hook", 1}, {"desk", 1}, {"hook", 0}, {"desk", 0}}},
				{"limit", veille.DeliveryFilter{Page: veille.Page{Limit: 2}}, []row{{"hook", 3}, {"desk", 3}}},
				{"before", veille.DeliveryFilter{Page: veille.Page{Before: at(1)}}, []row{{"hook", 0}, {"desk", 0}}},
				{"receiver", veille.DeliveryFilter{Receiver: "desk", Page: veille.Page{Limit: 3}}, []row{{"desk", 3}, {"desk", 2}, {"desk", 1}}},
				{"pending", veille.DeliveryFilter{State: veille.DeliveryPending, Page: veille.Page{Limit: 3}}, []row{{"hook", 3}, {"desk", 3}, {"hook", 2}}},
				{"pending of one", veille.DeliveryFilter{State: veille.DeliveryPending, Receiver: "desk"}, []row{{"desk", 3}, {"desk", 2}}},
				{"sent", veille.DeliveryFilter{State: veille.DeliverySent}, []row{{"desk", 0}}},
				{"dead", veille.DeliveryFilter{State: veille.DeliveryDead}, []row{{"desk", 1}}},
				{"dead of another", veille.DeliveryFilter{State: veille.DeliveryDead, Receiver: "hook"}, nil},
				{"event", veille.DeliveryFilter{EventID: event(1).ID}, []row{{"hook", 1}, {"desk", 1}}},
				{"event and state", veille.DeliveryFilter{EventID: event(1).ID, State: veille.DeliveryPending}, []row{{"hook", 1}}},
			} {
				var rows []row
				for _, d := range got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), c.f)) {
					rows = append(rows, row{d.Receiver, int(d.Created.Sub(at(0)).Minutes())})
				}
				same(b, c.name, rows, c.want)
			}
		}},
	}
}
