"""The web app's client is generated from the description that this API gives."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from control_plane.app import describe_api
from control_plane.errors import WORDS
from control_plane.permissions import ALLOWED, SCOPES, scope_of

ROOT = Path(__file__).parents[2]


def test_the_committed_description_is_the_one_that_the_api_gives():
    committed = json.loads((ROOT / "webapp" / "openapi.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(describe_api())), "run `make openapi` and commit what it writes"


def test_every_operation_inside_a_tenant_says_which_roles_may_carry_it_out():
    operations = {
        operation["operationId"]: operation.get("x-roles")
        for path, methods in describe_api()["paths"].items()
        if "{tenant_id}" in path and not path.startswith("/api/v1/staff/")
        for operation in methods.values()
    }
    assert operations == {name: sorted(roles) for name, roles in ALLOWED.items()}


def test_the_web_app_is_given_the_same_roles():
    written = (ROOT / "webapp" / "src" / "api" / "permissions.gen.ts").read_text(encoding="utf-8")
    for name, roles in ALLOWED.items():
        assert f"'{name}': [{', '.join(repr(str(role)) for role in sorted(roles))}]," in written


def test_the_lock_file_of_the_web_app_names_no_registry():
    assert '"resolved"' not in (ROOT / "webapp" / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_web_app_has_words_for_every_error_that_the_api_has_words_for(language: str):
    file = ROOT / "webapp" / "src" / "i18n" / "locales" / language / "errors.json"
    assert not set(WORDS) - json.loads(file.read_text(encoding="utf-8"))["codes"].keys()


def list_actions() -> set[str]:
    found: set[str] = set()
    for folder in ("platform/lumenpay", "platform/control_plane", "tenants_worker"):
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                given = call.keywords if isinstance(call, ast.Call) else []
                texts = (part for one in given if one.arg == "action" for part in ast.walk(one.value))
                found |= {str(text.value) for text in texts if isinstance(text, ast.Constant)}
    return {name for name in found if re.fullmatch(r"[a-z_]+\.[a-z_]+", name)}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_log_of_the_web_app_has_words_for_every_action_that_is_recorded(language: str):
    file = ROOT / "webapp" / "src" / "i18n" / "locales" / language / "audit.json"
    words = json.loads(file.read_text(encoding="utf-8"))["actions"]
    assert {"broadcast.passed_over", "api_key.revoked"} <= list_actions()
    nouns_and_verbs = (name.split(".") for name in list_actions())
    assert not [f"{noun}.{verb}" for noun, verb in nouns_and_verbs if verb not in words.get(noun, {})]


def test_the_description_names_the_scope_that_a_key_needs() -> None:
    named = {
        operation["operationId"]: operation.get("x-scope")
        for methods in describe_api()["paths"].values()
        for operation in methods.values()
    }
    assert {name: named.get(name) for name in ALLOWED} == {name: scope_of(name) for name in ALLOWED}
    assert set(filter(None, named.values())) == SCOPES
