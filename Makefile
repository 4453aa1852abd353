# Everything happens in .venv; a second run finds it ready. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
BENCH :=
T :=
# The whole suite runs in three processes: many tests wait for others, so two cores have room for a
# third. Tests of one world stay together (tests/processes.py).
AT_ONCE := --numprocesses=3 --dist=loadscope

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# The build backend warns of what an editable install is by nature.
EDITABLE := PYTHONWARNINGS=ignore $(PIP) install --quiet --no-deps --no-build-isolation -e .
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--strip-extras --allow-unsafe --build-deps-for=editable --extra=demo

# The first Python that is new enough and can make a virtual environment (Debian splits that off).
FITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	if $$python -c '$(FITS)' >/dev/null 2>&1; then echo $$python; break; fi; done)

.PHONY: help demo test lint bench lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.ready ## The whole world on this machine, at http://127.0.0.1:PORT (PORT=8000)
	@exec $(BIN)/waterdesk demo --port $(PORT)

test: .venv/.ready-dev .venv/.browser ## All tests (T=path for some)
	@$(BIN)/python -m pytest $(or $(T),$(AT_ONCE))

lint: .venv/.ready-dev ## Style, types, the import law
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.ready-dev ## What a message, a push and a day's books cost, beside their peers (BENCH="--quick" for options)
	@$(BIN)/python -m bench $(BENCH)
	@$(if $(BENCH),,$(BIN)/python -m bench.pushes)
	@$(if $(BENCH),,$(BIN)/python -m bench.reconcile)

lock: .venv/.ready-dev ## Renew both lock files within setup.cfg's bounds
	@$(COMPILE) --upgrade --output-file=requirements.lock setup.cfg
	@$(COMPILE) --upgrade --extra=dev --constraint=requirements.lock \
		--output-file=requirements-dev.lock setup.cfg
	@if grep -nE '://|^(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)|@ *file:' \
		requirements.lock requirements-dev.lock; \
	then echo 'The locks name an address: it must not be committed.' >&2; exit 1; fi

clean: ## Remove .venv and the caches
	@rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info

.venv/pyvenv.cfg:
	@if [ -z '$(PYTHON)' ] || ! '$(PYTHON)' -c '$(FITS)'; then \
		echo 'Waterdesk needs Python 3.11 or newer with its venv module.' >&2; \
		echo '  Debian, Ubuntu: apt-get install python3 python3-venv    macOS: brew install python@3.12' >&2; \
		echo '  or name one:    make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)' >&2; \
		exit 1; \
	fi
	@echo "Setting up .venv with $$($(PYTHON) --version) (once, about a minute) ..." >&2
	@$(PYTHON) -m venv .venv

.venv/.ready: requirements.lock setup.cfg pyproject.toml | .venv/pyvenv.cfg
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(EDITABLE)
	@touch $@

.venv/.ready-dev: requirements-dev.lock setup.cfg pyproject.toml | .venv/pyvenv.cfg
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@$(EDITABLE)
	@touch .venv/.ready $@

.venv/.browser: | .venv/pyvenv.cfg
	@.ci/browser
	@touch $@
