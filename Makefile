# Two commands matter: `make demo` shows the site with real content, `make test` passes the tests.

PORT ?= 8000
VENV ?= .venv
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; done)
RUN = $(VENV)/bin/python
STATIC = $(shell find static -type f)

.PHONY: demo test bench lint messages help
.DEFAULT_GOAL := help

help:
	@echo "make demo            show the site with its starting content on http://127.0.0.1:$(PORT)/"
	@echo "make demo PORT=8123  the same on another port"
	@echo "make test            run the tests; CI=1 make test runs the slowest as well"
	@echo "make bench           print how long pages take at 1,000, 10,000 and 100,000 initiatives; with ROWS=1000000, there too"
	@echo "make lint            check the style of code and templates"
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
	@$(RUN) -m gunicorn learningcities.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning

test: $(VENV)/tests
	@echo "Running the tests ..."
	@$(RUN) -m pytest -n 2 --dist loadscope --no-loadscope-reorder -q -rs

bench: $(VENV)/tests
	@$(RUN) -m tests.benchmarks 1000 10000 100000 $(ROWS)

lint: $(VENV)/tests
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m djlint --check --lint templates

messages: $(VENV)/tests
	@MODE=development $(RUN) manage.py makemessages -l fr -l ar --no-location --no-wrap -i "$(VENV)" -i var -v0
	@$(RUN) -m tests.compile_messages
