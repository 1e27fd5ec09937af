// Package trace shows one article's way as an OpenTelemetry trace: visited,
// committed, delivered to each receiver. It wraps what does the work, and only
// where OTEL_EXPORTER_OTLP_ENDPOINT is set: elsewhere nothing of it runs.
package trace

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"

	"veille"
)

// Tracer sends spans. Its methods wrap the steps of an article's way.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   api.Tracer
}

// Start returns a tracer that sends over OTLP/HTTP as the OTEL_* variables of
// the environment say (opentelemetry.io/docs/specs/otel/protocol/exporter).
// What cannot be sent is dropped and, the first time, logged.
func Start(ctx context.Context, version string, log *slog.Logger) (*Tracer, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	var once sync.Once
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		once.Do(func() { log.Warn("traces not sent", "error", err) })
	}))
	return newTracer(ctx, sdk.NewBatchSpanProcessor(exporter), version), nil
}

func newTracer(ctx context.Context, p sdk.SpanProcessor, version string) *Tracer {
	about, err := resource.Merge(resource.Default(), resource.NewSchemaless(attribute.String("service.name", "veille"), attribute.String("service.version", version)))
	if err != nil {
		about = resource.Default()
	}
	// What the environment says of the service holds against what we say.
	if env, err := resource.New(ctx, resource.WithFromEnv()); err == nil {
		if merged, err := resource.Merge(about, env); err == nil {
			about = merged
		}
	}
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(p), sdk.WithResource(about), sdk.WithIDGenerator(ids{}))
	return &Tracer{provider, provider.Tracer("veille")}
}

// Stop sends what waits.
func (t *Tracer) Stop(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// article is which article a span belongs to, and whether it is where its trace
// begins.
type article struct {
	id    string
	first bool
}

type contextKey struct{}

// ids derives the identity of a trace from its article: the way goes on in the
// same trace after a restart, and days later when the article is edited.
type ids struct{}

func (ids) NewIDs(ctx context.Context) (api.TraceID, api.SpanID) {
	a, ok := ctx.Value(contextKey{}).(article)
	if !ok {
		var trace api.TraceID
		_, _ = rand.Read(trace[:])
		return trace, randomSpan()
	}
	trace, root := derived(a.id)
	return trace, root
}

func (ids) NewSpanID(context.Context, api.TraceID) api.SpanID { return randomSpan() }

func randomSpan() (id api.SpanID) {
	_, _ = rand.Read(id[:])
	return id
}

// derived returns the trace of an article and its first span.
func derived(id string) (trace api.TraceID, root api.SpanID) {
	sum := sha256.Sum256([]byte(id))
	copy(trace[:], sum[:16])
	copy(root[:], sum[16:24])
	return trace, root
}

// span records a step that is over.
func (t *Tracer) span(ctx context.Context, name string, a article, began time.Time, err error, facts ...attribute.KeyValue) {
	if a.first {
		ctx = api.ContextWithSpanContext(ctx, api.SpanContext{})
	} else {
		trace, root := derived(a.id)
		ctx = api.ContextWithRemoteSpanContext(ctx, api.NewSpanContext(api.SpanContextConfig{TraceID: trace, SpanID: root, TraceFlags: api.FlagsSampled, Remote: true}))
	}
	_, s := t.tracer.Start(context.WithValue(ctx, contextKey{}, a), name, api.WithTimestamp(began), api.WithAttributes(facts...))
	if err != nil {
		s.SetStatus(codes.Error, err.Error())
	}
	s.End()
}

// Crawler is what visits pages.
type Crawler interface {
	Discover(ctx context.Context, source veille.Source) (veille.Listing, error)
	Visit(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error)
	Recheck(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error)
}

// Crawler wraps what visits pages.
func (t *Tracer) Crawler(inner Crawler) Crawler { return crawler{inner, t} }

type crawler struct {
	Crawler
	trace *Tracer
}

func (c crawler) Visit(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error) {
	began := time.Now()
	snap, err := c.Crawler.Visit(ctx, source, url, known)
	c.trace.visited(ctx, "visit", true, source, url, snap, began, err)
	return snap, err
}

func (c crawler) Recheck(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error) {
	began := time.Now()
	snap, err := c.Crawler.Recheck(ctx, source, url, known)
	c.trace.visited(ctx, "recheck", false, source, url, snap, began, err)
	return snap, err
}

func (t *Tracer) visited(ctx context.Context, name string, first bool, source veille.Source, url string, snap veille.Snapshot, began time.Time, err error) {
	canonical := snap.Canonical
	if canonical == "" {
		canonical = url
	}
	t.span(ctx, name, article{veille.ArticleID(canonical), first}, began, err,
		attribute.String("veille.source", source.Name), attribute.String("url.full", url),
		attribute.String("veille.kind", string(snap.Kind)), attribute.Bool("veille.not_modified", snap.NotModified))
}

// Committed wraps the commit of an article.
func (t *Tracer) Committed(ctx context.Context, c veille.ArticleCommit, commit func(context.Context, veille.ArticleCommit) error) error {
	began := time.Now()
	err := commit(ctx, c)
	t.span(ctx, "commit", article{id: c.Article.ID}, began, err,
		attribute.String("veille.article", c.Article.ID), attribute.Int("veille.revision", c.Article.Revision),
		attribute.Int("veille.events", len(c.Events)), attribute.Int("veille.deliveries", len(c.Deliveries)), attribute.String("veille.silent", c.Article.Silent))
	return err
}

// Notifier makes one attempt to deliver.
type Notifier interface {
	Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error)
}

// Notifier wraps what delivers to a receiver.
func (t *Tracer) Notifier(inner Notifier) Notifier { return notifier{inner, t} }

type notifier struct {
	Notifier
	trace *Tracer
}

func (n notifier) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	began := time.Now()
	receipt, err := n.Notifier.Notify(ctx, d)
	if a := d.Event.Article; a != nil {
		n.trace.span(ctx, "deliver", article{id: a.ID}, began, err,
			attribute.String("veille.receiver", d.Receiver), attribute.String("veille.event", d.EventID), attribute.String("veille.event_type", string(d.Event.Type)),
			attribute.Int("veille.attempts", d.Attempts), attribute.Float64("veille.waited_seconds", began.Sub(d.Created).Seconds()))
	}
	return receipt, err
}
