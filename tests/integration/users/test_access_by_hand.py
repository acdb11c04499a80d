"""What the tenant's people do about somebody's access: all of it takes the way of every order and every end."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumenpay.messages.formatting import format_until
from lumenpay.models.access import EntryLink
from lumenpay.models.audit import AuditEvent
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from tests.integration.access.test_removal import enter
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall


async def subscription_of(desk: Desk, user: User) -> dict[str, Any]:
    found = (await desk.get(f"/users/{user.id}"))["subscriptions"]
    assert len(found) == 1
    return dict(found[0])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_a_person_to_whom_access_is_given_gets_the_link_comes_in_and_pays_nothing(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    given = await desk.post(
        f"/users/{anna.id}/grants", plan_id=str(stall.plan_id), days=3, idempotence_key=new_key()
    )  # fmt: skip
    assert moment(given["ends_at"]) - moment(given["starts_at"]) == timedelta(days=3)
    await market.work()
    assert (await stall.texts(anna))[-1].startswith("✅ Вам открыт доступ по тарифу «Club, 30 days» до ")
    links = await market.rows(stall.tenant_id, EntryLink)
    await stall.join(anna, links[0].url)
    assert await stall.is_inside(anna.telegram_id)
    assert not await market.rows(stall.tenant_id, LedgerEntry)
    person = await desk.get(f"/users/{anna.id}")
    assert (person["paid"], person["is_inside"]) == ([], True)
    assert not any("0 ₽" in text for text in await stall.texts(anna))
    await market.skip(days=4)
    await stall.sweep()
    assert not await stall.is_inside(anna.telegram_id)


async def test_a_grant_until_a_moment_reaches_it_and_the_plans_own_period_is_given_where_nothing_is_said(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    until = market.now() + timedelta(days=9, seconds=17)
    path, plan = f"/users/{anna.id}/grants", str(stall.plan_id)
    given = await desk.post(path, plan_id=plan, until_at=until.isoformat(), idempotence_key=new_key())
    assert timedelta() <= moment(given["ends_at"]) - until < timedelta(minutes=1)
    own = await desk.post(f"/users/{boris.id}/grants", plan_id=plan, idempotence_key=new_key())
    assert moment(own["ends_at"]) - moment(own["starts_at"]) == timedelta(days=30)
    early = {"plan_id": plan, "until_at": (until - timedelta(days=1)).isoformat(), "idempotence_key": new_key()}
    assert await desk.refused(path, **early) == (422, "given_time_invalid")


async def test_days_are_added_once_however_often_the_request_comes(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    before = await subscription_of(desk, anna)
    path, body = f"/subscriptions/{before['id']}/extend", {"days": 7, "idempotence_key": new_key()}
    answers = await asyncio.gather(*(desk.ask("POST", path, json=body) for _ in range(4)))
    assert {answer.status for answer in answers} == {200}
    after = await subscription_of(desk, anna)
    assert moment(after["ends_at"]) - moment(before["ends_at"]) == timedelta(days=7)
    assert await market.count(stall.tenant_id, AuditEvent, AuditEvent.action == "subscription.extended") == 1
    boris = await stall.buyer()
    other = {"plan_id": str(stall.plan_id), "days": 7, "idempotence_key": body["idempotence_key"]}
    assert await desk.refused(f"/users/{boris.id}/grants", **other) == (409, "idempotence_key_reused")


async def test_who_is_prolonged_hears_until_when_and_gets_a_link_only_while_outside(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await enter(stall, anna)
    await stall.bought(boris)
    for person in (anna, boris):
        subscription = await subscription_of(desk, person)
        path = f"/subscriptions/{subscription['id']}/extend"
        ends_at = moment((await desk.post(path, days=7, idempotence_key=new_key()))["ends_at"])
        await market.work()
        [*_, told] = await stall.texts(person)
        until = format_until(ends_at, time_zone="Europe/Moscow", locale="ru")
        assert told.splitlines()[0] == f"✅ Доступ по тарифу «Club, 30 days» продлён {until}."
        assert len(told.splitlines()) == 1 if person is anna else "Ссылки личные" in told


async def test_an_open_order_of_the_person_stands_in_nobodys_way(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    order = await stall.ordered(anna)
    await desk.post(f"/users/{anna.id}/grants", plan_id=str(stall.plan_id), days=3, idempotence_key=new_key())
    await stall.pay(order)
    await stall.poll()
    subscription = await subscription_of(desk, anna)
    assert moment(subscription["ends_at"]) - moment(subscription["starts_at"]) == timedelta(days=33)


async def test_nothing_is_added_to_access_for_ever(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    plan = await stall.add_plan(stall.channel_id, period_unit="lifetime", period_count=1)
    given = {"plan_id": str(plan.id), "idempotence_key": new_key()}
    subscription = await desk.post(f"/users/{anna.id}/grants", **given)
    assert subscription["ends_at"] is None
    extended = await desk.refused(f"/subscriptions/{subscription['id']}/extend", days=1, idempotence_key=new_key())
    assert extended == (409, "subscription_has_no_end")


async def test_a_revoked_person_is_out_at_once_and_a_later_order_opens_a_whole_period(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    subscription = await subscription_of(desk, anna)
    revoke = f"/subscriptions/{subscription['id']}/revoke"
    answers = await asyncio.gather(*(desk.ask("POST", revoke) for _ in range(3)))
    assert {(answer.status, answer.json()["status"]) for answer in answers} == {(200, "expired")}
    await market.work()
    assert not await stall.is_inside(anna.telegram_id)
    assert await market.count(stall.tenant_id, AuditEvent, AuditEvent.action == "subscription.revoked") == 1
    await market.skip(hours=1)
    await enter(stall, anna)
    again = await subscription_of(desk, anna)
    assert moment(again["ends_at"]) - moment(again["starts_at"]) == timedelta(days=30)
    periods = (await desk.get(f"/subscriptions/{again['id']}"))["periods"]
    assert len(periods) == 2


async def test_a_manual_grant_is_no_first_purchase(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    await desk.post(f"/users/{anna.id}/grants", plan_id=str(stall.plan_id), days=1, idempotence_key=new_key())
    await stall.promo("FIRST", is_first_purchase_only=True)
    order = await stall.order(anna, promo_code="FIRST")
    assert order.amount_minor == 49_500


async def test_links_are_sent_again_only_to_who_can_have_them(market: Market, stall: Stall, desk: Desk) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    said = len(await stall.texts(anna))
    for _ in range(2):
        await desk.post(f"/users/{anna.id}/links/resend")
    await market.work()
    assert len(await stall.texts(anna)) == said + 1
    assert await desk.refused(f"/users/{boris.id}/links/resend") == (409, "nothing_to_send")
    await stall.change(User, anna.id, blocked_bot_at=market.now())
    assert await desk.refused(f"/users/{anna.id}/links/resend") == (409, "bot_blocked_by_user")


async def test_support_sends_links_and_takes_notes_but_gives_and_takes_no_access(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    subscription = await subscription_of(desk, anna)
    note = {"note": "Пишет по понедельникам"}
    for method, path, body, status in (
        ("PUT", f"/users/{anna.id}/note", note, 200),
        ("PUT", f"/users/{anna.id}/tags/VIP", None, 200),
        ("POST", f"/users/{anna.id}/links/resend", None, 202),
        ("POST", f"/subscriptions/{subscription['id']}/extend", {"days": 1, "idempotence_key": new_key()}, 403),
        ("POST", f"/subscriptions/{subscription['id']}/revoke", None, 403),
        ("POST", f"/users/{anna.id}/grants", {"plan_id": str(stall.plan_id), "idempotence_key": new_key()}, 403),
    ):
        answer = await desk.ask(method, path, role=Role.SUPPORT, json=body)
        assert answer.status == status, (path, answer.body)
    shown = await desk.get(f"/users/{anna.id}")
    assert (shown["note"], shown["tags"]) == (note["note"], ["vip"])


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.SUPPORT])
async def test_each_action_writes_who_did_it_once_in_the_same_transaction_n2(
    market: Market, stall: Stall, desk: Desk, role: Role
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    subscription = await subscription_of(desk, anna)
    of_support = [
        ("PUT", f"/users/{anna.id}/note", {"note": "x"}), ("PUT", f"/users/{anna.id}/tags/vip", None),
        ("DELETE", f"/users/{anna.id}/tags/vip", None), ("POST", f"/users/{anna.id}/links/resend", None),
    ]  # fmt: skip
    of_managers = [
        ("POST", f"/subscriptions/{subscription['id']}/extend", {"days": 1, "idempotence_key": new_key()}),
        ("POST", f"/users/{anna.id}/grants", {"plan_id": str(stall.plan_id), "idempotence_key": new_key()}),
        ("POST", f"/subscriptions/{subscription['id']}/revoke", None),
        ("POST", "/exports", {"kind": "payments", "format": "csv", "columns": ["id"]}),
        ("POST", "/promo-codes/generate", {
            "bot_id": str(stall.bot_id), "discount_kind": "percent", "discount_value": 5, "count": 2,
            "idempotence_key": new_key(),
        }),
    ]  # fmt: skip
    by_people = AuditEvent.actor_kind == "admin"
    for method, path, body in of_support + (of_managers if role is not Role.SUPPORT else []):
        before = await market.count(stall.tenant_id, AuditEvent, by_people)
        answer = await desk.ask(method, path, role=role, json=body)
        assert answer.status < 300, (path, answer.body)
        assert await market.count(stall.tenant_id, AuditEvent, by_people) == before + 1, path
    refused = await desk.ask("POST", f"/users/{new_key()}/links/resend", role=role)
    assert refused.status == 404
    assert await market.count(stall.tenant_id, Payment) <= 3


async def test_an_audit_event_about_a_note_does_not_repeat_what_it_says_n3(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    secret = "7000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
    await desk.ask("PUT", f"/users/{anna.id}/note", json={"note": f"token {secret}"})
    await desk.post("/promo-codes/generate", bot_id=str(stall.bot_id), code="GIFT", count=1, discount_kind="percent",
                    discount_value=5, idempotence_key=new_key())  # fmt: skip
    for event in await market.rows(stall.tenant_id, AuditEvent):
        assert secret[8:] not in str(event.details)
