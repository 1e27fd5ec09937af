package notify

import (
	"encoding/json"
	"time"

	"veille"
)

// cloudEnvelope is a CloudEvents 1.0 event in structured mode.
type cloudEnvelope struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject,omitempty"`
	Time            string          `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	Data            json.RawMessage `json:"data"`
}

// cloudEvent writes an event within its envelope, in at most limit bytes.
func cloudEvent(e veille.Event, limit int) ([]byte, error) {
	envelope := cloudEnvelope{
		SpecVersion: "1.0", ID: e.ID, Source: "/veille", Type: "veille." + string(e.Type),
		Time: e.Time.Format(time.RFC3339Nano), DataContentType: "application/json", Data: json.RawMessage("{}"),
	}
	if e.Article != nil {
		envelope.Subject = link(e.Article.URL)
	}
	frame, err := encodeJSON(envelope)
	if err != nil {
		return nil, err
	}
	if envelope.Data, err = encodeEvent(e, limit-len(frame)); err != nil {
		return nil, err
	}
	return encodeJSON(envelope)
}
