# `make` alone lists the commands. The work is done by the programs in tools/.
MAKEFLAGS += --no-print-directory
TOOLS := @exec sh tools/python.sh -m tools
PY := .venv/bin/python
CATALOGUES := app/translations

.DEFAULT_GOAL := help
.PHONY: help run test bench kill-test lint fmt setup messages docs lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

run: ## install what is missing and start the site (PORT=8000, DATABASE_URL= for a database of your own)
	$(TOOLS) run

test: ## everything CI runs (PYTEST_ARGS="tests/unit -k street")
	$(TOOLS) test

bench: ## the benchmarks (BENCH_ARGS=)
	$(TOOLS) bench

kill-test: ## ballots while database and server are killed (KILL_ARGS=--synchronous-commit=off must fail)
	$(TOOLS) kill-test

lint: ## ruff, mypy, import contracts, front-end types and tests
	$(TOOLS) lint

setup: ## install everything for development, start nothing
	$(TOOLS) setup

fmt: ## format the Python code
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

messages: ## collect the texts for translators and compile their translations
	@$(PY) -m babel.messages.frontend extract -F babel.cfg -k _l -k lazy_gettext --no-location --omit-header --sort-output \
		--project=Stoepkrijt -o $(CATALOGUES)/messages.pot .
	@$(PY) -m babel.messages.frontend update -i $(CATALOGUES)/messages.pot -d $(CATALOGUES) --no-fuzzy-matching --ignore-pot-creation-date
	@$(PY) -m babel.messages.frontend compile -d $(CATALOGUES)

# --universal: one lock for every Python from 3.11 on.
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
docs: ## write the tables of docs/configuration.md from the program
	@$(PY) -m tools.document_settings

lock: ## bring the lock files up to date (UPGRADE=--upgrade for the newest versions)
	@$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	@$(LOCK) $(UPGRADE) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	@$(LOCK) $(UPGRADE) --no-deps requirements-demo.in -o requirements-demo.txt

clean: ## remove what was built and installed (not instance/, where your data are)
	rm -rf .venv static/build frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
