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
WEB_PROOF = re.compile(r'\[([^\]]+)\]\((\.\./webapp/[^)]+)\): "([^"]+)"')
ROW = re.compile(r"^\| ([A-Z]\d+(?:, [A-Z]\d+)*) \|[^|]+\|(.+)\|$", flags=re.MULTILINE)


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


def test_every_proof_in_the_web_app_is_there_under_its_title():
    proofs = WEB_PROOF.findall(RELIABILITY)
    assert len(proofs) == len(re.findall(r"\(\.\./webapp/[^)]+\)", RELIABILITY)) > 1
    for shown, target, title in proofs:
        assert target == f"../{shown}"
        assert title in (ROOT / shown).read_text(encoding="utf-8")


def test_every_fault_in_the_table_is_named_by_a_test_of_its_row_and_the_other_way_round():
    rows = dict.fromkeys(fault for cell, _ in ROW.findall(RELIABILITY) for fault in cell.split(", "))
    unnamed = []
    for cell, proofs in ROW.findall(RELIABILITY):
        files = {target for _, target, _ in PROOF.findall(proofs) + WEB_PROOF.findall(proofs)}
        text = "".join((ROOT / "docs" / target).resolve().read_text(encoding="utf-8") for target in files)
        # In the name of a test, or in words where a whole file is about it.
        unnamed += [
            fault for fault in cell.split(", ")
            if not re.search(rf"def test_\w*_{fault.lower()}(_[a-z]+\d+)*\(|\({fault.lower()}\)|\b{fault}\b", text)
        ]  # fmt: skip
    assert not unnamed
    named = {
        fault.upper()
        for path in (ROOT / "tests").rglob("test_*.py")
        for ids in re.findall(r"def test_\w+?((?:_[a-j,m-n]\d{1,2})+)\(", path.read_text(encoding="utf-8"))
        for fault in ids.strip("_").split("_")
    }
    assert sorted(named - rows.keys()) == []


def test_the_readme_lists_every_target_and_no_other():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, flags=re.MULTILINE)) - {"help"}
    assert set(re.findall(r"^\| `make ([a-z0-9-]+)", README, flags=re.MULTILINE)) == targets


def test_the_readme_names_every_folder_of_tests():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    row = next(line for line in README.splitlines() if line.startswith("| `tests/`"))
    assert not [name for name in sorted(folders - {"support", "factories"}) if name not in row]
