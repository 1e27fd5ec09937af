package web

import (
	"github.com/prometheus/client_golang/prometheus"

	"veille"
)

// sampleCollector turns the samples of the moment into Prometheus metrics. It
// is unchecked: which samples there are depends on sources and receivers, and
// these change at a reload.
type sampleCollector struct{ status Status }

func (*sampleCollector) Describe(chan<- *prometheus.Desc) {}

func (c *sampleCollector) Collect(out chan<- prometheus.Metric) {
	for _, s := range c.status.Samples() {
		names := make([]string, len(s.Labels))
		values := make([]string, len(s.Labels))
		for i, label := range s.Labels {
			names[i], values[i] = label[0], label[1]
		}
		desc := prometheus.NewDesc(s.Name, s.Help, names, nil)
		if s.Type == veille.Histogram {
			buckets := make(map[float64]uint64, len(s.Buckets))
			for _, b := range s.Buckets {
				buckets[b.UpTo] = b.Count
			}
			metric, err := prometheus.NewConstHistogram(desc, s.Count, s.Value, buckets, values...)
			out <- orInvalid(desc, metric, err)
			continue
		}
		kind := prometheus.GaugeValue
		if s.Type == veille.Counter {
			kind = prometheus.CounterValue
		}
		metric, err := prometheus.NewConstMetric(desc, kind, s.Value, values...)
		out <- orInvalid(desc, metric, err)
	}
}

// orInvalid shows what is wrong with a sample instead of leaving it out.
func orInvalid(desc *prometheus.Desc, metric prometheus.Metric, err error) prometheus.Metric {
	if err != nil {
		return prometheus.NewInvalidMetric(desc, err)
	}
	return metric
}
