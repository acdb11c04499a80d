"""What two people have open at once: who saves second is told, and nothing that the first saved is undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lumenpay.db.session import Database
from lumenpay.models.channels import Channel
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.tenants import Role, Tenant
from lumenpay.models.users import User
from tests.isolation.cast import Side
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal

Body = dict[str, Any]
VERSION = "version"


@dataclass(frozen=True)
class Thing:
    """Something that a form edits: where it is stored and read, three edits of it, and its version in what was read."""

    method: str
    path: str
    read_at: str
    edits: Sequence[Body]
    find: Callable[[Any], str] = lambda found: found[VERSION]

    async def version(self, client: AsgiClient, base: str) -> str:
        """Return the version that a form would be made from now."""
        answer = await client.request("GET", base + self.read_at)
        assert answer.status == 200, answer.body
        return self.find(answer.json())

    async def store(self, client: AsgiClient, base: str, edit: int, version: str | None = None) -> tuple[int, str]:
        """Send one of the edits; return the status and the code of what is wrong."""
        body = self.edits[edit] | ({} if version is None else {VERSION: version})
        answer = await client.request(self.method, base + self.path, json=body)
        return answer.status, answer.json().get("code", "") if answer.status != 200 else ""


def _text(key: str, locale: str) -> Callable[[Any], str]:
    return lambda found: next(row[VERSION] for row in found if (row["key"], row["locale"]) == (key, locale))


def _code(percent: int) -> Body:
    return {"code": "SPRING", "discount_kind": "percent", "discount_value": percent,
            "valid_from_at": "2026-03-01T00:00:00+03:00"}  # fmt: skip


def _entry(mode: str, *, removes_strangers: bool) -> Body:
    return {"entry_mode": mode, "removes_strangers": removes_strangers}


def list_things(side: Side, portal: Portal) -> dict[str, Thing]:
    """Return everything that the portal edits by a form."""
    ids, bot = side.ids, f"/bots/{side.ids['bot_id']}"
    code, channel, user = (
        f"/promo-codes/{ids['promo_code_id']}",
        f"/channels/{ids['channel_id']}",
        f"/users/{ids['user_id']}",
    )
    member, broadcast = ids["member_id"], f"/broadcasts/{ids['broadcast_id']}"
    texts = [{"text": text} for text in ("One", "Two", "Three")]
    shops = [portal.new_shop() for _ in range(3)]
    modes = [
        _entry("single_use_link", removes_strangers=False), _entry("join_request", removes_strangers=False),
        _entry("single_use_link", removes_strangers=True),
    ]  # fmt: skip
    return {
        "promo code": Thing("PUT", code, code, [_code(20), _code(30), _code(40)]),
        "broadcast": Thing(
            "PUT", broadcast, broadcast, [{"title": title, "text": "Hello"} for title in ("One", "Two", "Three")]
        ),
        "channel": Thing("PATCH", channel, channel, modes),
        "own text": Thing("PUT", f"{bot}/messages/welcome/ru", f"{bot}/messages", texts, _text("welcome", "ru")),
        "first own text": Thing("PUT", f"{bot}/messages/help/en", f"{bot}/messages", texts, _text("help", "en")),
        "shop": Thing(
            "PUT", f"{bot}/shop", f"{bot}/shop",
            [{"shop_id": shop.shop_id, "secret_key": shop.secret_key} for shop in shops],
        ),
        "receipts": Thing(
            "PUT", f"{bot}/shop/receipts", f"{bot}/shop/receipts",
            [{"is_on": True, "vat_code": vat_code} for vat_code in (2, 3, 4)],
        ),
        "settings": Thing("PUT", "", "", [{"name": name} for name in ("One", "Two", "Three")]),
        "member": Thing(
            "PUT", f"/members/{member}", "/members", [{"role": role} for role in ("analyst", "manager", "owner")],
            lambda found: next(row[VERSION] for row in found["items"] if row["admin_id"] == str(member)),
        ),
        "note": Thing("PUT", f"{user}/note", user, [{"note": note} for note in ("One", "Two", "Three")],
                      lambda found: found["note_version"]),
    }  # fmt: skip


async def test_of_two_edits_made_from_one_state_the_second_is_refused(portal: Portal, alpha: Side):
    client, base = portal.browser(alpha.owner.token), f"/api/v1/tenants/{alpha.tenant_id}"
    for name, thing in list_things(alpha, portal).items():
        read = await thing.version(client, base)
        both = await asyncio.gather(*(thing.store(client, base, edit, read) for edit in (0, 1)))
        assert sorted(both) == [(200, ""), (409, "changed_meanwhile")], name
        now = await thing.version(client, base)
        assert now != read, name
        assert await thing.store(client, base, 2, read) == (409, "changed_meanwhile"), name
        assert await thing.version(client, base) == now, f"{name}: what was refused changed something"
        assert await thing.store(client, base, 2, now) == (200, ""), name
        assert await thing.store(client, base, 0) == (200, ""), f"{name}: who names no version replaces"


async def test_what_changes_by_itself_is_no_edit(portal: Portal, alpha: Side, database: Database):
    client, base = portal.browser(alpha.people[Role.MANAGER].token), f"/api/v1/tenants/{alpha.tenant_id}"
    things = list_things(alpha, portal)
    names = ("promo code", "channel", "settings", "note")
    before = [await things[name].version(client, base) for name in names]
    later = portal.clock.now() + timedelta(minutes=1)
    async with database.tenant(alpha.tenant_id) as session:
        code = await session.get_one(PromoCode, (alpha.tenant_id, alpha.ids["promo_code_id"]))
        channel = await session.get_one(Channel, (alpha.tenant_id, alpha.ids["channel_id"]))
        user = await session.get_one(User, (alpha.tenant_id, alpha.ids["user_id"]))
        tenant = await session.get_one(Tenant, alpha.tenant_id)
        code.uses_count += 1
        channel.title, channel.rights_checked_at, channel.next_check_at = "Renamed in Telegram", later, later
        user.last_seen_at = tenant.analytics_due_at = later
        await session.flush()
    assert [await things[name].version(client, base) for name in names] == before


async def test_a_moment_has_one_version_in_whatever_zone_it_was_written(portal: Portal, alpha: Side):
    client, base = portal.browser(alpha.owner.token), f"/api/v1/tenants/{alpha.tenant_id}"
    thing = list_things(alpha, portal)["promo code"]
    stored = await client.request(thing.method, base + thing.path, json=thing.edits[0])
    assert stored.json()[VERSION] == await thing.version(client, base)
