# Two commands matter: `make demo` shows everything, `make test` proves it.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: demo test test-firefox lint fmt bench docs clean browser

demo: .venv/installed
	$(BIN)/throughline demo demo --port $(PORT)

# Browsers wait a lot, so three processes fill two cores. One file stays in one, and in order: what it needs is made once, browsers come last.
test: .venv/tests-installed browser lint
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# Firefox apart: a machine on which it cannot be installed still proves everything else.
test-firefox: .venv/tests-installed
	@command -v firefox-esr firefox >/dev/null 2>&1 || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && apt-get install -y -q firefox-esr; \
	  else echo "Install Firefox first."; exit 1; fi
	$(BIN)/pytest tests/e2e/firefox_form.py

lint: .venv/tests-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fmt: .venv/tests-installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/tests-installed
	@for script in tests/bench/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: .venv/tests-installed browser
	THROUGHLINE_PICTURES=docs/pictures $(BIN)/pytest tests/e2e/test_pictures.py

clean:
	rm -rf .venv demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A browser is part of the tests: a machine without one gets one, or the tests fail.
browser: .venv/tests-installed
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && apt-get install -y -q chromium; \
	  else $(BIN)/playwright install chromium; fi

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Throughline needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[suggest]"
	@touch $@

.venv/tests-installed: .venv/installed
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[suggest,test]"
	@touch $@
