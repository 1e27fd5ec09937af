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
		kind := prometheus.GaugeValue
		if s.Type == veille.Counter {
			kind = prometheus.CounterValue
		}
		desc := prometheus.NewDesc(s.Name, s.Help, names, nil)
		metric, err := prometheus.NewConstMetric(desc, kind, s.Value, values...)
		if err != nil {
			metric = prometheus.NewInvalidMetric(desc, err)
		}
		out <- metric
	}
}
