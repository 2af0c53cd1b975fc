# Thin names for dev.py, which needs nothing but Python 3.11 or newer.
#   make run                 PORT=8001 and PSEW_DATA_DIR=/elsewhere are passed on; ARGS=--lite
#   make manage              ARGS="unload_demo": a management command on the running site
#   make test                ARGS="-k escalate" runs a part
PYTHON ?= python3

.PHONY: run manage test env lint screenshots lock clean

run manage test env lint screenshots lock:
	@exec $(PYTHON) dev.py $@ $(ARGS)

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
