# make run: the site with demo data. make test: the whole suite. make check: what CI runs.
PORT ?= 8000
BIN := .venv/bin
PY ?= python3

# Without kept bytecode every start of Python compiles all of it anew, and the suite has many.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports templates lock assets benchmarks clean

help: ## Show these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: .venv/.run ## Set everything up and start the site with demo data on 127.0.0.1:$(PORT)
	@BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)} exec $(BIN)/flask serve --demo --port $(PORT)

test: .venv/.test ## Set everything up and run every test, SQLite and PostgreSQL, browser included
	$(BIN)/pytest -n 2 $(ARGS)

check: lint types imports templates test ## Lint, types, import contracts, templates, tests: what CI runs

lint: .venv/.test ## Style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.test ## Strict types
	$(BIN)/mypy

imports: .venv/.test ## Which room may know which
	$(BIN)/lint-imports

templates: .venv/.test ## Markup
	$(BIN)/djlint --quiet --lint templates

lock: .venv/.test ## Renew the locked requirements
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

clean: ## Remove the environment and what was generated; data in instance/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A stamp holds what was installed from which lock; a second start does none of this.
.venv/bin/python:
	@sh tools/system.sh venv
	$(PY) -m venv .venv

.venv/.run: requirements.txt tools/system.sh hrtrain/translations/en/LC_MESSAGES/messages.po | .venv/bin/python
	@sh tools/system.sh run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pybabel --quiet compile -d hrtrain/translations
	@touch $@

.venv/.test: requirements-dev.txt .venv/.run
	@sh tools/system.sh test
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
