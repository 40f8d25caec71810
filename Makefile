# The two commands that matter: `make run` and `make test`. Everything they need they bring along.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What Qt needs of a system without a desktop, and the tools that check the XMP we write.
DEBIAN := libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0 \
          libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 \
          libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 xvfb xauth fonts-noto-core fonts-inter openbox xdotool libimage-exiftool-perl exiv2

# Where Python may not write byte code (PYTHONDONTWRITEBYTECODE), each start would compile every module anew: 0.3 s.
COMPILE := $(BIN)/python -m compileall -q app indexer ui resources

.PHONY: run test check system benchmark clean install-desktop screenshots

run: system $(VENV)/.runtime
	$(BIN)/semblance

test: system $(VENV)/.development
	$(MAKE) --no-print-directory check

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

# Missing system libraries are installed where this may be done: as root on a Debian-like system.
system:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  missing=$$(for p in $(DEBIAN); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	  if [ -n "$$missing" ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi; \
	fi

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.development: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@$(COMPILE)
	@touch $@ $(VENV)/.runtime

benchmark: $(VENV)/.development
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[benchmarks]'
	$(BIN)/python -m tests.benchmarks

install-desktop: $(VENV)/.runtime
	$(BIN)/python -m ui.shell.desktop_entry

screenshots: $(VENV)/.development
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis
