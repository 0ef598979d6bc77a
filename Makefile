# `make demo` sets everything up and redacts sample_docs/; `make test` runs the tests.
# Only bash, make and Python 3.11 or newer are assumed.

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3))
VENV := .venv
BIN := $(VENV)/bin
OUT := demo-out

.PHONY: demo test lint bench clean

demo: $(VENV)/.installed
	@rm -rf $(OUT)
	@mkdir -p $(OUT)
	@echo "--- redactor redact sample_docs -o $(OUT)/redacted -p base"
	@REDACTOR_HOME=$(OUT)/state $(BIN)/redactor redact sample_docs -o $(OUT)/redacted -p base
	@echo "--- the redacted letter ($(OUT)/redacted/letter.txt)"
	@cat $(OUT)/redacted/letter.txt
	@echo "--- redactor audit verify"
	@REDACTOR_HOME=$(OUT)/state $(BIN)/redactor audit verify

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks --json benchmarks/results.json --readme

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# requirements.lock pins every version; torch is pinned to the CPU build's version
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[all]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[all,dev]'
	@touch $@

clean:
	rm -rf $(VENV) $(OUT)
