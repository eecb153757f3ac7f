# Two commands are enough for a newcomer: `make demo` and `make test`. Each makes first what it needs, once: .venv, with
# what requirements.lock pins, and a Chromium. The files .venv/have-* remember what was done.

PYTHONS = python3 python3.14 python3.13 python3.12 python3.11
PIP = .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check
INSTALL = DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends
apt = { apt-get -qq update && $(INSTALL) $(1); } >/dev/null 2>&1

.PHONY: help demo test bench scorecard screenshots lint lock clean

help:
	@echo 'make demo   plays the whole story against a stand-in RevolutionEHR, in two minutes'
	@echo 'make test   runs all tests; make test T="-k password" runs some'
	@echo 'make bench  measures, and keeps the figures in bench/results.json'
	@echo 'make scorecard  plays every fault of the stand-in EHR, and keeps docs/scorecard.md; an hour or more'
	@echo 'make lock  pins what pyproject.toml asks for, in requirements.lock'
	@echo 'make screenshots  makes the pictures of README anew'
	@echo 'make lint   looks at style and types'
	@echo 'make clean  removes .venv, and nothing else'

demo: .venv/have-chromium
	@.venv/bin/onespot demo

# Compiled files are kept: else each of the many processes that the tests start would compile everything again.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/have-chromium .venv/have-postgresql
	@.venv/bin/python -m pytest --numprocesses 3 --dist worksteal $(T)

# Every package in bench/ that measures, one after the other, also when one fails.
bench: .venv/have-packages
	@red=; for main in $(filter-out bench/scorecard/%,$(wildcard bench/*/__main__.py)); do \
	    name=$$(basename "$$(dirname "$$main")"); .venv/bin/python -m "bench.$$name" || red="$$red $$name"; \
	done; [ -z "$$red" ] || { echo "red:$$red" >&2; exit 1; }

# BREADTH=quick plays a part of it; A="--again" plays only what was not survived or not yet played.
BREADTH = all
COMBINATIONS = 20
SEED = 7

scorecard: .venv/have-chromium
	@.venv/bin/python -m bench.scorecard --breadth $(BREADTH) --combinations $(COMBINATIONS) --seed $(SEED) $(A)

screenshots: .venv/have-chromium
	@.venv/bin/python -m docs.screenshots

lint: .venv/have-packages
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

lock:
	@.venv/bin/python -m venv .venv/uv && .venv/uv/bin/pip install --quiet uv
	@.venv/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	    --extra scale --extra dev --python-version 3.11 pyproject.toml -o requirements.lock

clean:
	rm -rf .venv

# A .venv that a stopped installation left without its pip, or whose Python is gone, is made anew.
.venv/have-packages: requirements.lock pyproject.toml
	@for python in $(PYTHONS) ''; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	done; \
	if [ -z "$$python" ]; then \
	    echo 'OneSpot needs Python 3.11 or newer; where apt has it, as root: apt install python3.11-venv' >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "This Python cannot make a virtual environment yet; as root: apt install $$python-venv" >&2; exit 1; \
	fi; \
	echo 'Installing what requirements.lock pins into .venv (once; a minute or so)'; \
	.venv/bin/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear .venv
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# The system's Chromium, else Playwright's own, else apt's: `onespot doctor` knows. First the one library that Playwright
# itself needs and that the smallest of Debians lack.
.venv/have-chromium: .venv/have-packages
	@echo 'Looking for a Chromium, and getting one where there is none (once)'
	@.venv/bin/playwright --version >/dev/null 2>&1 || $(call apt,libatomic1) || \
	    { echo 'Playwright does not start here; as root: apt install libatomic1' >&2; exit 1; }
	@.venv/bin/onespot doctor --install 2>.venv/chromium.log || \
	    { echo 'What was tried stands in .venv/chromium.log' >&2; exit 1; }
	@touch $@

# The storage tests use PostgreSQL too where its programs are. Root gets Debian's, without a server being set up; for
# anybody else, and where that fails, those tests are skipped and say so.
.venv/have-postgresql: .venv/have-packages
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then \
	    echo 'Installing the programs of PostgreSQL for the tests of storage/ (once)'; \
	    mkdir -p /etc/postgresql-common; \
	    test -e /etc/postgresql-common/createcluster.conf || \
	        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf; \
	    $(call apt,postgresql) || \
	        echo 'They could not be installed: the tests of storage/ run on SQLite only'; \
	fi
	@touch $@
