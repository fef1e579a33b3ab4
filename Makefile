# k0smotron-ts. Every target sets up what it needs; nothing has to be prepared by hand.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# a Node that is new enough comes with the packages; the system's own may be too old
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
packages := node_modules/.installed

##@ Use
.PHONY: demo demo-down testenv convert
demo: $(packages) ## A control plane that answers and a worker that joins, on this machine (root on Linux: with real pods and machines)
	@node e2e/demo/main.ts up $(ARGS)
demo-down: $(packages) ## Remove everything that the demo made
	@node e2e/demo/main.ts down $(ARGS)
testenv: $(packages) ## A management cluster by hand: prints a KUBECONFIG, runs until Ctrl-C (ARGS="--kwok --cluster-api")
	@node hack/testenv/main.ts $(ARGS)

convert: $(packages) ## Manifests of v1beta1 as text of v1beta2, comments kept, printed (FILE=…; ARGS=--write: in place)
	@node hack/convert/main.ts $(ARGS) $(FILE)

##@ Test
.PHONY: test test-unit test-integration test-members test-docs e2e e2e-kind fresh bench
test: $(packages) ## All layers; of the lab scenarios the core ones
	@node hack/test.ts unit integration lab-core
test-unit: $(packages) ## Pure code, seconds
	@node hack/test.ts unit
test-integration: $(packages) ## Against a real API server
	@node hack/test.ts integration
test-members: $(packages) ## Membership of etcd: real members against their model (N=50 seeds, from SEED=1 on)
	@N='$(or $(N),50)' SEED='$(or $(SEED),1)' vitest run --project members
test-docs: $(packages) ## Every command and manifest of docs/, in the lab (root on Linux)
	@node hack/test.ts lab-docs
e2e: $(packages) ## All scenarios in the lab: real pods, real machines (root on Linux)
	@node hack/test.ts lab
e2e-kind: $(packages) ## The quickstart on kind; skipped without Docker and kind
	@node e2e/docs/on-kind.ts
fresh: $(packages) ## Both commands of README in a new Debian root: no caches, no programs but those README asks for (root)
	@node hack/fresh/main.ts
bench: $(packages) ## Measure, print beside the budgets, write build/bench.json
	@node e2e/bench/main.ts $(ARGS)

##@ Release
.PHONY: release image released
release: $(packages) ## All files of a release into build/release (VERSION=v0.1.0, IMAGE=where the image is pushed to)
	@node hack/release/main.ts --version '$(VERSION)' $(if $(IMAGE),--image '$(IMAGE)')
image: $(packages) ## The image for amd64 and arm64 into build/image, without Docker (VERSION=v0.1.0, IMAGE=its name)
	@node hack/image/main.ts --version '$(VERSION)' $(if $(IMAGE),--image '$(IMAGE)')

released: $(packages) ## Write the clusters of this release, which later ones must leave alone (VERSION=v0.1.0)
	@node e2e/test/released/main.ts '$(VERSION)'

##@ Develop
.PHONY: generate verify lint format build clean
generate: $(packages) ## Write CRDs, RBAC and all else that is generated
	@node hack/generate.ts
verify: $(packages) lint verify-layers verify-pages verify-words verify-host verify-gen verify-contract verify-unused ## Everything that can be checked without running the product
lint: $(packages) ## Compiler, formatter, linters
	@tsc -b
	@biome check --error-on-warnings .
	@oxlint --type-aware --deny-warnings
format: $(packages) ## Format, and fix what can be fixed
	@biome check --write .
build: $(packages) ## Bundle the managers into build/
	@node hack/bundle.ts
clean: ## Remove what was built here; caches outside of the repository stay
	@rm -rf build node_modules

.PHONY: verify-layers verify-pages verify-words verify-host verify-gen verify-contract verify-unused
verify-layers: $(packages)
	@node hack/checks/verify-layers.ts
verify-pages: $(packages)
	@node hack/checks/verify-pages.ts
verify-words: $(packages)
	@node hack/checks/verify-words.ts
verify-host: $(packages)
	@node hack/checks/verify-host.ts
verify-gen: $(packages)
	@node hack/generate.ts --verify
verify-contract: $(packages)
	@node hack/checks/verify-contract.ts
verify-unused: $(packages)
	@knip

$(packages): package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer, which brings it (a newer Node comes with the packages)" >&2; exit 1; }
	@echo "Installing packages"
	@npm ci --loglevel=error
	@node --version | awk -F'[v.]' '$$2 < 22 || ($$2 == 22 && $$3 < 19) { print "Node.js 22.19 or newer is needed, found " $$0 > "/dev/stderr"; exit 1 }'
	@touch $@

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
