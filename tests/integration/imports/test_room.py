"""A list of more people than there is room for, or in a tenant that owes: nobody is lost, and the rest comes later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.models.audit import AuditEvent
from lumenpay.models.imports import ImportRow
from lumenpay.models.jobs import Job
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.tenants import Tenant
from lumenpay.models.users import User
from lumenpay.staff.service import Limits, set_limits
from tenants_worker.tasks.ticks import purge
from tests.integration.imports.test_imports import carried_out, checked, claimed, date, outcomes
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall


async def allow(market: Market, stall: Stall, people: int | None) -> None:
    async with market.tenant(stall.tenant_id) as session:
        limits = Limits(max_bots=50, max_channels=500, max_subscribers=people)
        await set_limits(session, limits=limits, actor=SYSTEM, now=market.now())


async def pause_sales(market: Market, stall: Stall, at: datetime | None) -> None:
    async with market.tenant(stall.tenant_id) as session:
        (await session.get_one(Tenant, stall.tenant_id)).sales_paused_at = at


async def begin(market: Market, desk: Desk, found: dict[str, Any]) -> dict[str, Any]:
    await desk.post(f"/imports/{found['id']}/start")
    await market.work()
    return dict(await desk.get(f"/imports/{found['id']}"))


async def give(desk: Desk, user: User) -> None:
    await desk.post(f"/users/{user.id}/grants", plan_id=str(desk.stall.plan_id), days=5, idempotence_key=new_key())


async def test_who_does_not_fit_is_shown_before_stays_on_the_list_and_gets_it_once_there_is_room(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await give(desk, anna)
    await allow(market, stall, 2)
    people = await market.count(stall.tenant_id, User)
    later = date(market, 20)
    lines = "".join(f"{telegram_id},,{later},vip\n" for telegram_id in (7001, 7002, anna.telegram_id, 7003))
    text = f"telegram_id,username,ends_at,tag\n{lines},@stranger_1,{later},\n"
    found = await checked(desk, text)
    forecast = [("created", ""), ("held", "limit_reached"), ("extended", ""), ("held", "limit_reached"), ("claim", "")]
    assert await outcomes(desk, found) == [(outcome, why, False) for outcome, why in forecast]
    assert (found["outcomes"]["held"], found["held_because"], found["can_go_on"]) == (2, "limit_reached", False)
    done = await begin(market, desk, found)
    assert await outcomes(desk, found) == [(outcome, why, True) for outcome, why in forecast]
    assert (done["status"], done["held_because"], done["can_go_on"]) == ("done", "limit_reached", True)
    # The bot knows as little as before of whoever was held back.
    assert await market.count(stall.tenant_id, User) == people + 1
    report = (await desk.ask("GET", f"/imports/{found['id']}/report")).body.decode()
    assert report.count("на тарифе LumenPay больше нет места для подписчиков") == 2
    assert await desk.refused(f"/imports/{found['id']}/start") == (409, "limit_reached")
    assert (await desk.get(f"/imports/{found['id']}"))["status"] == "done"
    await allow(market, stall, 3)
    done = await begin(market, desk, found)
    assert (done["outcomes"]["created"], done["outcomes"]["held"], done["can_go_on"]) == (2, 1, True)
    await allow(market, stall, None)
    done = await begin(market, desk, found)
    assert (done["outcomes"]["created"], done["outcomes"]["held"], done["can_go_on"]) == (3, 0, False)
    assert await market.count(stall.tenant_id, Subscription) == 4
    assert await market.count(stall.tenant_id, AuditEvent, AuditEvent.action == "import.started") == 3


@pytest.mark.parametrize("days", [0, 7])
async def test_while_the_platform_is_not_paid_a_list_extends_and_lets_nobody_new_in(
    market: Market, stall: Stall, desk: Desk, days: int
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await give(desk, anna)
    await give(desk, ben)
    await market.skip(days=30)
    await stall.sweep()
    await give(desk, anna)
    await pause_sales(market, stall, market.now())
    later = date(market, 20)
    # Anna has access; Ben had some that has ended, and a later date would give him new access.
    text = f"telegram_id,ends_at\n{anna.telegram_id},{later}\n{ben.telegram_id},{later}\n7001,{later}\n7002,soon\n"
    done = await carried_out(market, desk, text, grace_days=days)
    assert [row[:2] for row in await outcomes(desk, done)] == [
        ("extended", ""), ("held", "sales_paused"), ("held", "sales_paused"), ("wrong", "date_unreadable"),
    ]  # fmt: skip
    assert await desk.refused(f"/imports/{done['id']}/start") == (403, "sales_paused")
    await pause_sales(market, stall, None)
    await market.skip(days=2)
    done = await begin(market, desk, done)
    assert (done["outcomes"]["held"], done["outcomes"]["created"], done["outcomes"]["extended"]) == (0, 1, 2)


async def test_a_list_of_nobody_but_held_back_people_is_not_begun_and_waits(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await allow(market, stall, 0)
    found = await checked(desk, f"telegram_id,ends_at\n7001,{date(market, 20)}\n")
    assert found["outcomes"]["held"] == 1
    assert await desk.refused(f"/imports/{found['id']}/start") == (409, "limit_reached")
    assert (await desk.get(f"/imports/{found['id']}"))["status"] == "checked"
    await allow(market, stall, 1)
    assert (await begin(market, desk, found))["outcomes"]["created"] == 1


async def test_those_of_a_later_start_get_their_grace_from_then_and_their_look_at_once(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await allow(market, stall, 55)
    lines = "".join(f"{number}\n" for number in range(7000, 7060))
    done = await carried_out(market, desk, f"telegram_id\n{lines}", grace_days=3)
    assert (done["outcomes"]["created"], done["outcomes"]["held"]) == (55, 5)
    await allow(market, stall, None)
    await market.skip(days=10)
    await desk.post(f"/imports/{done['id']}/start")
    begun_at = market.now()
    await market.work()
    late = [row for row in await market.rows(stall.tenant_id, Subscription) if row.ends_at > begun_at]
    assert len(late) == 5
    assert (max(row.ends_at for row in late) - begun_at).days in {2, 3}
    # Thousands before them have had theirs: nobody waits in their queue again.
    assert await market.count(stall.tenant_id, Job, Job.kind == "access.deliver", Job.status == "ready") == 0


async def test_a_claim_link_for_whom_there_is_no_room_stays_good_and_says_so(
    market: Market, stall: Stall, desk: Desk
) -> None:
    found = await carried_out(market, desk, f"username,ends_at\nsomebody_1,{date(market, 20)}\n")
    [row] = await market.rows(stall.tenant_id, ImportRow)
    await allow(market, stall, 0)
    vera = await stall.buyer()
    assert not await claimed(market, stall, vera, row.claim_token)
    assert await outcomes(desk, found) == [("claim", "limit_reached", True)]
    await allow(market, stall, 1)
    assert await claimed(market, stall, vera, row.claim_token)
    assert await outcomes(desk, found) == [("claimed", "", True)]


async def test_a_list_whose_people_are_forgotten_does_not_go_on(market: Market, stall: Stall, desk: Desk) -> None:
    await allow(market, stall, 0)
    text = f"telegram_id,username,ends_at\n7001,,{date(market, 400)}\n,somebody_1,{date(market, 400)}\n"
    done = await carried_out(market, desk, text)
    assert done["can_go_on"]
    await market.skip(days=181)
    for _ in range(2):
        await purge(market.worker, market.now())
    await allow(market, stall, None)
    assert not (await desk.get(f"/imports/{done['id']}"))["can_go_on"]
    assert (await begin(market, desk, done))["outcomes"]["held"] == 1
    assert await market.count(stall.tenant_id, Subscription) == 0
