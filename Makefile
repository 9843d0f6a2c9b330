# Two commands do everything: `make book` and `make test`. `make help` lists the rest.
PYTHON := .venv/bin/python
# Tests of one file share their fits, so a file stays on one worker unless it is marked `spread`.
# Workers fill the processors: threads of their libraries would only wait for each other.
PYTEST := $(PYTHON) -m pytest --numprocesses $(or $(WORKERS),2) --dist loadgroup --durations 8
export PYTHONHASHSEED ?= 0
# Without bytecode on disk every process compiles every module that it imports anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help environment spark fits book briefings test lint serve verify bench sbc gate audit clean lock

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | expand -t 16

environment: ## Make or refresh .venv from requirements.lock (the other targets call it)
	@.ci/setup

spark: ## Add Spark to .venv, for tables too large for one machine and for its tests (needs Java 17)
	@.ci/setup --spark

book: environment ## Fit the models, run the notebooks, build the site into _build/html
	@$(PYTHON) -m analysis book

fits: environment ## Make every published fit that is not in the store, two at a time (`book` does this first)
	@$(PYTHON) -m analysis fits

briefings: environment ## Make the one-page briefings again, from the chapters as last executed
	@$(PYTHON) -m analysis briefings

test: environment ## Lint, types, import order, science and (with a Chromium) the built site
	@.ci/browser
	@$(PYTHON) -m analysis book
	@OMP_NUM_THREADS=1 .ci/beside 'make --no-print-directory lint' $(PYTEST)

lint: environment ## ruff, mypy and the import-order contract
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo

serve: book ## Build, then serve the site on this machine only
	@$(PYTHON) -m analysis serve

verify: environment ## Compute every number again and compare (ARGS="--only train-leaders", "--seed 7", ...)
	@$(PYTHON) -m analysis verify $(ARGS)

bench: environment ## Benchmarks: ratios against a peer in one run
	@$(PYTHON) -m tests.benchmarks

sbc: environment ## Calibrate by simulation the models that changed since their last calibration (half an hour)
	@$(PYTHON) data/validation/derive.py

gate: environment ## Try the cost model on populations that it was not made for (hours; RAW=folder of raw files)
	@$(PYTHON) data/gate/derive.py $(RAW)

lock: environment ## Resolve pyproject.toml into the two locks and environment.yml (UPGRADE=all or UPGRADE=name)
	@$(PYTHON) .ci/lock $(UPGRADE)

audit: environment ## Ask a public service for known vulnerabilities of the pinned packages (needs a network)
	@$(PYTHON) .ci/audit

clean: ## Remove everything built, the cache of fits included (.venv stays)
	@rm -rf _build
