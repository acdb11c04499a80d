"""The house rules that no linter knows: folders, sizes, names, and who may touch what."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    "platform", "tenants_worker", "webapp", "migrations", "infra", "docs", "tests",
    "pyproject.toml", "compose.yaml", "README.md", "LICENSE", "Makefile",
    "requirements.lock", "requirements-dev.lock", "requirements-embedded.lock",
}  # fmt: skip
BANNED_NAME_PARTS = ("utils", "helper", "manager", "common", "misc")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


FILES = tracked_files()
PYTHON = [path for path in FILES if path.suffix == ".py"]
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in ("platform", "tenants_worker")]
CORE = [path for path in PRODUCT if path.is_relative_to(ROOT / "platform" / "lumenpay")]


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_file_list_is_not_empty():
    assert len(PRODUCT) > 50
    assert len(CORE) > 30


def test_top_level_holds_only_what_the_owner_named():
    found = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert {name for name in found if not name.startswith(".")} <= TOP_LEVEL


def test_platform_is_a_plain_folder_that_hides_no_standard_module():
    import platform

    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()
    assert platform.python_version()


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_python_files_stay_small(path: Path):
    if "versions" in path.parts:
        return
    limit = 500 if path.is_relative_to(ROOT / "tests") else 300
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_functions_fit_one_screen(path: Path):
    too_long = {
        node.name: (node.end_lineno or 0) - node.body[0].lineno + 1
        for node in functions_of(path)
        if (node.end_lineno or 0) - node.body[0].lineno + 1 > 45
    }
    assert not too_long


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_names_say_what_a_thing_is(path: Path):
    words = re.split(r"[_.]", path.stem.lower())
    assert not [word for word in words if word.rstrip("s") in {part.rstrip("s") for part in BANNED_NAME_PARTS}]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_services_and_repositories_never_commit(path: Path):
    text = path.read_text(encoding="utf-8")
    if path.parent.name != "db":
        assert ".commit()" not in text
        assert ".rollback()" not in text


@pytest.mark.parametrize("path", [path for path in CORE if path.name == "rules.py"], ids=name_of)
def test_rules_do_no_io_and_read_no_clock(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        )
    }  # fmt: skip
    forbidden = ("sqlalchemy", "asyncpg", "aiohttp", "redis", "lumenpay.config", "lumenpay.db", "lumenpay.kit.clock")
    assert not [name for name in imported if name.startswith(forbidden)]
    assert not [node.name for node in functions_of(path) if isinstance(node, ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_work_in_the_background_starts_only_in_the_runtime(path: Path):
    allowed = {"runtime.py", "writer.py"}
    if path.is_relative_to(ROOT / "platform" / "sandbox") or path.name in allowed:
        return
    assert "create_task(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_no_celery_message_waits_for_a_time_f6(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(eta|countdown)=", text)


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_sql_is_never_built_from_values(path: Path):
    if "operations" in path.parts:
        return  # utility statements about roles, which take no parameters; the server quotes what goes in
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text" and node.args:
            assert not isinstance(node.args[0], ast.JoinedStr), f"line {node.lineno}"


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.name != "__init__.py"], ids=name_of)
def test_modules_say_what_they_own(path: Path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring


def test_status_is_assigned_only_where_transitions_are_checked():
    offenders = [
        f"{name_of(path)}:{number}"
        for path in CORE
        if path.parent.name == "payments"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"payment\.status\s*=[^=]", line) and path.name != "transitions.py"
    ]
    assert not offenders


def test_the_tree_names_no_machine_and_no_registry():
    # Put together here, so that this file passes its own test.
    folders = "|".join("/" + name for name in (r"work/", r"root/\w", r"tmp/bash_jobs"))
    hosts = "|".join(
        r"\.".join(parts) for parts in (("files", "pythonhosted"), ("registry", "npmjs"), ("deb", "debian"))
    )
    wrong = re.compile(rf"(?<![\w.])({folders})|{hosts}")
    offenders = [
        name_of(path)
        for path in FILES
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".lock", ".json", ".conf", ".sh", ".mako", ""}
        and wrong.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not offenders


def test_lock_files_pin_hashes_and_name_no_index():
    for name in ("requirements.lock", "requirements-embedded.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==", text, flags=re.MULTILINE)
        assert len(pins) > 40
        assert len(re.findall(r"--hash=sha256:", text)) >= len(pins)


def test_the_owners_packages_are_dependencies():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for package in (
        "fastapi", "sqlalchemy", "alembic", "asyncpg", "aiogram", "yookassa", "celery", "redis", "authlib",
        "cryptography", "stripe", "sentry-sdk", "pytest", "locust",
    ):  # fmt: skip
        assert re.search(rf'"{package}[\[>=]', text), package
