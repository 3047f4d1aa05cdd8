# Every command of the house. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
PORT ?= 8000
ARGS ?=

.PHONY: help install run test check fix bench bench-formats bench-memory bench-grading fit-grading docs lock messages clean quick journeys

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/.ready: requirements/base.txt pyproject.toml bin/venv
	@sh bin/venv base

.venv/.ready-dev: .venv/.ready requirements/dev.txt
	@sh bin/venv dev

install: .venv/.ready ## prepare .venv with the command .venv/bin/kartoteka

run: .venv/.ready ## serve Kartoteka with a first set to study (PORT=8000)
	@KARTOTEKA_DATA="$${KARTOTEKA_DATA:-$(CURDIR)/var}" exec $(PY) -m kartoteka serve --port "$${KARTOTEKA_PORT:-$(PORT)}"

test: .venv/.ready-dev ## everything CI asks: check, both databases, the browser, the kill test
	@$(PY) bin/everything.py

quick: .venv/.ready-dev ## only the quick tests, on SQLite
	@$(PY) -m pytest -q -n 2 $(ARGS)

journeys: .venv/.ready-dev ## only the journeys in a real browser
	@$(PY) bin/everything.py journeys

check: .venv/.ready-dev ## format, lint, types, floors, dead code, docs fresh
	@$(PY) bin/everything.py check

fix: .venv/.ready-dev ## mend what a machine can mend
	@$(PY) -m ruff check --fix -q . ; $(PY) -m ruff format -q . ; $(PY) bin/docs.py

bench: .venv/.ready-dev ## measure what docs/benchmarks.md claims (ARGS=--quick for a short run)
	@$(PY) bench/run.py $(ARGS)

bench-grading: .venv/.ready-dev ## measure the grader on graded answers by real learners (ARGS=--quick, --train)
	@PYTHONPATH=. $(PY) bench/grading.py $(ARGS)

fit-grading: .venv/.ready-dev ## fit the grader's model anew (ARGS=--check only measures it on what is kept aside)
	@PYTHONPATH=. $(PY) bench/grading_fit.py $(ARGS)

bench-memory: .venv/.ready-dev ## the memory engine beside its peers (KARTOTEKA_LOGS=folder of review logs)
	@PYTHONPATH=. $(PY) bench/memory.py $(ARGS)

bench-formats: .venv/.ready-dev ## break files on purpose (5,000) and give them to every reader
	@$(PY) bench/formats.py && PYTHONPATH=. $(PY) bench/mutants.py $(ARGS)

docs: .venv/.ready-dev ## write the generated part of docs/ anew
	@$(PY) bin/docs.py

messages: .venv/.ready-dev ## collect the texts to translate and compile the catalogues
	@$(PY) bin/messages.py

lock: .venv/.ready-dev ## pin every dependency with its hash
	@sh bin/lock

clean: ## take away .venv and what tools left behind; var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis node_modules
