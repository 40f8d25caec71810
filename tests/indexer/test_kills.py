"""A few rounds of what `tests/benchmarks/soak_kill.py` does a hundred times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.benchmarks.soak_kill import soak


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.usefixtures("caplog")
def test_killed_at_random_moments_one_run_brings_table_and_disk_together(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    wrong = soak(4, seed=3, least=0.5, most=5.0, folder=tmp_path / "files", home=tmp_path / "home")
    assert wrong == []
