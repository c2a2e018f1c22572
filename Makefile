# Two commands matter: `make run` and `make test`. Everything else is listed by `make help`.

VAR := $(if $(DATA_DIR),$(DATA_DIR),var)
PY := .venv/bin/python
export COVERAGE_FILE := $(abspath $(VAR))/coverage/data
export PATH := $(abspath .venv/bin):$(PATH)
PYTEST := $(PY) -m pytest -n 2 --dist worksteal
COVER := --cov --cov-report=

.DEFAULT_GOAL := help
.PHONY: help run test test-full check e2e bench demo backup restore drill stop clean venv format lock

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: venv ## Start everything: database, web, worker, sandbox, demo practice (PORT, HOST, DATABASE_URL, DATA_DIR)
	@$(PY) -m project.run

test: venv ## Run the tests with their coverage thresholds
	@mkdir -p $(dir $(COVERAGE_FILE)) && rm -f $(COVERAGE_FILE)*
	@$(PYTEST) -m "not heavy and not e2e" $(COVER)
	@bin/coverage

test-full: venv ## Run the tests with their full counts: races, thousands of generated cases (long)
	@mkdir -p $(dir $(COVERAGE_FILE)) && rm -f $(COVERAGE_FILE)*
	@FULL_COUNTS=1 $(PYTEST) -m "not e2e" $(COVER)
	@bin/coverage

check: venv ## Check format, lint, types, imports, migrations, deployment, OpenAPI and translations
	@bin/check

e2e: venv ## Drive the workspace and the API documentation in headless Chromium
	@bin/e2e

bench: venv ## Measure speed
	@$(PY) -m project.embedded_postgres run --testing -- $(PY) -m bench

demo: venv ## Load the demo practice, unless it is there
	@$(PY) -m project.embedded_postgres run -- sh -c '$(PY) manage.py migrate -v 0 && $(PY) manage.py load_demo'

backup: venv ## Make an encrypted backup of the database in BACKUP_DIR
	@$(PY) -m project.embedded_postgres run -- $(PY) manage.py backup

restore: venv ## Restore a backup: FILE=…, KEY=… (its private key), FORCE=1 puts aside what is there
	$(if $(FILE),,$(error Name the backup: make restore FILE=var/backups/….age))
	@$(PY) -m project.embedded_postgres run -- $(PY) manage.py restore "$(FILE)" $(if $(KEY),--key "$(KEY)") \
		$(if $(FORCE),--force)

drill: venv ## Prove that backups can be restored: a demo practice into a fresh PostgreSQL
	@env -u DATABASE_URL DATA_DIR="$(abspath $(VAR))/drill" $(PY) -m project.embedded_postgres run -- \
		sh -c '$(PY) manage.py migrate -v 0 && $(PY) manage.py load_demo --once && $(PY) manage.py drill'

stop: ## Stop a PostgreSQL that was left running
	@if [ -x $(PY) ]; then $(PY) -m project.embedded_postgres stop; $(PY) -m project.embedded_postgres stop --testing; fi

clean: ## Delete the databases, all local state, the environment and every cache
	@if [ -x $(PY) ]; then $(PY) -m project.embedded_postgres destroy; $(PY) -m project.embedded_postgres destroy --testing; fi
	rm -rf $(VAR) .venv staticfiles .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find apps project sandbox tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

format: venv ## Format the code and mend what the linter can
	@ruff format . && ruff check --fix .

lock: venv ## Resolve the requirements of pyproject.toml again
	@UV_NO_CONFIG=1 uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@UV_NO_CONFIG=1 uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --constraint requirements.txt --group dev \
		pyproject.toml -o requirements-dev.txt

venv:
	@bin/bootstrap
