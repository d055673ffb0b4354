# `make run` shows what kg does; `make test` checks it. Both start from nothing but Python >= 3.11 with venv,
# make and a package index, install the locked packages into .venv and are quick the second time.

VENV := .venv
BIN := $(VENV)/bin
PYTHON :=
EXAMPLES := examples
GRAPH := build/kg.ttl
UV := uv>=0.13,<1

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCKED := $(PIP) install --require-hashes --no-build-isolation
FAILED := { echo 'make: pip could not install the packages; its message is above. It needs a package index:' \
	'behind a proxy set HTTPS_PROXY, for a mirror PIP_INDEX_URL, and say make again.' >&2; exit 1; }

unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
unexport UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL UV_FIND_LINKS # `make lock` asks the public index

.PHONY: help run test notebook setup setup-dev lock clean
.NOTPARALLEL:

help:
	@echo 'make run     build the graph of $(EXAMPLES)/ into $(GRAPH) and ask it four questions'
	@echo 'make notebook  open the notebooks in JupyterLab, with everything installed'
	@echo 'make test    format, lint, types, layers, tests: all that .ci/run checks'
	@echo 'make lock    choose the newest versions that pyproject.toml allows, for every system'
	@echo 'make clean   remove what the others made'
	@echo
	@echo 'PYTHON=/path/to/python3 chooses the Python (after make clean); else the newest of 3.11 to 3.13 that is there.'

run: setup
	@mkdir -p $(dir $(GRAPH))
	$(BIN)/kg build $(EXAMPLES) -o $(GRAPH)
	@echo; echo '== Who leads what, by whose word'
	$(BIN)/kg query leaders -g $(GRAPH)
	@echo; echo '== Who spoke with whom'
	$(BIN)/kg query spoke_with -g $(GRAPH)
	@echo; echo '== Who is under whose sanctions'
	$(BIN)/kg query sanctions -g $(GRAPH)
	@echo; echo '== The best connected'
	$(BIN)/kg query most_connected -p least=3 -g $(GRAPH)
	@echo; echo 'The graph is $(GRAPH); $(BIN)/kg --help tells what else to do with it.'

test: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

notebook: setup $(VENV)/.notebook
	$(BIN)/jupyter lab --notebook-dir notebooks $(JUPYTER)

# ---------------------------------------------------------------- the environment: a stamp for each step done

setup: $(VENV)/.kg

setup-dev: $(VENV)/.kg $(VENV)/.dev

$(VENV)/.made:
	@python=; for candidate in $(if $(PYTHON),'$(PYTHON)',python3.13 python3.12 python3.11 python3 python); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			python=$$candidate; "$$candidate" -c 'import ensurepip, venv' 2>/dev/null && break; fi; done; \
	if test -z "$$python"; then \
		echo 'make: $(if $(PYTHON),$(PYTHON) is no Python >= 3.11,no Python >= 3.11 was found).' \
			'Install one, or name it: make PYTHON=/path/to/python3.11' >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "make: $$python cannot make virtual environments." \
			'On Debian and Ubuntu: apt-get install python3-venv (or python3.11-venv, and so on)' >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV) || { echo "make: $$python -m venv failed; its message is above." \
		'On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@touch $@

$(VENV)/.locked: requirements-build.txt requirements.txt $(VENV)/.made
	@echo 'Installing the locked packages: some 150 MB to fetch, 700 MB on disk, a minute or two'
	@$(LOCKED) -r requirements-build.txt || $(FAILED)
	@$(LOCKED) -r requirements.txt || $(FAILED)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.locked
	@echo 'Installing the locked tools'
	@$(LOCKED) -r requirements-dev.txt || $(FAILED)
	@touch $@

$(VENV)/.notebook: requirements-notebook.txt $(VENV)/.locked
	@echo 'Installing JupyterLab'
	@$(LOCKED) -r requirements-notebook.txt || $(FAILED)
	@touch $@

$(VENV)/.kg: pyproject.toml $(VENV)/.locked
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# ---------------------------------------------------------------- upkeep

# The public index alone decides, whatever this machine's pip is told; the files name no index, host or path.
COMPILE = build/lock/bin/uv --no-config --system-certs pip compile --quiet --upgrade --universal --fork-strategy fewest \
	--python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make lock'

lock: $(VENV)/.made
	@$(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check --quiet install '$(UV)' || $(FAILED)
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) --group build --constraint requirements.txt --output-file requirements-build.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements.txt --constraint requirements-build.txt \
		--output-file requirements-dev.txt
	$(COMPILE) pyproject.toml --group notebook --constraint requirements.txt --constraint requirements-dev.txt \
		--output-file requirements-notebook.txt

clean:
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
