# Every target sets up what it needs: a virtual environment in .venv with stance and its tools.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run check lint types layers test gate model clean

run: .venv/ready  ## the main job on the four seed articles
	$(BIN)/stance classify seeds/ --format table

check: lint types layers test  ## what CI runs

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch .venv/ready

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

layers: .venv/ready
	$(BIN)/lint-imports

test: .venv/ready
	$(BIN)/pytest -n 2

model: .venv/ready  ## train the shipped model again
	$(BIN)/stance labels check labels/
	$(BIN)/stance train labels/ -o models/kurdistan-2017 --jobs 2

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
