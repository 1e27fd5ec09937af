package web

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI is the description of the API (OpenAPI 3.1) for a version of Veille.
func openAPI(version string) ([]byte, error) {
	var doc struct {
		OpenAPI    string          `json:"openapi"`
		Info       map[string]any  `json:"info"`
		Security   json.RawMessage `json:"security"`
		Paths      json.RawMessage `json:"paths"`
		Components json.RawMessage `json:"components"`
	}
	decoder := json.NewDecoder(bytes.NewReader(openAPIDocument))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	doc.Info["version"] = version
	return json.MarshalIndent(doc, "", " ")
}
