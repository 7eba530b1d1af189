# Two commands for a newcomer: `make serve` and `make test`. Both set up what they need.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help
help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

.PHONY: setup
setup:
	@scripts/setup.sh

.PHONY: build
build: setup ## Build the release binary
	swift build -c release --product sluice

.PHONY: check
check: ## Check formatting and feature names
	scripts/features.sh
	swift format lint --strict --parallel --recursive Package.swift Sources Plugins Tests

.PHONY: test
test: setup check ## Set up and run every check and every test
	SLUICE_WARNINGS_AS_ERRORS=1 swift build --build-tests --explicit-target-dependency-import-check error
	SLUICE_WARNINGS_AS_ERRORS=1 swift test --skip-build --parallel
