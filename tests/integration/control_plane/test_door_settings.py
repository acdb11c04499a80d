"""What an owner sets about doors and subscribers, through the API."""

from __future__ import annotations

import json

import asyncpg

from tests.integration.control_plane.conftest import Owner
from tests.integration.control_plane.test_selling import add_channel, connect_bot
from tests.support.portal import Portal


async def test_a_changed_way_of_entry_is_audited_with_who_changed_it(portal: Portal, owner: Owner, superuser_url: str):
    made, bot = await connect_bot(portal, owner)
    channel = await add_channel(portal, owner, made, bot)
    body = {"entry_mode": "single_use_link", "removes_strangers": False}
    answer = await owner.browser.request("PATCH", owner.path(f"/channels/{channel['id']}"), json=body)
    assert (answer.status, answer.json()["entry_mode"]) == (200, "single_use_link")
    connection = await asyncpg.connect(superuser_url)
    rows = await connection.fetch("SELECT actor_kind, details FROM audit_events WHERE action = 'channel.changed'")
    await connection.close()
    assert [(row["actor_kind"], json.loads(row["details"])) for row in rows] == [("admin", body)]


async def test_the_contact_for_subscribers_is_stored_and_shown(owner: Owner):
    settings = {"name": "Alpha", "support_contact": "@alice"}
    answer = await owner.browser.request("PUT", owner.path(""), json=settings)
    assert (answer.status, answer.json()["support_contact"]) == (200, "@alice")
    assert (await owner.browser.request("GET", owner.path(""))).json()["support_contact"] == "@alice"
    too_long = await owner.browser.request("PUT", owner.path(""), json=settings | {"support_contact": "x" * 129})
    assert too_long.status == 422
