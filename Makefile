# Thin lines over `lumenpay …` and the usual tools. Needs Python 3.11+ and make; everything else comes from packages.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Every process that tests and `up` start reads the same modules: compiled once, even where a machine forbids it.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo up test suite lint format types bench load faults faults-small migrate clean openapi e2e screens web-install web-lint web-test web-build

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

.venv/installed: requirements-embedded.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing LumenPay (once per lock file) …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-embedded.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "Installing the development tools (once per lock file) …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

demo: .venv/installed ## Start everything with sandboxes, play the main story, stay up (WALK=1 ends after the story)
	@$(BIN)/lumenpay demo $(if $(WALK),--walk,)

up: .venv/installed ## Start the same processes without sandboxes, on the addresses in the environment or .env
	@$(BIN)/lumenpay up

migrate: .venv/installed ## Bring the database to the newest schema
	@$(BIN)/lumenpay migrate

test: .venv/installed-dev ## Check style, types and structure, and run the whole suite beside it
	@$(MAKE) --no-print-directory -j2 lint suite

# The types are checked by one process for half a minute: the tests begin meanwhile.
suite: .venv/installed-dev
	@$(BIN)/python -m pytest -n 5 --dist loadgroup -q --ignore=tests/faults --ignore=tests/stories

lint: .venv/installed-dev ## Ruff, mypy and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/installed-dev ## Format the Python code
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

faults-small: .venv/installed-dev ## The fault runs in their small sizes, minutes instead of hours, and the stories of months
	@$(BIN)/python -m pytest -n 4 --dist loadgroup -q tests/faults tests/stories

faults: export LUMENPAY_MUTATED_UPDATES ?= 20000
faults: export LUMENPAY_MUTATED_NOTICES ?= 5000
faults: export LUMENPAY_SCHEMA_CASES ?= 6000
faults: .venv/installed-dev ## The long fault runs: kills, Valkey off, fuzzing (prints its seed)
	@$(BIN)/python -m pytest -q -s tests/faults -m "long or not long" --timeout 1800 -o addopts="-p no:logging --import-mode=importlib --strict-markers"

bench: .venv/installed-dev ## Ratios to floors measured in the same run
	@$(BIN)/python -m tests.bench

load: .venv/installed-dev ## Locust: virtual Telegram users over hundreds of tenants
	@$(BIN)/python -m tests.load

openapi: .venv/installed-dev ## Write the API's description and generate the web app's client from it
	@$(BIN)/lumenpay web openapi
	@$(BIN)/lumenpay web run api

web-install: .venv/installed ## Install the web app's packages, and Node where there is none
	@$(BIN)/lumenpay web install

web-lint: .venv/installed ## Types, ESLint, Stylelint, Prettier and the generated client of the web app
	@$(BIN)/lumenpay web run lint

web-test: .venv/installed ## The web app's own tests
	@$(BIN)/lumenpay web run test

e2e: .venv/installed-dev ## The portal in Chromium: what owners and staff do, every page with axe, Lighthouse
	@$(BIN)/lumenpay web build
	@$(BIN)/lumenpay web run e2e

screens: .venv/installed-dev ## Take the pictures of docs/screens: every page, on a desktop and a phone, light and dark
	@$(BIN)/lumenpay web build
	@$(BIN)/lumenpay web run screens

web-build: .venv/installed ## Build the web app and check its size
	@$(BIN)/lumenpay web build

clean: ## Remove the embedded databases and caches
	rm -rf .lumenpay .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
