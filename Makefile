# Zhiping 职评. A bare `make` explains the commands; each sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
ASSETS := app/web/static/dist/manifest.json
FRONTEND := $(shell find frontend/src frontend/texts -type f 2>/dev/null) frontend/build.mjs frontend/package-lock.json

.DEFAULT_GOAL := help
.PHONY: help run test check bench crash assets lock format clean

help:  ## what each command does
	@echo "Zhiping 职评"
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 20

run: $(VENV)/.run $(ASSETS)  ## set up, load the demo and serve http://127.0.0.1:$(PORT) (embedded database)
	$(BIN)/zhiping demo --port $(PORT)

test: $(VENV)/.dev $(ASSETS) $(VENV)/.chromium check  ## set up, check the code and run all tests (PostgreSQL and browser included)
	tools/with-node.sh npm --prefix frontend test
	$(BIN)/pytest -n auto --dist worksteal -q

check: $(VENV)/.dev  ## linters, types, floors, diagrams: zero findings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zhiping lint bpmn
	$(BIN)/zhiping lint notices/n4_2022_dadukou

bench: $(VENV)/.dev  ## measure one task's cost against the bare library; writes build/bench.json
	$(BIN)/python -m benchmarks.task_cost

crash: $(VENV)/.dev  ## let the process die at every statement and commit of eight cases, then kill it 200 times under load
	$(BIN)/python -m tests.crash
	$(BIN)/python -m tests.crash kill

assets: $(ASSETS)  ## build what the browser loads

format: $(VENV)/.dev  ## bring the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev  ## pin requirements anew, with hashes and without registry names
	for each in requirements requirements-dev requirements-node; do \
	  $(BIN)/pip-compile -q --upgrade --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
	    --strip-extras --no-header -o $$each.txt $$each.in || exit 1; done

clean:  ## forget what was built (the demo's data in var/ stays)
	rm -rf $(VENV) frontend/node_modules app/web/static/dist documents/fonts build *.egg-info

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

$(VENV)/.chromium: tools/find-chromium.sh | $(VENV)/.dev
	tools/find-chromium.sh
	touch $@

$(ASSETS): $(FRONTEND) tools/with-node.sh | $(VENV)/.run
	tools/with-node.sh npm ci --prefix frontend --ignore-scripts --no-audit --no-fund --loglevel=error
	cd frontend && ../tools/with-node.sh node build.mjs
