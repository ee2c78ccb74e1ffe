# Everything happens in .venv; the stamp is remade when the dependencies change.
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STORES := $(VENV)/.stores-installed
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)

.PHONY: help setup demo test test-peers check format bench startup screenshots gallery lock build clean

help:
	@echo 'make demo        set up and open dbconn on a ready project with a local tenant (offline)'
	@echo 'make test        set up and run the tests'
	@echo 'make setup       what demo and test do first, alone'
	@echo 'make test-peers  the tests that need npm: auth0-deploy-cli, and scripts with real npm modules on real stores'
	@echo 'make check       format, lint, types, import contracts'
	@echo 'make bench       deploys against auth0-deploy-cli, lint against ESLint, start-up time, as ratios; what lint finds'
	@echo 'make screenshots remake the pictures and the tour in docs/ from the real app'
	@echo 'make gallery     every screen at 80x24 and 150x40, dark and light, in build/gallery, to be looked at'
	@echo 'make lock        re-resolve the files requirements*.lock'

$(STAMP): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo 'dbconn needs Python 3.11 or newer; none was found on PATH.' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo 'The environment could not be made. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'Installing dbconn into $(VENV) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Real user stores for the tests; nothing else needs them.
$(STORES): requirements-stores.lock $(STAMP)
	@echo 'Installing user stores for the tests into $(VENV) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-stores.lock
	@touch $(STORES)

setup: $(STORES)

demo: $(STAMP)
	@$(BIN)/dbconn demo

test: $(STORES)
	@$(BIN)/python -m pytest -m 'not peers' -n auto --dist loadfile

# Most of these wait for a store or a process, so there are more of them than processors.
test-peers: $(STORES)
	@$(BIN)/python -m pytest -m peers -n 4 --dist worksteal

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(STAMP)
	@$(BIN)/python -m benchmarks.deploy
	@$(BIN)/python -m benchmarks.start_up
	@$(BIN)/python -m benchmarks.app
	@$(BIN)/python -m benchmarks.project
	@$(BIN)/python -m benchmarks.lint
	@$(BIN)/python -m benchmarks.lint_corpus
	@$(BIN)/python -m benchmarks.lint_mutants
	@$(BIN)/python -m benchmarks.runtime
	@$(BIN)/python -m benchmarks.peers

startup: $(STAMP)
	@$(BIN)/python -m benchmarks.start_up

screenshots: $(STAMP)
	@$(BIN)/python -m benchmarks.screenshots

gallery: $(STAMP)
	@$(BIN)/python -m benchmarks.gallery build/gallery/dark-150x40 150x40 textual-dark
	@$(BIN)/python -m benchmarks.gallery build/gallery/dark-80x24 80x24 textual-dark
	@$(BIN)/python -m benchmarks.gallery build/gallery/light-150x40 150x40 textual-light
	@$(BIN)/python -m benchmarks.gallery build/gallery/light-80x24 80x24 textual-light

lock:
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--extra dev --extra node --extra web pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--group stores -c requirements.lock -o requirements-stores.lock
	@$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--group mongodb -o requirements-mongodb.lock

build: $(STAMP)
	@$(BIN)/python -m build --no-isolation

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
