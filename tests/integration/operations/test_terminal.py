"""Two runs on one folder: the second says so and touches nothing of the first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from operations.terminal import alone_in

_SECOND = (
    "from pathlib import Path; from operations.terminal import alone_in\nwith alone_in(Path({folder!r})): print('in')"
)


def _run_second(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    argv = [sys.executable, "-c", _SECOND.format(folder=str(folder))]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_second_run_in_the_same_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with alone_in(tmp_path / "state"):
        second = _run_second(tmp_path / "state")
        assert second.returncode != 0
        assert "another run uses" in second.stdout.replace("\n", " ")
        with pytest.raises(typer.Exit):
            alone_in(tmp_path / "state").__enter__()
    assert _run_second(tmp_path / "state").stdout == "in\n"
