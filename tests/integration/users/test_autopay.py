"""Autopay at the desk: what the team sees of it, and who may turn it off."""

from __future__ import annotations

import pytest

from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot
from lumenpay.models.tenants import Role
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.renewing import autopay_of, come_to_charge, next_charges_end, renewing, subscription_of
from tests.support.stall import Stall, open_stall


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_recurring=True)


async def test_the_team_sees_what_is_charged_and_turns_it_off_once(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await renewing(stall)
    subscription = await subscription_of(stall)
    ref = (await autopay_of(stall)).method_ref
    answer = await desk.ask("GET", f"/users/{anna.id}")
    [shown] = answer.json()["autopays"]
    assert (shown["status"], shown["method_title"]) == ("on", "MasterCard ··4477")
    assert shown["price"] == {"amount_minor": 99_000, "currency": "RUB"}
    assert shown["next_charge_at"] is not None
    details = await desk.ask("GET", f"/subscriptions/{subscription.id}")
    assert details.json()["autopay"]["status"] == "on"
    assert ref
    assert ref.encode() not in answer.body + details.body
    path = f"/subscriptions/{subscription.id}/autopay/turn-off"
    assert (await desk.ask("POST", path, role=Role.ANALYST)).status == 403
    for _ in range(2):
        off = await desk.post(path)
        assert (off["status"], off["off_reason"], off["next_charge_at"]) == ("off", "by_team", None)
    events = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "autopay.turned_off")
    assert [event.actor_kind for event in events] == ["admin"]


async def test_what_never_renewed_by_itself_cannot_be_turned_off(stall: Stall, desk: Desk) -> None:
    await stall.bought(await stall.buyer())
    subscription = await subscription_of(stall)
    assert await desk.refused(f"/subscriptions/{subscription.id}/autopay/turn-off") == (409, "no_autopay")
    assert (await desk.get(f"/subscriptions/{subscription.id}"))["autopay"] is None


async def test_the_last_failure_is_seen(stall: Stall, desk: Desk) -> None:
    anna = await renewing(stall)
    await next_charges_end(stall, "card_expired")
    await come_to_charge(stall)
    await stall.sweep()
    [shown] = (await desk.get(f"/users/{anna.id}"))["autopays"]
    assert (shown["last_failure"], shown["off_reason"]) == ("card_expired", "card_expired")


async def test_a_checked_shop_is_asked_to_save_methods_again(market: Market, stall: Stall, desk: Desk) -> None:
    await stall.change(Bot, stall.bot_id, shop_recurring_refused_at=market.now())
    path = f"/bots/{stall.bot_id}/shop"
    assert (await desk.get(path))["recurring_refused_at"] is not None
    assert (await desk.post(f"{path}/check"))["recurring_refused_at"] is None
