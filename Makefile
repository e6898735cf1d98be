# Every command of the project; continuous integration calls only these.
PYTHON ?= python3
BIN := .venv/bin
# Ports of `make run`; say `make run PORT=8001 DICOM_PORT=11113` when these are taken.
PORT ?= 8000
DICOM_PORT ?= 11112
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --no-header $(UPGRADE)
# All set-up; each step is done once, and silent when there is nothing to do.
SETUP = @$(PYTHON) -m tools.setup

.DEFAULT_GOAL := help
.PHONY: help setup run test e2e bench lint fix check wheel doctor requirements messages

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install all that development needs (run and test do it by themselves)
	$(SETUP) dev

run: ## Open the demonstration practice at http://127.0.0.1:8000
	$(SETUP) run
	@exec $(BIN)/quenotte demo --data .demo --port $(PORT) --dicom-port $(DICOM_PORT)

test: ## Run the whole suite; what reaches a database runs on SQLite and on PostgreSQL
	$(SETUP) test
	@$(BIN)/python -m tools.tests

e2e: ## Run the browser journeys alone
	$(SETUP) test
	@$(BIN)/python -m pytest e2e

bench: ## Measure what people feel; prints a table, writes bench/results.json
	$(SETUP) test
	@$(BIN)/python -m bench

lint: ## Check style, types, import contracts, templates, islands, migrations
	$(SETUP) dev
	@$(BIN)/python -m tools.lint

fix: ## Repair what the checks can repair by themselves
	$(SETUP) dev
	@$(BIN)/python -m tools.lint --fix

check: lint test ## lint, then test

wheel: ## Build the wheel and the sdist, install the wheel apart and try it
	$(SETUP) dev
	@$(BIN)/python -m tools.wheel

doctor: ## Check this machine and the demonstration data folder
	$(SETUP) run
	@$(BIN)/quenotte doctor --data .demo --port $(PORT) --dicom-port $(DICOM_PORT)

messages: ## Collect the French texts to translate into English (needs gettext)
	$(SETUP) dev
	@$(BIN)/python -m django makemessages --locale en --no-wrap --no-location \
	  --settings quenotte.config.settings.test --ignore '.venv/*' --ignore 'node_modules/*'
	@$(BIN)/python -m django makemessages --domain djangojs --extension ts --locale en --no-wrap \
	  --no-location --settings quenotte.config.settings.test --ignore '.venv/*' \
	  --ignore 'node_modules/*' --ignore '*.test.ts'

requirements: ## Compile the lock files again (UPGRADE=--upgrade takes newer releases)
	$(SETUP) dev
	$(LOCK) pyproject.toml -o requirements/runtime.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(LOCK) requirements/node.in -c requirements/dev.txt -o requirements/node.txt
