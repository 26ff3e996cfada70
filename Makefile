# `make help` lists the targets. Each does its own set-up.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

# What a shell has set for other projects decides nothing here, save how packages are reached.
NETWORK := PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_NO_INDEX PIP_FIND_LINKS PIP_CONFIG_FILE PIP_CERT \
  PIP_CLIENT_CERT PIP_PROXY PIP_TRUSTED_HOST PIP_CACHE_DIR PIP_NO_CACHE_DIR PIP_DEFAULT_TIMEOUT \
  UV_INDEX UV_INDEX_% UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_OFFLINE UV_CACHE_DIR \
  UV_NO_CACHE UV_INSECURE_HOST UV_KEYRING_PROVIDER UV_LINK_MODE UV_CONCURRENT_%
unexport $(filter-out $(NETWORK),$(filter PYTHON% PIP_% UV_% IPYTHON% JUPYTER%,$(.VARIABLES)))
unexport VIRTUAL_ENV SOURCE_DATE_EPOCH DOCUTILSCONFIG CDPATH
export PIP_USER := 0
# Text is UTF-8, whatever the locale; a person's own start-up files of IPython are not run.
export PYTHONUTF8 := 1
export IPYTHONDIR := $(CURDIR)/_build/.ipython
export JUPYTER_PREFER_ENV_PATH := 1
# A folder for temporary files that is not there, cannot be written or has a long name is not used:
# the address of a socket holds 107 characters.
ifeq ($(shell [ -w "$$TMPDIR" ] && [ -d "$$TMPDIR" ] && [ "$$(printf %s "$$TMPDIR" | wc -c)" -le 60 ] && echo fit),)
unexport TMPDIR
endif
# Downloads are tried again, by the tools' own options; without a network that takes seconds.
export PIP_RETRIES := 5
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_HTTP_RETRIES := 3
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
	@bash scripts/ensure-chromium
	@echo "Running tests"
	@$(RUN) pytest -n 2 --dist loadfile

serve: $(READY) ## Build, serve on this machine, build again when a file is saved
	@$(RUN) livingreview.site.serve

notebooks: $(READY) ## Execute every chapter with papermill: three runs
	@$(RUN) livingreview.site.notebooks

check: $(READY) ## Lint, types, layers, data, and the tests that need no built site
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@.venv/bin/python .venv/bin/lint-imports --no-cache | tail -n 4
	@$(RUN) livingreview.contribute.check
	@$(RUN) pytest -m unit -n 2 --dist loadfile

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
	@bash scripts/make-environment "$(PYTHON)"
	@touch $@
