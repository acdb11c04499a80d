"""A tenant's rule to forget people who are long gone: set by owners, begun a week later, carried out once (13.5)."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import func, select

from lumenpay.erasures import forgetting
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.erasures import Erasure, ForgettingRule
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.tenants import Role, Tenant, TenantStatus
from lumenpay.models.users import User
from lumenpay.users.service import Person, ensure_user
from tenants_worker.tasks import erasures, letters
from tests.support.desk import Desk
from tests.support.gone import (
    DAYS_GONE,
    actions,
    count_gone,
    forgotten,
    former,
    look,
    set_rule,
    switch_on,
)
from tests.support.market import Market
from tests.support.owners import Owners, owners
from tests.support.stall import Stall, open_stall

__all__ = ["owners"]


async def rule_of(market: Market, stall: Stall) -> ForgettingRule:
    [rule] = await market.rows(stall.tenant_id, ForgettingRule)
    assert isinstance(rule, ForgettingRule)
    return rule


async def add_quiet(market: Market, stall: Stall, count: int) -> None:
    """People who pressed /start today and never came back."""
    now = market.now()
    async with market.tenant(stall.tenant_id) as session:
        session.add_all(
            User(
                tenant_id=stall.tenant_id, id=new_uuid7(), bot_id=stall.bot_id, telegram_id=9_000 + number,
                first_name="Quiet", met_at=now, created_at=now, last_seen_at=now,
            )
            for number in range(count)
        )  # fmt: skip


async def test_who_is_gone_is_forgotten_a_week_after_the_rule_was_set_and_the_books_stay_o1(
    market: Market, stall: Stall, desk: Desk
):
    zina = await former(stall, first_name="Zinaida")
    await market.skip(days=DAYS_GONE)
    boris = await stall.buyer(first_name="Boris")
    books = [(row.id, row.amount_minor) for row in await market.rows(stall.tenant_id, LedgerEntry)]
    assert await count_gone(desk) == 1
    assert await count_gone(desk, 24) == 0
    assert await desk.get("/forgetting-rule") == {"months": None, "starts_at": None, "began_at": None}
    await look(market)
    assert await forgotten(market, stall) == set()

    shown = await switch_on(desk)
    assert shown["began_at"] is None
    assert (datetime.fromisoformat(shown["starts_at"]) - market.now()).total_seconds() == pytest.approx(
        7 * 86400, abs=5
    )
    await market.skip(days=6, hours=23)
    await look(market)
    assert await forgotten(market, stall) == set()
    await market.skip(hours=1)
    await look(market)

    assert await forgotten(market, stall) == {zina.id}
    assert (await market.get(stall.tenant_id, User, boris.id)).first_name == "Boris"
    nobody = await market.get(stall.tenant_id, User, zina.id)
    assert (nobody.first_name, nobody.telegram_id < 0) == ("", True)
    assert [(row.id, row.amount_minor) for row in await market.rows(stall.tenant_id, LedgerEntry)] == books
    [line] = (await desk.get("/erasures", asked_by="system"))["items"]
    assert (line["user_id"], line["person"], line["asked_by_name"]) == (str(zina.id), None, "")
    assert (await desk.get("/forgetting-rule"))["began_at"] is not None
    assert await count_gone(desk) == 0


async def test_running_it_again_or_twice_at_once_asks_for_each_person_once_o1(market: Market, stall: Stall, desk: Desk):
    await switch_on(desk)
    await add_quiet(market, stall, 7)
    await market.skip(days=DAYS_GONE)
    await asyncio.gather(*(erasures.find_gone(market.worker, market.now()) for _ in range(3)))
    assert await market.count(stall.tenant_id, Erasure) == 7
    for _ in range(2):
        await look(market)
        await market.skip(days=1)
    assert len(await forgotten(market, stall)) == 7
    assert len(await actions(market, stall, "user.erasure_asked")) == 7
    assert len(await actions(market, stall, "user.erased")) == 7


async def test_a_run_takes_a_few_and_the_next_one_goes_on(market: Market, stall: Stall, desk: Desk):
    await switch_on(desk)
    await add_quiet(market, stall, forgetting.HANDED_OVER + 3)
    await market.skip(days=DAYS_GONE)
    await look(market)
    assert await market.count(stall.tenant_id, Erasure) == forgetting.HANDED_OVER
    assert (await rule_of(market, stall)).looked_user_id is not None
    await look(market)
    assert await market.count(stall.tenant_id, Erasure) == forgetting.HANDED_OVER + 3
    rule = await rule_of(market, stall)
    assert rule.looked_user_id is None
    assert rule.next_step_at is not None
    assert (rule.next_step_at - market.now()).days == 0
    assert rule.next_step_at > market.now()


async def test_switched_off_within_the_week_it_forgets_nobody(market: Market, stall: Stall, desk: Desk):
    await add_quiet(market, stall, 2)
    await market.skip(days=DAYS_GONE)
    await switch_on(desk)
    await market.skip(days=6)
    answer = await set_rule(desk, None)
    assert answer.json() == {"months": None, "starts_at": None, "began_at": None}
    await market.skip(days=30)
    await look(market)
    assert await market.count(stall.tenant_id, Erasure) == 0


async def test_fewer_months_wait_a_week_again_and_more_go_on(market: Market, stall: Stall, desk: Desk):
    await switch_on(desk)
    await market.skip(days=10)
    await look(market)
    begun = await desk.get("/forgetting-rule")
    longer = await switch_on(desk, 24)
    assert (longer["starts_at"], longer["began_at"]) == (begun["starts_at"], begun["began_at"])
    again = await switch_on(desk, 24)
    assert again == longer
    shorter = await switch_on(desk, 6)
    assert shorter["began_at"] is None
    assert datetime.fromisoformat(shorter["starts_at"]) > market.now()
    told = [event.details["months"] for event in await actions(market, stall, "tenant.forgetting_changed")]
    assert told == [12, 24, 6]


async def test_only_owners_set_it_and_only_to_what_is_offered(market: Market, stall: Stall, desk: Desk):
    for role in (Role.MANAGER, Role.SUPPORT, Role.ANALYST):
        answer = await set_rule(desk, 12, role=role)
        assert (answer.status, answer.json()["code"]) == (403, "role_not_allowed")
        assert (await desk.ask("GET", "/forgetting-rule", role=role)).status == 200
    assert (await set_rule(desk, 1)).status == 422
    assert await actions(market, stall, "tenant.forgetting_changed") == []
    await switch_on(desk)
    [event] = await actions(market, stall, "tenant.forgetting_changed")
    assert (event.actor_kind, event.actor_id) == ("admin", desk.people[Role.OWNER])


async def test_a_rule_reaches_nobody_of_another_tenant(market: Market, stall: Stall, desk: Desk):
    beta = await open_stall(market)
    for one in (stall, beta):
        await add_quiet(market, one, 2)
    await market.skip(days=DAYS_GONE)
    assert await count_gone(desk) == 2
    await switch_on(desk)
    await market.skip(days=8)
    await look(market)
    assert len(await forgotten(market, stall)) == 2
    assert await market.count(beta.tenant_id, Erasure) == 0


@pytest.mark.parametrize("state", [{"status": TenantStatus.SUSPENDED}, {"removal_at": ...}])
async def test_who_cannot_change_the_rule_is_not_bound_by_it(market: Market, stall: Stall, desk: Desk, state):
    await switch_on(desk)
    await add_quiet(market, stall, 1)
    await market.skip(days=DAYS_GONE)
    async with market.tenant(stall.tenant_id) as session:
        tenant = await session.get_one(Tenant, stall.tenant_id)
        for name, value in state.items():
            setattr(tenant, name, market.now() if value is ... else value)
    await look(market)
    assert await market.count(stall.tenant_id, Erasure) == 0
    async with market.tenant(stall.tenant_id) as session:
        tenant = await session.get_one(Tenant, stall.tenant_id)
        tenant.status, tenant.removal_at = TenantStatus.ACTIVE, None
    # It had not begun, and so there is a week again.
    await market.skip(days=6)
    await look(market)
    assert await market.count(stall.tenant_id, Erasure) == 0
    await market.skip(days=2)
    await look(market)
    assert len(await forgotten(market, stall)) == 1


async def test_who_stirs_before_their_turn_is_left_alone(market: Market, stall: Stall, desk: Desk):
    await switch_on(desk)
    anna = await stall.buyer()
    await market.skip(days=DAYS_GONE)
    rule = await rule_of(market, stall)
    async with market.tenant(stall.tenant_id) as session:
        assert list(await forgetting.take_share(session, rule_id=rule.id, now=market.now())) == [anna.id]
    async with market.tenant(stall.tenant_id) as session:
        who = Person(anna.telegram_id, "Anna", None, None, "ru")
        await ensure_user(session, bot_id=stall.bot_id, person=who, now=market.now())
    async with market.tenant(stall.tenant_id) as session:
        assert not await forgetting.forget_if_gone(session, user_id=anna.id, now=market.now())
    assert await market.count(stall.tenant_id, Erasure) == 0


async def test_a_rule_that_was_switched_off_meanwhile_hands_nobody_over(market: Market, stall: Stall, desk: Desk):
    await switch_on(desk)
    anna = await stall.buyer()
    await market.skip(days=DAYS_GONE)
    rule = await rule_of(market, stall)
    async with market.tenant(stall.tenant_id) as session:
        assert await forgetting.take_share(session, rule_id=rule.id, now=market.now())
    await set_rule(desk, None)
    async with market.tenant(stall.tenant_id) as session:
        assert not await forgetting.forget_if_gone(session, user_id=anna.id, now=market.now())
        assert (await session.execute(select(func.count()).select_from(Erasure))).scalar_one() == 0


async def test_owners_are_written_to_when_it_is_set_and_once_when_it_begins(
    market: Market, stall: Stall, desk: Desk, owners: Owners
):
    anna, john = await owners.add(Role.OWNER), await owners.add(Role.OWNER, locale="en")
    await owners.add(Role.MANAGER)

    async def subjects(address: str | None) -> list[str]:
        for _ in range(2):
            await letters.send_due(market.worker, market.now())
        return [subject for receiver, subject, _ in owners.letters() if receiver == address]

    await switch_on(desk)
    assert await subjects(anna.email) == ["«Alpha»: давно ушедшие люди будут забыты"]
    assert await subjects(john.email) == ["“Alpha”: people who are long gone will be forgotten"]
    await market.skip(days=8)
    for _ in range(3):
        await look(market)
        await market.skip(days=1)
    assert (await subjects(anna.email))[1:] == ["«Alpha»: начинаем забывать давно ушедших"]
    assert (await subjects(john.email))[1:] == ["“Alpha”: forgetting people who are long gone begins"]
