"""The house rules that no linter knows: folders, sizes, names, and who may touch what."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

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


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(read(path))


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(parse(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


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


def wrong_lines(paths: Iterable[Path], pattern: str) -> list[str]:
    """Return the lines that hold what the pattern describes."""
    return [
        f"{name_of(path)}:{number}"
        for path in paths
        for number, line in enumerate(read(path).splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_python_files_stay_small():
    limits = {
        path: 500 if path.is_relative_to(ROOT / "tests") else 300 for path in PYTHON if "versions" not in path.parts
    }
    assert not [name_of(path) for path, limit in limits.items() if len(read(path).splitlines()) > limit]


def test_functions_fit_one_screen():
    lengths = {
        f"{name_of(path)}: {node.name}": (node.end_lineno or 0) - node.body[0].lineno + 1
        for path in PRODUCT
        for node in functions_of(path)
    }
    assert len(lengths) > 1000
    assert not {name: length for name, length in lengths.items() if length > 45}


def test_names_say_what_a_thing_is():
    banned = {part.rstrip("s") for part in BANNED_NAME_PARTS}
    assert not [
        name_of(path)
        for path in PRODUCT
        if any(word.rstrip("s") in banned for word in re.split(r"[_.]", path.stem.lower()))
    ]


def test_services_and_repositories_never_commit():
    assert not wrong_lines([path for path in CORE if path.parent.name != "db"], r"\.(commit|rollback)\(\)")


def test_rules_do_no_io_and_read_no_clock():
    rules = [path for path in CORE if path.name == "rules.py"]
    assert len(rules) > 5
    for path in rules:
        imported = {
            name
            for node in ast.walk(parse(path))
            for name in (
                [node.module or ""] if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            )
        }  # fmt: skip
        forbidden = (
            "sqlalchemy",
            "asyncpg",
            "aiohttp",
            "redis",
            "lumenpay.config",
            "lumenpay.db",
            "lumenpay.kit.clock",
        )
        assert not [name for name in imported if name.startswith(forbidden)], name_of(path)
        assert not [node.name for node in functions_of(path) if isinstance(node, ast.AsyncFunctionDef)], name_of(path)


def test_work_in_the_background_starts_only_in_the_runtime():
    sandbox, allowed = ROOT / "platform" / "sandbox", {"runtime.py", "writer.py", "carriers.py"}
    paths = [path for path in PRODUCT if not path.is_relative_to(sandbox) and path.name not in allowed]
    assert not wrong_lines(paths, r"create_task\(")


def test_no_celery_message_waits_for_a_time_f6():
    assert not wrong_lines(PRODUCT, r"\b(eta|countdown)=")


def test_sql_is_never_built_from_values():
    # The operators' statements about roles take no parameters; the server quotes what goes into them.
    offenders = [
        f"{name_of(path)}:{node.lineno}"
        for path in PRODUCT
        if "operations" not in path.parts
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text" and node.args
        if isinstance(node.args[0], ast.JoinedStr)
    ]
    assert not offenders


def test_modules_say_what_they_own():
    modules = [path for path in PRODUCT if path.name != "__init__.py"]
    assert not [name_of(path) for path in modules if not ast.get_docstring(parse(path))]


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
