# Everything a developer runs. `make test` and `make lint` are what .ci/run runs.
GO            ?= go
GOLANGCI_LINT ?= golangci-lint
IMAGE         ?= veille:dev
FUZZTIME      ?= 20s

export CGO_ENABLED ?= 0

.PHONY: oracle build test crash browser rules webhooks race lint fuzz image demo bench

build: ## one static binary, ./veille
	$(GO) build -trimpath -ldflags '-s -w' -o veille ./cmd/veille

test: ## every test
	$(GO) vet ./...
	$(GO) test -count=1 ./...

crash: ## as root, for a disk to fill: the whole campaigns of crash/, and the mutants; `make test` has a short lane of each campaign
	$(GO) test ./crash -count=1 -v -timeout 3h -kills 1000 -states 100000 -faults 1000 -upsets 300 -fills 20
	$(GO) test ./notify -count=1 -v -timeout 2h -run RandomHostile -articles 10000
	scripts/mutants

browser: ## the dashboard in headless Chromium (needs chromium, and npm for axe-core)
	scripts/browser

webhooks: ## signatures, verified by the npm library of Standard Webhooks (needs node and npm)
	scripts/standardwebhooks

rules: ## the Prometheus alert rules of examples/ (needs promtool)
	scripts/rules

race: ## every test under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -count=1 ./...

lint: ## formatting, tidiness, linters, known vulnerabilities where the tools can run
	scripts/lint

fuzz: ## each fuzz target for FUZZTIME
	scripts/fuzz $(FUZZTIME)

bench: ## the benchmarks of docs/benchmarks.md
	$(GO) test -run '^$$' -bench . -benchmem ./...

image: ## the container image, with docker or buildah
	scripts/image $(IMAGE)

demo: ## see it work on a made-up press
	$(GO) run ./cmd/veille demo

oracle: ## a million random queries and texts against the oracle
	$(GO) test ./monitor/query -count=1 -run Oracle -pairs 1000000 -timeout 60m
