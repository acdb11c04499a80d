"""Whatever a person changes in a tenant stands in its audit log: every operation that is not a reading is tried."""

from __future__ import annotations

import pytest

from tests.isolation.conftest import Cast
from tests.isolation.preparations import PREPARATIONS
from tests.isolation.requests import BODIES, PATH_VALUES
from tests.isolation.test_api import OPERATIONS, cast
from tests.support.portal import Portal

__all__ = ["cast"]

CHANGES_NOTHING = {
    "imports-read_columns": "reads a file and stores nothing",
    "messages-preview": "renders a text and stores nothing",
    "broadcasts-upload": "sends a file, and the suite has none; `test_uploads.py` sees the record",
    "broadcasts-preview": "renders a text and stores nothing",
    "broadcasts-retry_failed": "nobody's message failed in the cast; `resend_uncertain` is the same use case",
    "win_backs-preview": "renders a text and stores nothing",
    "bots-check_health": "asks Telegram; what it finds is recorded by the check itself",
    "test_drives-write": "says something in the sandbox",
    "test_drives-press": "presses a button in the sandbox",
    "test_drives-pay": "pays with the sandbox's card",
    "test_drives-join": "opens a link in the sandbox",
    "channels-check_rights": "asks Telegram; a change that it finds is recorded by the check itself",
}
CHANGES = sorted(
    name for name, operation in OPERATIONS.items()
    if operation.is_in_tenant and operation.method != "GET" and name not in CHANGES_NOTHING
)  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
async def test_what_a_person_changes_is_recorded_with_their_name_n2(name: str, portal: Portal, cast: Cast) -> None:
    operation, client = OPERATIONS[name], portal.browser(cast.alpha.owner.token)
    if name == "bots-resume":
        await client.request("POST", f"/api/v1/tenants/{cast.alpha.tenant_id}/bots/{cast.alpha.ids['bot_id']}/pause")
    prepared = None
    if name in PREPARATIONS:
        client, prepared = await PREPARATIONS[name](portal, cast.alpha, client)
    log = f"/api/v1/tenants/{cast.alpha.tenant_id}/audit-events"
    actor = (await client.request("GET", "/api/v1/auth/me")).json()["id"]
    reader = portal.browser(cast.alpha.owner.token)
    before = {event["id"] for event in (await reader.request("GET", log)).json()["items"]}
    values = {part: PATH_VALUES.get(part) or cast.alpha.ids[part] for part in operation.path_names}
    body = prepared or (BODIES[name](portal, cast.alpha) if operation.has_body else None)
    answer = await client.request(operation.method, operation.path.format(**values), json=body)
    assert answer.status < 300, answer.body
    after = (await reader.request("GET", log)).json()["items"]
    fresh = [event for event in after if event["id"] not in before]
    assert [event for event in fresh if event["actor"]["id"] == actor], (name, fresh)
