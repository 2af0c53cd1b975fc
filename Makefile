# Thin names for dev.py, which needs nothing but Python 3.11 or newer.
PYTHON ?= python3

.PHONY: run test lint screenshots lock clean

run:
	@$(PYTHON) dev.py run $(ARGS)

test:
	@$(PYTHON) dev.py test $(ARGS)

lint:
	@$(PYTHON) dev.py lint

screenshots:
	@$(PYTHON) dev.py screenshots

lock:
	@$(PYTHON) dev.py lock

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .coverage
