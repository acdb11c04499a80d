"""The web app is built where that is possible, once for the same sources; the rest does without it elsewhere."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from operations.demo import prepare_web_app
from operations.web.build import build_web_app, is_built
from operations.web.node import WebBuildError, ensure_node, find_node

NPM = """#!/bin/sh
echo "$@" >> ../npm-calls
case "$1" in ci) mkdir -p node_modules;; run) mkdir -p dist && echo built > dist/index.html;; esac
exit ${NPM_EXIT:-0}
"""


@pytest.fixture
def webapp(tmp_path: Path) -> Path:
    folder = tmp_path / "webapp"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.tsx").write_text("start()", encoding="utf-8")
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def put_node(folder: Path, monkeypatch: pytest.MonkeyPatch, *, version: str = "v22.1.0") -> Path:
    programs = folder / "bin"
    programs.mkdir()
    for name, text in (("node", f"#!/bin/sh\necho {version}\n"), ("npm", NPM)):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return programs


def calls(folder: Path) -> list[str]:
    file = folder / "npm-calls"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def test_the_same_sources_are_built_once_and_changed_ones_again(tmp_path, webapp: Path, monkeypatch):
    put_node(tmp_path, monkeypatch)
    log = tmp_path / "log" / "web-app.log"
    assert build_web_app(webapp, log=log)
    assert not build_web_app(webapp, log=log)
    assert [line.split()[0] for line in calls(tmp_path)] == ["ci", "run"]
    (webapp / "src" / "main.tsx").write_text("start(1)", encoding="utf-8")
    assert not is_built(webapp)
    assert build_web_app(webapp, log=log)
    assert [line.split()[0] for line in calls(tmp_path)] == ["ci", "run", "run"]


def test_packages_are_installed_again_only_for_another_lock_file(tmp_path, webapp: Path, monkeypatch):
    put_node(tmp_path, monkeypatch)
    build_web_app(webapp, log=tmp_path / "log")
    (webapp / "package-lock.json").write_text('{"a": 1}', encoding="utf-8")
    build_web_app(webapp, log=tmp_path / "log")
    assert [line.split()[0] for line in calls(tmp_path)] == ["ci", "run", "ci", "run"]


def test_a_failed_build_says_why_and_counts_as_none(tmp_path, webapp: Path, monkeypatch):
    put_node(tmp_path, monkeypatch)
    build_web_app(webapp, log=tmp_path / "log")
    (webapp / "index.html").write_text("new", encoding="utf-8")
    monkeypatch.setenv("NPM_EXIT", "1")
    with pytest.raises(WebBuildError, match="the build failed"):
        build_web_app(webapp, log=tmp_path / "log")
    assert not is_built(webapp)


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.9", "rubbish"])
def test_an_older_node_is_passed_over(tmp_path, monkeypatch, version: str):
    programs = put_node(tmp_path, monkeypatch, version=version)
    found = find_node()
    assert found is None or found.folder != programs


def test_a_node_that_is_new_enough_is_taken_as_it_is(tmp_path, webapp: Path, monkeypatch):
    programs = put_node(tmp_path, monkeypatch)
    assert ensure_node(webapp).folder == programs


def test_the_demo_goes_on_without_the_web_app_and_says_why(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = io.StringIO()
    assert not prepare_web_app(tmp_path / "demo", Console(file=said, width=200))
    assert "without the web app: its sources are not here" in said.getvalue()
