"""What is told to a tenant's own programs: each thing that happened once, and nothing that was not committed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from lumenpay.jobs.catalogue import Queue
from lumenpay.models.webhooks import WebhookDelivery, WebhookEvent, WebhookEventType
from lumenpay.payments.repository import get_payment
from lumenpay.subscriptions.settlement import settle_payment
from lumenpay.webhooks.outbox import publish
from tests.integration.refunds.counter import REVOKE, Counter
from tests.integration.webhooks.conftest import ALL_EVENTS, Program, listen
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def test_a_whole_life_is_told_once_and_in_its_order(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    shown = await listen(desk)
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    await stall.came_in(anna.telegram_id)
    await stall.moved(anna.telegram_id, was_inside=True, is_inside=False)
    await market.work()
    assert sorted(program.types()) == sorted(["payment.succeeded", "access.granted", "member.joined", "member.left"])
    paid = next(told for told in program.told if told.json()["type"] == "payment.succeeded")
    assert paid.json()["data"] == {
        "payment_id": str(payment.id), "user_id": str(anna.id), "bot_id": str(stall.bot_id),
        "plan_id": str(stall.plan_id), "provider": "yookassa", "amount_minor": payment.amount_minor, "currency": "RUB",
    }  # fmt: skip
    assert all(told.is_signed_with(shown["secret"]) for told in program.told)
    await market.skip(days=31)
    await stall.sweep()
    assert program.types()[4:] == ["access.expired"]
    assert program.told[-1].json()["data"]["user_id"] == str(anna.id)
    assert len({told.message_id for told in program.told}) == 5


async def test_a_refund_and_what_it_takes_back_are_told(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await listen(desk, "refund.succeeded", "access.expired")
    payment = await stall.bought(await stall.buyer())
    refund = await Counter(market, stall).refunded(payment, access=REVOKE)
    await market.work()
    assert sorted(program.types()) == ["access.expired", "refund.succeeded"]
    told = next(told for told in program.told if told.json()["type"] == "refund.succeeded")
    assert told.json()["data"]["refund_id"] == str(refund.id)


async def test_whoever_is_taken_out_is_told_of_as_gone(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await listen(desk, "member.left")
    anna = await stall.buyer()
    await stall.bought(anna)
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=anna.telegram_id)
    await stall.came_in(anna.telegram_id)
    await market.skip(days=31)
    await stall.sweep()
    assert [told.json()["data"]["reason"] for told in program.told] == ["removed"]


async def test_an_endpoint_is_told_of_what_it_asked_for_alone(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await listen(desk, "payment.succeeded", url="https://books.example.com/")
    await listen(desk, "member.joined", url="https://door.example.com/")
    await stall.bought(await stall.buyer())
    assert [(told.url, told.json()["type"]) for told in program.told] == [
        ("https://books.example.com/", "payment.succeeded")
    ]


async def test_where_nobody_asked_nothing_is_written(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    other = await open_stall(market)
    await listen(desk)
    await other.bought(await other.buyer())
    assert program.told == []
    assert await market.count(other.tenant_id, WebhookEvent) == 0


async def test_what_is_rolled_back_is_not_told(market: Market, stall: Stall, desk: Desk, program: Program) -> None:
    await listen(desk)

    class GaveUpError(Exception):
        pass

    async def give_up() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await publish(session, WebhookEventType.MEMBER_JOINED, {"user_id": None}, now=market.now())
            raise GaveUpError

    with pytest.raises(GaveUpError):
        await give_up()
    await market.work()
    assert program.told == []
    assert await market.count(stall.tenant_id, WebhookDelivery) == 0


def test_every_type_of_event_can_be_asked_for() -> None:
    assert {event_type.value for event_type in WebhookEventType} == set(ALL_EVENTS)


@pytest.mark.parametrize("listens_to", [None, "member.left"])
async def test_a_payment_asks_nothing_more_of_the_database_where_nobody_wants_to_hear_of_it(
    market: Market, stall: Stall, desk: Desk, program: Program, listens_to: str | None
) -> None:
    if listens_to:
        await listen(desk, listens_to)
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    observed, asked = await stall.observed(payment), []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engine = market.worker.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        async with market.tenant(stall.tenant_id) as session:
            await settle_payment(session, payment_id=payment.id, observed=observed, now=market.now())
    finally:
        event.remove(engine, "before_cursor_execute", note)
    # The one that moves the payment brings it along.
    assert [statement.split()[0] for statement in asked if "webhook_" in statement] == ["UPDATE"]
    await market.work()
    assert program.told == []


async def test_an_endpoint_that_is_made_while_a_payment_is_settled_is_told_of_it(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    observed = await stall.observed(payment)
    async with market.tenant(stall.tenant_id) as session:
        # The transaction has begun, and looked at the payment.
        await get_payment(session, payment.id, is_locked=True)
        await listen(desk)
        await settle_payment(session, payment_id=payment.id, observed=observed, now=market.now())
    await market.work(Queue.WEBHOOKS)
    assert sorted(program.types()) == ["access.granted", "payment.succeeded"]


async def test_an_endpoint_that_goes_while_a_payment_is_settled_takes_nothing_along(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    path = f"/webhooks/{(await listen(desk))['webhook']['id']}"
    async with market.tenant(stall.tenant_id) as session:
        await publish(session, WebhookEventType.REFUND_SUCCEEDED, {}, now=market.now())
        # Held from the first event on, it goes once both are told.
        leaving = asyncio.ensure_future(desk.ask("DELETE", path))
        await publish(session, WebhookEventType.MEMBER_JOINED, {}, now=market.now())
    assert (await leaving).status == 204
    async with market.tenant(stall.tenant_id) as session:
        await publish(session, WebhookEventType.MEMBER_JOINED, {}, now=market.now())
    await market.work()
    assert program.told == []
