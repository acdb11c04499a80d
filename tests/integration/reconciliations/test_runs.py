"""The gateway's list against our payments: what drifted is repaired or shown, and nobody's access changes (D19)."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from lumenpay.audit.service import Actor
from lumenpay.jobs.catalogue import ReconcilePayments
from lumenpay.kit.daily import next_daily_moment
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.jobs import JobStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.reconciliations import Reconciliation, ReconciliationFinding, ReconciliationSighting
from lumenpay.models.subscriptions import Grant, Subscription
from lumenpay.reconciliations.service import dismiss_finding
from tenants_worker.tasks import reconciliations
from tests.integration.reconciliations.runs import (
    entry_of,
    findings,
    forget_at_gateway,
    read,
    reconcile,
    sell_elsewhere,
    start,
)
from tests.support.market import Market
from tests.support.stall import SUCCESS_CARD, Stall

LIST = {"method": "GET", "path": "/v3/payments"}


async def lists_asked(market: Market) -> int:
    return len((await market.yookassa("GET", "/requests?method=GET&path=/v3/payments"))["requests"])


async def given_up(stall: Stall, **values: Any) -> Payment:
    """An order that nobody asks about any more, paid all the same."""
    payment = await stall.ordered(await stall.buyer())
    await stall.change(Payment, payment.id, next_check_at=None, **values)
    await stall.pay(payment)
    return payment


async def test_where_both_sides_agree_a_run_is_quiet_d19(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    await stall.ordered(await stall.buyer())
    sell_elsewhere(stall, 2)
    before = await market.count(stall.tenant_id, AuditEvent)
    run = await reconcile(stall)
    assert (run.status, run.listed_count, run.foreign_count, run.ours_count) == ("done", 4, 2, 2)
    assert (run.repaired_count, run.open_count, await findings(stall)) == (0, 0, {})
    assert await market.count(stall.tenant_id, AuditEvent) == before
    assert not await market.rows(stall.tenant_id, ReconciliationSighting)


@pytest.mark.parametrize("status", [PaymentStatus.PENDING, PaymentStatus.CREATED, PaymentStatus.CANCELED])
async def test_what_was_paid_unnoticed_is_granted_once_d19(market: Market, stall: Stall, status: PaymentStatus) -> None:
    payment = await given_up(stall, status=status)
    run = await reconcile(stall)
    assert (run.repaired_count, run.open_count) == (1, 0)
    assert await findings(stall) == {("paid_unnoticed", payment.provider_payment_id): "repaired"}
    for _ in range(2):
        assert (await reconcile(stall)).repaired_count == 0
    after = await stall.payment(payment.id)
    assert (after.status, after.check_result) == (PaymentStatus.SUCCEEDED, "granted")
    assert await market.count(stall.tenant_id, Grant) == 1


async def test_an_order_whose_create_answer_was_lost_is_found_by_its_mark_d19(market: Market, stall: Stall) -> None:
    payment = await given_up(stall, provider_payment_id=None)
    assert (await reconcile(stall)).repaired_count == 1
    after = await stall.payment(payment.id)
    assert (after.status, after.provider_payment_id) == (PaymentStatus.SUCCEEDED, payment.provider_payment_id)


async def test_what_was_canceled_unnoticed_is_closed_d19(stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment, decline=True)
    await stall.change(Payment, payment.id, next_check_at=None)
    assert (await reconcile(stall)).repaired_count == 1
    assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED


async def test_a_payment_whose_order_was_lost_is_shown_until_somebody_dealt_with_it_d19(
    market: Market, stall: Stall, superuser: asyncpg.Connection[Any]
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    await superuser.execute("DELETE FROM payments WHERE id = $1", payment.id)
    for _ in range(2):
        assert (await reconcile(stall)).open_count == 1
    assert await findings(stall) == {("unknown_payment", payment.provider_payment_id): "open"}
    [row] = await market.rows(stall.tenant_id, ReconciliationFinding)
    async with market.tenant(stall.tenant_id) as session:
        await dismiss_finding(session, row.id, actor=Actor("admin"), now=market.now())
    assert (await reconcile(stall)).open_count == 0
    assert await findings(stall) == {("unknown_payment", payment.provider_payment_id): "dismissed"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount": {"value": "1.00", "currency": "RUB"}}, "amount"),
        ({"amount": {"value": "990.00", "currency": "USD"}}, "currency"),
        ({"test": False}, "test_flag"),
        ({"metadata": {"payment_id": "another"}}, "metadata"),
    ],
)
async def test_a_contradiction_about_a_paid_order_is_shown_and_takes_no_access_d19(
    market: Market, stall: Stall, change: dict[str, Any], reason: str
) -> None:
    payment = await stall.bought(await stall.buyer())
    body = entry_of(stall, payment).body
    before = {name: body[name] for name in change}
    body |= change
    run = await reconcile(stall)
    assert (run.open_count, await findings(stall)) == (1, {("mismatch", payment.provider_payment_id): "open"})
    after = await stall.payment(payment.id)
    assert (after.status, after.quarantine_reason) == (PaymentStatus.SUCCEEDED, reason)
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.status == "active"
    body |= before
    assert (await reconcile(stall)).open_count == 0
    assert list((await findings(stall)).values()) == ["cleared"]
    assert (await stall.payment(payment.id)).quarantine_reason is None


async def test_a_contradiction_about_an_open_order_sets_it_aside_d19(stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    entry_of(stall, payment).body["amount"] = {"value": "1.00", "currency": "RUB"}
    assert (await reconcile(stall)).open_count == 1
    after = await stall.payment(payment.id)
    assert (after.status, after.quarantine_reason) == (PaymentStatus.QUARANTINED, "amount")


async def test_what_is_paid_by_our_books_only_is_shown_and_takes_no_access_d19(market: Market, stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    entry_of(stall, payment).body["status"] = "canceled"
    assert (await reconcile(stall)).open_count == 1
    assert await findings(stall) == {("not_paid_at_gateway", payment.provider_payment_id): "open"}
    after = await stall.payment(payment.id)
    assert (after.status, after.quarantine_reason) == (PaymentStatus.SUCCEEDED, "not_paid_at_gateway")
    assert [row.status for row in await market.rows(stall.tenant_id, Subscription)] == ["active"]


async def test_what_the_gateway_does_not_know_is_shown_and_takes_no_access_d19(market: Market, stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    entry = forget_at_gateway(stall, payment)
    assert (await reconcile(stall)).open_count == 1
    assert await findings(stall) == {("not_listed", payment.provider_payment_id): "open"}
    assert (await stall.payment(payment.id)).quarantine_reason == "not_listed"
    assert [row.status for row in await market.rows(stall.tenant_id, Subscription)] == ["active"]
    market.gateway.store.payments.add(entry)
    assert (await reconcile(stall)).open_count == 0
    assert (await stall.payment(payment.id)).quarantine_reason is None


async def test_a_payment_that_only_the_list_leaves_out_is_asked_about_and_is_no_difference(stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    # Made at the gateway long before by its own clock: the list of the run's days does not have it.
    entry_of(stall, payment).body["created_at"] = "2020-01-01T00:00:00.000Z"
    run = await reconcile(stall)
    assert (run.listed_count, run.ours_count, run.open_count) == (0, 1, 0)


async def test_an_order_that_was_paid_twice_is_shown_d11_d19(market: Market, stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    sell_elsewhere(stall, 1, metadata={"payment_id": str(payment.id)})
    sell_elsewhere(stall, 1, metadata={"payment_id": str(payment.id)}, status="canceled", paid=False)
    assert (await reconcile(stall)).open_count == 1
    assert [kind for kind, _ in await findings(stall)] == ["paid_twice"]
    assert await market.count(stall.tenant_id, Grant) == 1


async def test_a_payment_of_another_system_that_nobody_can_read_stops_nothing(stall: Stall) -> None:
    payment = await given_up(stall)
    sell_elsewhere(stall, 1, status="a_state_of_tomorrow")
    run = await reconcile(stall)
    assert (run.status, run.foreign_count, run.repaired_count) == ("done", 1, 1)
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


async def test_a_run_that_was_cut_off_goes_on_at_the_page_where_it_was_d19(market: Market, stall: Stall) -> None:
    paid = [await given_up(stall) for _ in range(2)]
    sell_elsewhere(stall, 150)
    await market.skip(minutes=1)
    run = await start(stall)
    # With this seed the dice let the first page through, and the second one meets a failure.
    match = LIST | {"probability": 0.5, "count": 1}
    await market.yookassa("POST", "/faults", match=match, effect={"kind": "status", "status": 500}, seed=10)
    await market.work()
    cut = await read(stall, run)
    assert (cut.status, cut.listed_count, await lists_asked(market)) == ("running", 100, 2)
    await market.skip(seconds=5)
    await market.work()
    ended = await read(stall, run)
    assert (ended.status, ended.listed_count, ended.foreign_count, await lists_asked(market)) == ("done", 152, 150, 3)
    assert (ended.repaired_count, await market.count(stall.tenant_id, Grant)) == (len(paid), len(paid))


async def test_workers_on_one_run_at_once_count_and_grant_once_d19(market: Market, stall: Stall) -> None:
    for _ in range(2):
        await given_up(stall)
    sell_elsewhere(stall, 120)
    await market.skip(minutes=1)
    runs = {(await start(stall)).id for _ in range(2)}
    runs |= {run.id for run in await asyncio.gather(*(start(stall) for _ in range(6)))}
    assert len(runs) == 1
    [job] = await market.jobs(stall.tenant_id, "reconciliations.run", status=JobStatus.READY)
    await asyncio.gather(*(market.run(stall.tenant_id, ReconcilePayments(next(iter(runs)))) for _ in range(3)))
    [run] = await market.rows(stall.tenant_id, Reconciliation)
    assert (run.status, run.listed_count, run.foreign_count, run.repaired_count) == ("done", 122, 120, 2)
    assert await market.count(stall.tenant_id, Grant) == 2
    assert job.payload == {"reconciliation_id": str(run.id)}


async def test_refused_keys_end_the_run_and_say_so_d20(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    await market.yookassa("POST", f"/shops/{stall.shop['shop_id']}/rotate-key")
    run = await reconcile(stall)
    assert (run.status, run.problem) == ("failed", "keys_refused")
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).shop_status == ShopStatus.REJECTED


async def test_each_day_brings_one_run_whoever_looks_at_the_clock_h1(market: Market, stall: Stall) -> None:
    async def look() -> None:
        await asyncio.gather(*(reconciliations.start_due(market.worker, market.now()) for _ in range(4)))
        await market.work()

    # Due at once with everybody else's when it is new: it waits for the moment of its own.
    await look()
    assert not await market.rows(stall.tenant_id, Reconciliation)
    own = next_daily_moment(stall.bot_id, after=market.now())
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).reconcile_at == own
    for days in range(1, 4):
        await market.skip(
            seconds=(next_daily_moment(stall.bot_id, after=market.now()) - market.now()).total_seconds() + 1
        )
        await look()
        runs = await market.rows(stall.tenant_id, Reconciliation)
        assert (len(runs), {run.status for run in runs}) == (days, {"done"})


async def test_days_that_were_missed_are_made_up_for_h1(market: Market, stall: Stall) -> None:
    await reconcile(stall, days=None)
    await market.skip(days=20)
    payment = await given_up(stall)
    await market.skip(days=15)
    run = await reconcile(stall, days=None)
    assert run.repaired_count == 1
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    assert (run.until_at - run.from_at).days == 44


async def test_an_order_is_paid_by_an_old_link_that_nobody_looked_after_d14(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.change(Payment, payment.id, status=PaymentStatus.CANCELED, next_check_at=None)
    assert (await reconcile(stall)).repaired_count == 0
    await market.yookassa("POST", f"/payments/{payment.provider_payment_id}/pay", card=SUCCESS_CARD)
    assert (await reconcile(stall)).repaired_count == 1
