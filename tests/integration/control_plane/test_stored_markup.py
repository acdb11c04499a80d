"""Markup that somebody stores is never served as markup: not by the API, not in files, not in letters (fault J3).

What the portal makes of it is shown in `webapp/src/components/telegram-html/markup.test.tsx`.
"""

from __future__ import annotations

from pathlib import Path

from tests.integration.control_plane.test_every_operation import OPERATIONS, READING, path_of
from tests.isolation.cast import Side
from tests.isolation.requests import BODIES
from tests.support.portal import Portal

MARKUP = "<script>alert(1)</script>"
TEXTS = {"name", "title", "description", "note", "reason"}
SOURCES = Path(__file__).parents[3] / "webapp" / "src"
SINKS = (
    "dangerouslySetInnerHTML", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "srcDoc", "eval(",
    "new Function", "createContextualFragment",
)  # fmt: skip


async def test_markup_in_any_text_is_only_ever_data_j3(portal: Portal, alpha: Side) -> None:
    browser, stored = portal.browser(alpha.owner.token), 0
    for name, make_body in BODIES.items():
        operation = OPERATIONS[name]
        own = make_body(portal, alpha)
        if (texts := TEXTS & own.keys()) and (operation.is_in_tenant or name == "auth-change_profile"):
            body = own | dict.fromkeys(texts, MARKUP)
            stored += (await browser.request(operation.method, path_of(operation, alpha), json=body)).status < 300
    assert stored >= 5
    shown = 0
    for operation in READING:
        answer = await browser.request("GET", path_of(operation, alpha))
        kind = (answer.header("content-type") or "").partition(";")[0]
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("content-security-policy") == "default-src 'none'; frame-ancestors 'none'"
        if kind == "application/json":
            shown += MARKUP.encode() in answer.body
        elif kind == "image/svg+xml":
            assert b"<script" not in answer.body
        elif kind != "text/event-stream":
            assert (answer.header("content-disposition") or "").startswith("attachment"), operation.id
    assert shown >= 5, "the markup was not stored"


async def test_markup_in_a_name_is_text_in_a_letter_j3(portal: Portal, alpha: Side) -> None:
    browser = portal.browser(alpha.owner.token)
    path = f"/api/v1/tenants/{alpha.tenant_id}"
    assert (await browser.request("PUT", path, json={"name": MARKUP})).status == 200
    invited = {"email": "reader@example.com", "role": "support"}
    assert (await browser.request("POST", f"{path}/invitations", json=invited)).status == 201
    [letter] = await portal.letters("reader@example.com")
    assert MARKUP in letter["text"]
    assert MARKUP not in letter["html"]
    assert "&lt;script&gt;" in letter["html"]


def test_no_source_of_the_web_app_makes_markup_of_a_text_j3() -> None:
    sources = [path for path in SOURCES.rglob("*.ts*") if ".test." not in path.name and ".gen." not in path.name]
    assert len(sources) > 200
    found = [
        f"{path.relative_to(SOURCES)}: {sink}"
        for path in sources
        for sink in SINKS
        if sink in path.read_text(encoding="utf-8")
    ]
    assert not found
