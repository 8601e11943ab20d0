# The two commands: `make sandbox` to try it, `make test` to prove it. Everything else is listed by `make`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
PYTHON ?=
PORT ?= 8765
ARGS ?=
WORKERS ?= auto
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := bot handlers storage schedules tests

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: sandbox
sandbox: $(VENV)/.run-ready ## Try everything in the browser, without a Slack account
	@exec $(BIN)/python -m bot sandbox --port $(PORT) $(ARGS)

.PHONY: test
test: $(VENV)/.dev-ready chromium ## Run all tests; ARGS="-k name" for some
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

.PHONY: check
check: $(VENV)/.dev-ready ## Check style, types and the direction of imports
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: bench
bench: $(VENV)/.dev-ready ## Measure how fast events are recorded, against bare Bolt
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: migration
migration: $(VENV)/.dev-ready ## Write the next migration from changed tables; m="what changes"
	@[ -n "$(m)" ] || { echo 'Say what changes:  make migration m="People have a language."' >&2; exit 1; }
	@$(BIN)/python -c 'import sys; from storage.migrate import draft; print("Read and mend it:", draft(sys.argv[1]))' "$(m)"

.PHONY: format
format: $(VENV)/.dev-ready ## Bring the code into its one form
	@$(BIN)/ruff check --fix --quiet $(SOURCES) || true
	@$(BIN)/ruff format $(SOURCES)

.PHONY: clean
clean: ## Remove what was built; databases and .env stay
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +

# Tests never touch the system; what is missing is named.
.PHONY: chromium
chromium:
	@if [ -n "$${COMMONPLACE_CHROMIUM:-}" ]; then \
	  [ -x "$$COMMONPLACE_CHROMIUM" ] || { echo "COMMONPLACE_CHROMIUM names no program: correct it or leave it out." >&2; exit 1; }; \
	elif ! command -v chromium google-chrome >/dev/null; then \
	  echo "The tests need Chromium: run  sudo apt-get install -y chromium  or set COMMONPLACE_CHROMIUM to your own." >&2; exit 1; \
	fi

# The environment is built once, and again when what it is made from changes.
$(VENV)/.dev-ready: $(VENV)/.run-ready
	@echo "Installing the tools for tests and checks…"
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.run-ready: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Commonplace into $(VENV) (a minute, the first time)…"
	@$(PIP) install -c constraints.txt -e .
	@rm -f $(VENV)/.dev-ready
	@touch $@

# Whether venv can work shows only when ensurepip is there; Debian packs it apart from Python.
$(BIN)/python:
	@python=''; \
	for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Commonplace needs Python 3.11 or newer: install it, or name it with  make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  package="$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; \
	  if [ "$$(id -u)" = 0 ] && [ "$${CI:-}" = true ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$$package"; \
	  else \
	    echo "This Python cannot make environments: run  sudo apt-get install -y $$package  and then make again." >&2; exit 1; \
	  fi; \
	fi; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
