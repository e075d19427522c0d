# The portal's commands. They need Python 3.11 or newer and make, nothing else; everything else is installed
# into .venv. Recipes `exec` their program, so that a signal sent to make reaches it.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --no-input --disable-pip-version-check -qq install --require-hashes --no-deps
UV ?= uv
ARGS ?=
LINTS := format style templates types imports migrations production
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test lint $(LINTS:%=lint-%) bench shots pin messages clean
.NOTPARALLEL:
.SUFFIXES:
.DELETE_ON_ERROR:

help:
	@echo "make setup     memasang semua paket ke $(VENV)"
	@echo "make demo      menjalankan portal dengan data contoh (PORT, HOST, DEMO_EMPLOYEES)"
	@echo "make test      seluruh uji; ARGS=... diteruskan ke pytest"
	@echo "make lint      format, gaya, templat, tipe, kontrak impor, migrasi, pemeriksaan produksi"
	@echo "make bench     mengukur halaman, hasilnya var/bench.json"
	@echo "make shots     gambar halaman utama ke var/shots/"
	@echo "make messages  mengumpulkan teks ke katalog bahasa Inggris"
	@echo "make pin       memperbarui requirements.txt dan requirements-dev.txt (perlu uv)"
	@echo "make clean     menghapus hasil sementara; data di var/ tetap ada"

setup: $(VENV)/.runtime $(COMPILED)
	@:

setup-dev: setup $(VENV)/.dev
	@:

$(PY):
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Perlu Python 3.11 atau lebih baru; isi PYTHON=/path/ke/python." >&2; exit 1; }
	@echo "Membuat $(VENV) dengan $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "Modul venv tidak lengkap; di Debian/Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.txt | $(PY)
	@echo "Memasang paket (sekitar setengah menit) ..."
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null  # a venv that uv made has none
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Memasang paket uji (sekitar setengah menit) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

%.mo: %.po | $(VENV)/.runtime
	@$(PY) -m babel.messages.frontend -q compile -i $< -o $@

demo: setup
	@exec $(PY) -m kepegawaian.demo

# Two runs, so that whatever needs the machine for itself (kills, races, whole processes) does not share it.
test: setup-dev
	@status=0; \
	$(PY) -m pytest -n 2 -m "not slow" $(ARGS) || status=$$?; \
	if [ $$status -eq 5 ] && [ -n "$(ARGS)" ]; then status=0; fi; \
	$(PY) -m pytest -n 0 -m slow $(ARGS) || { slow=$$?; [ $$slow -eq 5 ] || status=$$slow; }; \
	exit $$status

PRODUCTION := DJANGO_SETTINGS_MODULE=kepegawaian.settings.production DATABASE_URL=postgres://lint@127.0.0.1/lint \
	REDIS_URL=redis://127.0.0.1:1/0 ALLOWED_HOSTS=portal.contoh.test BASE_URL=https://portal.contoh.test \
	SECRET_KEY=lint-Zb7Qx2Vn9Lk4Wt6Rj8Mc3Hp5Sd1Gf0Ya-Ue_Xo-Bi7w2Eq9Ts

# -k: one run names everything that is wrong.
lint: setup-dev
	@exec $(MAKE) -k --no-print-directory $(LINTS:%=lint-%)

lint-format:
	$(PY) -m ruff format --check --quiet .

lint-style:
	$(PY) -m ruff check .

lint-templates:
	$(PY) -m djlint templates --check
	$(PY) -m djlint templates --lint --quiet

lint-types:
	$(PY) -m mypy .

lint-imports:
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

lint-migrations:
	DJANGO_SETTINGS_MODULE=kepegawaian.settings.test $(PY) manage.py makemigrations --check --dry-run

lint-production:
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

bench: setup-dev
	@exec $(PY) -m bench $(ARGS)

shots: setup-dev
	@exec $(PY) -m bench.shots $(ARGS)

pin:
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		requirements.in -o requirements.txt
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		requirements-dev.in -o requirements-dev.txt

messages: setup
	@exec $(PY) manage.py messages --merge $(wildcard locale/parts/*.po)

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage var/test $(COMPILED)
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
