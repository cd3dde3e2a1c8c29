# `make help` lists what can be done. Needs only make and Python >= 3.11 with venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-build-isolation

.DEFAULT_GOAL := help
.PHONY: help install install-dev run demo test lint format train bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(VENV)/.run: requirements/build.txt requirements/run.txt pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本；可用 make PYTHON=/路径/python3.11 指定。"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/build.txt
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	touch $@

install: $(VENV)/.run ## install the program, locked with hashes

install-dev: $(VENV)/.dev ## the same with what tests and lint need

run: install ## install, create the database with demo data, start the server on 127.0.0.1:8000
	$(BIN)/hotline demo --if-empty
	$(BIN)/hotline serve

test: install-dev ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: install-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install-dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

train: install ## rebuild models/ from training_data/
	$(BIN)/hotline train

bench: install-dev ## measure; figures go to the terminal
	for script in benchmarks/*.py; do $(BIN)/python $$script; done

lock: ## renew the hashed requirement files (needs uv)
	uv pip compile -q --group pyproject.toml:build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements/build.txt
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/build.txt -o requirements/run.txt
	uv pip compile -q pyproject.toml --extra dev --extra postgres --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/run.txt -o requirements/dev.txt

clean: ## remove what was installed and built, never the data in var/
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
