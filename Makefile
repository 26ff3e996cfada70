# `make help` lists the targets. Each does its own set-up.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

# Compiled modules are kept: without them every kernel compiles everything again.
unexport PYTHONDONTWRITEBYTECODE
# What a shell may have set for other projects: libraries, environments and Pythons of theirs.
unexport PYTHONPATH PYTHONHOME PYTHONOPTIMIZE PYTHONSTARTUP VIRTUAL_ENV
unexport PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
unexport UV_PYTHON UV_PROJECT UV_PROJECT_ENVIRONMENT UV_NO_DEV
export PIP_USER := 0
# A folder for temporary files that is not there is not used.
ifeq ($(wildcard $(TMPDIR)/.),)
unexport TMPDIR
endif
# Downloads are tried again, by the tools' own options.
export PIP_RETRIES := 10
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_HTTP_RETRIES := 10
export UV_HTTP_TIMEOUT := 120
# Trust what the machine trusts: networks with a certificate of their own are common in hospitals.
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1

PYTHON ?= python3
RUN := .venv/bin/python -m
READY := .venv/ready

.PHONY: book test serve notebooks check study version bench help clean

book: $(READY) ## Build the site into _build/html
	@$(RUN) livingreview.site.build

test: $(READY) ## Build the site and run all tests
	@$(MAKE) --no-print-directory book
	@scripts/ensure-chromium
	@echo "Running tests"
	@# One process per file: the runs of papermill write to one folder.
	@$(RUN) pytest -n 2 --dist loadfile

serve: $(READY) ## Build, serve on this machine, build again when a file is saved
	@$(RUN) livingreview.site.serve

notebooks: $(READY) ## Execute every chapter with papermill: three runs
	@$(RUN) livingreview.site.notebooks

check: $(READY) ## Lint, types and data, in seconds
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@.venv/bin/lint-imports --no-cache | tail -n 4
	@$(RUN) livingreview.contribute.check

study: $(READY) ## Write the file of a new study: make study KEY=lee-2027 DOI=10.1000/182
	@$(RUN) livingreview.contribute.new_study "$(KEY)" "$(DOI)"

version: $(READY) ## Cut a version: make version NUMBER=0.3.0 DATE=2026-12-01
	@$(RUN) livingreview.contribute.version "$(NUMBER)" "$(DATE)" "$(WHY)"

bench: $(READY) ## Measure builds against a stock build of the same chapters
	@.venv/bin/python scripts/bench.py

clean: ## Remove what was built; the environment stays
	rm -rf _build

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# The environment, made again when the project's dependencies change.
$(READY): pyproject.toml uv.lock
	@scripts/make-environment "$(PYTHON)"
	@touch $@
