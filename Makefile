# make demo | test | lint | bench-dispatch | bench-pages | bench-seats | bench-ledger | bench-rotation | faults | attack-ledger | attack-review | drill-breach | screenshot | lock | clean
# Needs Python 3.11 or later with venv, and make. Everything else comes into .venv/ and node_modules/.

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
RUN := $(PY) -m jinju_portal.launcher run --
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r

.PHONY: demo test lint everything check-deploy bench-dispatch bench-pages bench-seats bench-ledger bench-rotation faults attack-ledger attack-review drill-breach screenshot lock clean

demo: .venv/demo.stamp node_modules/.stamp
	@exec $(PY) -m jinju_portal.launcher demo

# ---- what it stands on; a stamp is newer than what it was made from, so a second start does nothing here

.venv/made:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11 이상(venv 포함)을 찾지 못했습니다. 설치한 뒤 다시 해 주세요. 예: sudo apt install python3 python3-venv"; \
	  echo "(no Python >= 3.11 with the venv module; name one with: make PYTHON=/path/to/python)"; exit 1; fi
	@echo "처음이라 필요한 것을 내려받습니다. 몇 분 걸릴 수 있습니다. (first start: fetching packages)"
	@$(PYTHON) -m venv --clear .venv && touch $@

.venv/demo.stamp: requirements/demo.txt .venv/made
	@$(PIP) requirements/demo.txt && touch $@

.venv/dev.stamp: requirements/dev.txt .venv/demo.stamp
	@$(PIP) requirements/dev.txt && touch $@

# The machine's own Node if it is new enough, else the one in .venv.
node_modules/.stamp: package-lock.json .venv/demo.stamp
	@if npm --version >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 18)' 2>/dev/null; \
	  then npm=npm; else npm=$(CURDIR)/.venv/bin/npm; PATH="$(CURDIR)/.venv/bin:$$PATH"; fi; \
	  npm_config_update_notifier=false $$npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

# ---- checks

test: .venv/dev.stamp node_modules/.stamp
	@$(RUN) $(MAKE) --no-print-directory everything

lint: .venv/dev.stamp
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/lint-imports
	@$(RUN) .venv/bin/mypy

everything: lint
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py migrate --verbosity 0
	@$(MAKE) --no-print-directory check-deploy
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@$(PY) -m tests.everything

# What production would say of these settings, with secrets made up for the question. Silenced: that the role owns its
# tables, which it does in a database of one's own.
check-deploy:
	@key=$$($(PY) -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())') && \
	  PORTAL_MODE=production PORTAL_URL=https://portal.example.kr ALLOWED_HOSTS=portal.example.kr HELP_PHONE=055-000-0000 \
	  SECRET_KEY="$$key$$key" DATA_KEYS="k1:$$key" INDEX_KEY="$$key" \
	  LEDGER_KEY="$$key" LEDGER_WITNESSES="asked=mailto:asked@example.kr" SILENCED_CHECKS=privacy.W001 \
	  SOLAPI_KEY=asked SOLAPI_SECRET=asked SOLAPI_SENDER=0550000000 CLAMD_ADDRESS=tcp:clamav:3310 \
	  $(PY) manage.py check --deploy --fail-level WARNING

# ---- measuring and showing; each starts a city of its own

bench-dispatch: .venv/dev.stamp
	@$(RUN) $(PY) -m tests.load.bench_dispatch

# Bookings a second, on a database that keeps what it says it has.
bench-seats: .venv/dev.stamp node_modules/.stamp
	@DURABLE=1 $(RUN) $(PY) -m tests.load.bench_seats

bench-pages: .venv/dev.stamp node_modules/.stamp
	@$(RUN) $(PY) -m tests.load.bench_pages

bench-ledger: .venv/dev.stamp
	@$(RUN) $(PY) -m tests.load.bench_ledger

faults: .venv/dev.stamp node_modules/.stamp
	@$(PY) -m tests.faults.run

attack-review: .venv/dev.stamp
	@$(RUN) $(PY) -m tests.attacks.review

bench-rotation: .venv/dev.stamp node_modules/.stamp
	@$(RUN) $(PY) -m tests.load.bench_rotation

drill-breach: .venv/dev.stamp
	@$(RUN) $(PY) -m tests.load.drill_breach

attack-ledger: .venv/dev.stamp
	@$(RUN) $(PY) -m tests.attacks.ledger

screenshot: .venv/dev.stamp node_modules/.stamp
	@$(PY) -m tests.screenshot

# ---- care

# Exact versions and hashes for every platform, from pyproject.toml.
COMPILE = .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-header --no-annotate --no-emit-index-url --quiet
lock: .venv/dev.stamp
	@$(PY) -m pip install --quiet uv
	@$(COMPILE) --extra embedded --extra dev -o requirements/dev.txt
	@$(COMPILE) --extra embedded -c requirements/dev.txt -o requirements/demo.txt
	@$(COMPILE) -c requirements/dev.txt -o requirements/production.txt

clean:
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
