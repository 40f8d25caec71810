"""The command line as a person uses it, within the test's own process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.__main__ import main

Run = Callable[..., tuple[int, str, str]]
"""Arguments -> (exit status, what was printed, what was said on stderr)."""


@pytest.fixture
def semblance(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
