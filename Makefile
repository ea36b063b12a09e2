# One command each: `make demo` shows the whole chain, `make test` checks it.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test lint format clean
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
# ONCE=1 ends after the journey; DEMO_ARGS goes to the demo as is (see `.venv/bin/python -m examples.demo --help`)
ONCE ?=
DEMO_ARGS ?=

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

setup:  ## install what the demo needs
	@scripts/setup.sh demo

setup-test:  ## install what the tests need
	@scripts/setup.sh test

demo: setup  ## show a citizen enrolling and signing in to two apps (ONCE=1: end after that)
	@$(PY) -m examples.demo $(if $(filter-out 0 no,$(ONCE)),--once) $(DEMO_ARGS)

lint:  ## style and types
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy --no-error-summary

test: setup-test lint  ## everything, from unit to browser
	@$(PY) -m pytest --quiet tests/flows --database postgresql $(PYTEST_ARGS)
	@$(PY) -m pytest $(PYTEST_ARGS)

format:  ## let ruff rewrite the files
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format --quiet .

clean:  ## remove the demo's data and caches, keep .venv
	@rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis
