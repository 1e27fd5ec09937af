package trace

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"veille"
)

type web struct{ snap veille.Snapshot }

func (w web) Discover(context.Context, veille.Source) (veille.Listing, error) {
	return veille.Listing{}, nil
}
func (w web) Visit(context.Context, veille.Source, string, veille.Validators) (veille.Snapshot, error) {
	return w.snap, nil
}
func (w web) Recheck(context.Context, veille.Source, string, veille.Validators) (veille.Snapshot, error) {
	return veille.Snapshot{}, errors.New("503")
}

type desk struct{ err error }

func (d desk) Notify(context.Context, veille.Delivery) (veille.Receipt, error) { return nil, d.err }

// TestTracer_PutsTheWayOfAnArticleInOneTrace goes the way twice, as two
// processes would: the identity is derived, so it is one trace all the same.
func TestTracer_PutsTheWayOfAnArticleInOneTrace(t *testing.T) {
	const url = "https://fr.yna.co.kr/view/1"
	id := veille.ArticleID(url)
	spans := tracetest.NewInMemoryExporter()
	for range 2 {
		tracer := newTracer(t.Context(), sdk.NewSimpleSpanProcessor(spans), "test")
		crawler := tracer.Crawler(web{veille.Snapshot{Canonical: url, Kind: veille.KindArticle}})
		_, _ = crawler.Visit(t.Context(), veille.Source{Name: "nk"}, url+"?utm_source=x", veille.Validators{})
		_ = tracer.Committed(t.Context(), veille.ArticleCommit{Article: veille.Article{ID: id}}, func(context.Context, veille.ArticleCommit) error { return nil })
		_, _ = tracer.Notifier(desk{errors.New("429")}).Notify(t.Context(), veille.Delivery{Receiver: "desk", Created: time.Now(), Event: veille.Event{Article: &veille.EventArticle{ID: id}}})
		_, _ = crawler.Recheck(t.Context(), veille.Source{Name: "nk"}, url, veille.Validators{})
		_, _ = tracer.Notifier(desk{}).Notify(t.Context(), veille.Delivery{Event: veille.Event{Message: "no article's"}})
	}
	trace, root := derived(id)
	got := spans.GetSpans()
	if len(got) != 8 {
		t.Fatalf("%d spans", len(got))
	}
	for i, s := range got {
		name := []string{"visit", "commit", "deliver", "recheck"}[i%4]
		if s.Name != name || s.SpanContext.TraceID() != trace {
			t.Errorf("span %d is %s of %s, want %s of %s", i, s.Name, s.SpanContext.TraceID(), name, trace)
		}
		if first := name == "visit"; first != (s.SpanContext.SpanID() == root) || first == s.Parent.SpanID().IsValid() {
			t.Errorf("%s: id %s, parent %s, root %s", name, s.SpanContext.SpanID(), s.Parent.SpanID(), root)
		}
		if failed := name == "deliver" || name == "recheck"; failed != (s.Status.Code == codes.Error) {
			t.Errorf("%s: status %v", name, s.Status)
		}
	}
}
