# Two commands for a newcomer: `make serve` and `make test`. Both set up what they need.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# What the tests need beyond what a build needs, by Debian's names.
TEST_PACKAGES := curl strace python3 python3-venv nginx prometheus

.PHONY: help
help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

.PHONY: serve
serve: build ## Set up, build, and start the gateway on 127.0.0.1:8080 (PORT=… for another port)
	@scripts/serve.sh

.PHONY: test
test: setup-tests check ## Set up, then run every check and every test
	$(MAKE) --no-print-directory build-tests
	@scripts/test.sh

.PHONY: build-tests
build-tests: setup
	SLUICE_WARNINGS_AS_ERRORS=1 swift build --build-tests --explicit-target-dependency-import-check error

.PHONY: build
build: setup ## Build the release binary
	swift build -c release --product sluice

.PHONY: mutants
mutants: build-tests ## Leave out one guard after the other, and see which tests notice (GUARDS="…" for some)
	scripts/proofs.sh
	scripts/mutants.sh $(GUARDS)

.PHONY: bill-test
bill-test: build build-tests ## Hold the jobs' usage against the provider's own account (CALLS=10000 SEED=…)
	@SLUICE_BINARY=$(CURDIR)/.build/release/sluice SLUICE_BILL_CALLS=$(or $(CALLS),10000) $(if $(SEED),SLUICE_SEED=$(SEED)) \
		swift test --skip-build --no-parallel --filter 'BillTests'

.PHONY: power-test
power-test: build-tests ## Cut the power of a simulated disk (CUTS=1000 SEED=…; WITHOUT=full-flush leaves out a guard)
	@SLUICE_POWER_CUTS=$(or $(CUTS),1000) $(if $(SEED),SLUICE_SEED=$(SEED)) $(if $(WITHOUT),SLUICE_WITHOUT=$(WITHOUT)) \
		swift test --skip-build --no-parallel --filter 'PowerLossTests/keepsWhatWasAcknowledged'

.PHONY: bench
bench: build ## Measure the release binary (DURATION=3 CONNECTIONS=64 FLAT=1e6)
	@scripts/bench.sh

.PHONY: crash-test
crash-test: build build-tests ## Kill the release binary again and again (CYCLES=2000 SEED=…) and look for what was lost
	@SLUICE_BINARY=$(CURDIR)/.build/release/sluice SLUICE_CRASH_CYCLES=$(or $(CYCLES),2000) SLUICE_SEED=$(SEED) \
		swift test --skip-build --no-parallel --filter KillLoopTests

.PHONY: chaos
chaos: $(if $(WITHOUT),,build) build-tests ## Change the providers' moods under load (MINUTES=10 RUNS=3 SEED=…; WITHOUT=guard leaves out a guard of the debug binary)
	@$(if $(WITHOUT),SLUICE_WITHOUT=$(WITHOUT),SLUICE_BINARY=$(CURDIR)/.build/release/sluice) $(if $(SEED),SLUICE_SEED=$(SEED)) \
		SLUICE_CHAOS_SECONDS=$$(($(or $(MINUTES),10) * 60)) SLUICE_CHAOS_RUNS=$(or $(RUNS),3) \
		swift test --skip-build --no-parallel --filter ChaosTests

# So short that what the soak stores is purged while it runs.
SHORT_KEEP := --keep-succeeded 60s --keep-dead 60s --keep-cancelled 60s --keep-keys 60s

.PHONY: soak
soak: build build-tests ## Load the release binary for long (MINUTES=60 SERVE='--flag …') and look whether it grows
	@SLUICE_BINARY=$(CURDIR)/.build/release/sluice SLUICE_SOAK_MINUTES=$(or $(MINUTES),60) SLUICE_SEED=$(SEED) \
		SLUICE_SOAK_ARGUMENTS='$(or $(SERVE),$(SHORT_KEEP))' swift test --skip-build --no-parallel --filter SoakTests

.PHONY: start-test
start-test: build ## Measure a start after kill -9 with a million jobs stored (JOBS=1000000 RUNNING=10000)
	@scripts/setup.sh python3
	@scripts/start-test.py $(if $(JOBS),--jobs $(JOBS)) $(if $(RUNNING),--running $(RUNNING))

.PHONY: check
check: ## Check feature names, layers and formatting
	scripts/features.sh
	scripts/layers-test.sh
	scripts/layers.sh
	swift format lint --strict --parallel --recursive Package.swift Sources Plugins Tests \
		Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Tests

.PHONY: setup setup-tests
setup:
	@scripts/setup.sh

setup-tests:
	@scripts/setup.sh $(TEST_PACKAGES)
	@# Without PyPI the tests that need it are skipped, and say so.
	@scripts/python.sh >/dev/null || [ $$? -eq 69 ]
