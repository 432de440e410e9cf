# moa: every habit of the house is one command. `make` alone prints them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
PROJECT ?= .
SHARED ?= ../shared

help: ## print every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "moa needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "installing the pinned, hash-checked dependencies into $(VENV) ..."
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "installing what the tests need ..."
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.dev ## make .venv and install the pinned, hash-checked dependencies
demo: $(VENV)/.runtime ## run a whole night on the built-in practice city and say where to look
	@$(BIN)/moa demo
test: $(VENV)/.dev ## run the whole test suite (starts what it needs itself)
	@$(BIN)/python -m pytest
fmt: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --exit-zero --quiet .
lint: $(VENV)/.dev ## formatting, lint and spelling
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && $(BIN)/codespell pipeline sources renderers bench evaluation docs README.md CONTRIBUTING.md
types: $(VENV)/.dev ## strict types
	@$(BIN)/mypy && $(BIN)/mypy --no-error-summary tests/typing
layers: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports --no-logo
config: $(VENV)/.runtime ## check the city's own configuration
	@$(BIN)/moa check
schema: $(VENV)/.runtime ## write config/schema/*.json from the options of every kind
	@$(BIN)/moa schema --write
docs: $(VENV)/.runtime ## write docs/reference/ from the code
	@$(BIN)/python -m pipeline.cli.reference docs/reference
goldens: $(VENV)/.dev ## rewrite the renderers' golden files; the diff is the review
	@$(BIN)/python -m pytest tests/renderers --goldens
words: $(VENV)/.dev ## collect the Korean sentences and compile both catalogues
	@$(BIN)/pybabel -q extract --no-default-keywords -k _ -F pipeline/locale/babel.cfg -o pipeline/locale/moa.pot --no-location --sort-output . && \
	$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -D moa -i pipeline/locale/moa.pot -d pipeline/locale -l en && \
	$(BIN)/pybabel -q compile -D moa -d pipeline/locale -l en && $(BIN)/pybabel -q compile -D messages -d pipeline/locale -l ko && rm pipeline/locale/moa.pot
bench: $(VENV)/.dev ## measure against floors and peers in one run
	@$(BIN)/python -m bench
eval: $(VENV)/.dev ## how well moa reads: labels and corpus in SHARED against the floors of docs/reference/quality.md
	@$(BIN)/python -m evaluation $(SHARED)
lighthouse: $(VENV)/.dev ## measure the practice site with Lighthouse (needs npm and Chromium)
	@$(BIN)/moa demo --quiet && $(BIN)/python -m bench.lighthouse
pictures: $(VENV)/.dev ## renew docs/images from the practice city (needs Chromium)
	@$(BIN)/moa demo --quiet && $(BIN)/python -m bench.pictures
preview: $(VENV)/.runtime ## open the local page for staff
	@$(BIN)/moa preview --project $(PROJECT)
lock: $(BIN)/python ## renew requirements/*.txt (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q pyproject.toml requirements/build.in -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements/runtime.txt pyproject.toml --all-extras requirements/build.in requirements/dev.in -o requirements/dev.txt
check: lint types layers config eval test ## what CI runs

.PHONY: help setup demo test fmt lint types layers config schema docs goldens words bench eval lighthouse pictures preview lock check
