"""Ports of loopback servers that are chosen seconds before anybody listens."""

import random
import subprocess
import sys
from pathlib import Path

from operations.embedded.ports import choose_port

_CHOOSE = "import pathlib, sys; from operations.embedded.ports import choose_port; "


def _choose_elsewhere(file: Path) -> int:
    script = _CHOOSE + "print(choose_port(pathlib.Path(sys.argv[1])))"
    return int(subprocess.run([sys.executable, "-c", script, file], check=True, capture_output=True, text=True).stdout)


def test_a_start_in_another_process_does_not_take_a_port_that_nobody_listens_on_yet(tmp_path):
    chosen = choose_port(tmp_path / "ours")
    (tmp_path / "theirs").write_text(str(chosen))

    assert _choose_elsewhere(tmp_path / "theirs") != chosen


def test_processes_with_one_seed_draw_different_ports(tmp_path):
    random.seed(7)
    first = choose_port(tmp_path / "first")
    random.seed(7)

    assert choose_port(tmp_path / "second") != first


def test_a_port_stays_the_same_for_its_own_file_only(tmp_path):
    chosen = choose_port(tmp_path / "ours")
    (tmp_path / "theirs").write_text(str(chosen))

    assert choose_port(tmp_path / "ours") == chosen
    assert choose_port(tmp_path / "theirs") != chosen
