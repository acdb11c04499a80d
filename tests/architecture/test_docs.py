"""What the documents name is there: files, tests, targets and folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
PROOF = re.compile(r"\[([^\]]+)\]\((\.\./tests/[^)]+)\):((?:\s*`\w+`,?)+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page: Path):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_test_that_proves_something_is_there_under_its_name():
    proofs = PROOF.findall(RELIABILITY)
    named = re.findall(r"\(\.\./tests/[^)]+\)", RELIABILITY)
    assert len(proofs) == len(named) > 60
    missing = []
    for shown, target, tests in proofs:
        assert target == f"../tests/{shown}"
        text = (ROOT / "docs" / target).resolve().read_text(encoding="utf-8")
        names = re.findall(r"`(\w+)`", tests)
        missing += [f"{shown}: {name}" for name in names if not re.search(rf"def test_{name}(_[a-z]+\d+)*\(", text)]
    assert not missing


def test_the_readme_lists_every_target_and_no_other():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, flags=re.MULTILINE)) - {"help"}
    assert set(re.findall(r"^\| `make ([a-z0-9-]+)", README, flags=re.MULTILINE)) == targets


def test_the_readme_names_every_folder_of_tests():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    row = next(line for line in README.splitlines() if line.startswith("| `tests/`"))
    assert not [name for name in sorted(folders - {"support", "factories"}) if name not in row]
