# Two commands matter: `make demo` shows the site with real content, `make test` passes the tests.

PORT ?= 8000
VENV ?= .venv
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; done)
RUN = $(VENV)/bin/python
STATIC = $(shell find static -type f)

# Python keeps what it has compiled: each process begins in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve backup restore test fuzz kill-test bench lighthouse lint audit requirements messages drawing pictures help
.DEFAULT_GOAL := help

help:
	@echo "make demo            show the site with its starting content on http://127.0.0.1:$(PORT)/"
	@echo "make demo PORT=8123  the same on another port"
	@echo "make serve           run the production site behind a proxy; with BIND=unix:var/site.sock or another port"
	@echo "make backup          write all rows and files into one archive; KEEP=14 of them stay"
	@echo "make restore FILE=…  bring such an archive into an empty site"
	@echo "make test            run the tests; THOROUGH=1: the slowest as well"
	@echo "make fuzz            send the site CASES=20000 odd queries, forms and files, and look for errors and half writes"
	@echo "make kill-test       kill the server during SAVES=40 saves, or keep two of them busy, on SQLite or DATABASE_URL"
	@echo "make audit           ask the package index whether a package has a known weakness"
	@echo "make bench           print how long pages take at 1,000 to 100,000 initiatives (ROWS=1000000: there too), and what a served site answers"
	@echo "make lighthouse      what Lighthouse says of each type of page on a phone, in three languages"
	@echo "make lint            check the style of code and templates"
	@echo "make requirements    write down what pyproject.toml asks for, with all that follows and their hashes"
	@echo "make drawing         draw the floors of the code for docs/architecture.md"
	@echo "make pictures        take the pictures of the manual, of a site with the starting content"
	@echo "make messages        collect the words to translate, and compile the translations"

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed, and none was found."; exit 1; }
	@echo "Making an environment with $(PYTHON) in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "The environment could not be made; Debian and Ubuntu need the package python3-venv."; exit 1; }

$(VENV)/site: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site needs ..."
	@$(RUN) -m pip install -q --disable-pip-version-check -r requirements.txt || { echo "The packages could not be installed; this step needs a package index."; exit 1; }
	@touch $@

$(VENV)/tests: requirements.txt tests/requirements.txt | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(RUN) -m pip install -q --disable-pip-version-check -r tests/requirements.txt || { echo "The packages could not be installed; this step needs a package index."; exit 1; }
	@touch $@ $(VENV)/site

var/collected: $(VENV)/site $(STATIC)
	@echo "Preparing static files ..."
	@MODE=demo $(RUN) manage.py collectstatic --noinput --clear -v0
	@touch $@

demo: export MODE = demo
demo: $(VENV)/site var/collected
	@echo "Preparing the database ..."
	@$(RUN) manage.py migrate -v0
	@$(RUN) manage.py load_demo --accounts
	@echo
	@echo "  The site    http://127.0.0.1:$(PORT)/"
	@echo "  The admin   http://127.0.0.1:$(PORT)/admin/"
	@echo "  Accounts    admin, coordinator, editor-benguerir, editor-chefchaouen, editor-laayoune"
	@echo "  Password    demo (for each of them)"
	@echo "  Stop        Ctrl+C"
	@echo
	@$(RUN) -m gunicorn -c deploy/gunicorn.conf.py --bind 127.0.0.1:$(PORT) --workers 2 learningcities.wsgi

# The production site: settings come from .env, and `manage.py migrate` is a step of its own.
BIND ?= 127.0.0.1:$(PORT)
serve: $(VENV)/site
	@$(RUN) manage.py collectstatic --noinput -v0
	@$(RUN) manage.py doctor
	@$(RUN) -m gunicorn -c deploy/gunicorn.conf.py --bind $(BIND) learningcities.wsgi

KEEP ?= 14
backup: $(VENV)/site
	@$(RUN) manage.py backup --keep $(KEEP)

restore: $(VENV)/site
	@test -n "$(FILE)" || { echo "Which archive? make restore FILE=var/backups/site-….tar.gz"; exit 1; }
	@$(RUN) manage.py restore "$(FILE)"

WORKERS ?= 2
test: $(VENV)/tests
	@echo "Running the tests ..."
	@$(RUN) -m pytest -n $(WORKERS) --dist worksteal -q

CASES ?= 20000
fuzz: $(VENV)/tests
	@THOROUGH=1 ADDRESS_EXAMPLES=$$(($(CASES) * 6 / 10)) FUZZ_CASES=$$(($(CASES) * 4 / 10)) $(RUN) -m pytest -n 2 --dist load -q \
		tests/learningcities/test_fuzz.py tests/learningcities/test_addresses.py

SAVES ?= 40
kill-test: $(VENV)/tests
	@KILL_SAVES=$(SAVES) THOROUGH=1 $(RUN) -m pytest -q -s tests/operations/test_kill.py tests/operations/test_two_servers.py

audit: $(VENV)/site
	@$(PYTHON) -m venv var/audit
	@var/audit/bin/python -m pip install -q --disable-pip-version-check pip-audit
	@var/audit/bin/pip-audit --progress-spinner off -r deploy/requirements.txt

bench: $(VENV)/tests
	@$(RUN) -m tests.benchmarks 1000 10000 100000 $(ROWS)

lighthouse: $(VENV)/tests
	@$(RUN) -m tests.benchmarks.lighthouse

lint: $(VENV)/tests
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m djlint --check --lint templates

# uv resolves for every Python and machine at once, and writes down the hash of each file that may be installed.
COMPILE = var/uv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make requirements"
requirements: var/uv/bin/uv
	@$(COMPILE) -o requirements.txt
	@$(COMPILE) -c requirements.txt --extra deploy -o deploy/requirements.txt
	@$(COMPILE) -c requirements.txt -c deploy/requirements.txt --extra tests -o tests/requirements.txt
	@$(COMPILE) -c tests/requirements.txt --extra tests --extra clients -o tests/clients/requirements.txt
	@$(COMPILE) -c deploy/requirements.txt -c tests/requirements.txt --extra deploy --extra tests --extra bucket \
		-o tests/operations/requirements.txt

var/uv/bin/uv: | $(VENV)/bin/python
	@$(RUN) -m venv var/uv
	@var/uv/bin/python -m pip install -q --disable-pip-version-check uv

messages: $(VENV)/tests
	@MODE=development $(RUN) manage.py makemessages -l fr -l ar --no-location --no-wrap -i "$(VENV)" -i var -v0
	@$(RUN) -m tests.compile_messages

drawing: $(VENV)/tests
	@$(RUN) -m tests.draw_floors

pictures: $(VENV)/tests
	@$(RUN) -m tests.draw_help
