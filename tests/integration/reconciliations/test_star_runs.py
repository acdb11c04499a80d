"""What Telegram lists of a bot's Stars against our payments: repaired or shown, and nobody loses access (D19)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from lumenpay.audit.service import Actor
from lumenpay.jobs.catalogue import ReconcileStars
from lumenpay.kit.daily import next_daily_moment
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.reconciliations import Reconciliation, ReconciliationFinding, ReconciliationSighting
from lumenpay.models.refunds import Refund, RefundOrigin
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionStatus
from lumenpay.reconciliations.service import dismiss_finding
from sandbox.telegram.state.invoices import StarPayment, StarTransaction
from tenants_worker.tasks import star_reconciliations
from tests.integration.reconciliations.runs import findings, reconcile
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.renewing import autopay_of, subscription_of
from tests.support.stall import Stall, open_stall
from tests.support.star_list import compare_stars, forget_at_telegram, give_back, paid_unheard, start_stars
from tests.support.stars import STARS_PRICE, bought_with_stars, charges, open_invoice, orders, pay_stars

LIST = {"on": "call", "method": "getStarTransactions"}


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, stars=STARS_PRICE)


@pytest.fixture
async def phone(stall: Stall) -> Phone:
    return await open_phone(stall)


def list_foreign(stall: Stall, count: int, *, payload: str = "order 1 of the bot's shop", hours_ago: float = 0) -> None:
    """Have the bot take Stars for what is no business of ours."""
    at = int((stall.market.now() - timedelta(hours=hours_ago)).timestamp())
    for number in range(count):
        paid = {"total_amount": 5, "invoice_payload": payload}
        payment = StarPayment(f"stx-foreign-{payload}-{number}", stall.telegram_bot_id, stall.owner_id, paid, at)
        stall.market.world.star_transactions.append(StarTransaction(payment, at))


async def test_where_both_sides_agree_a_run_over_stars_is_quiet_d19(market: Market, stall: Stall, phone: Phone) -> None:
    await bought_with_stars(phone)
    await open_invoice(phone)
    list_foreign(stall, 2)
    before = await market.count(stall.tenant_id, AuditEvent)
    run = await compare_stars(stall)
    assert (run.status, run.provider, run.shop_id) == ("done", "stars", "telegram")
    assert (run.listed_count, run.foreign_count, run.ours_count) == (3, 2, 1)
    assert (run.repaired_count, run.open_count, await findings(stall)) == (0, 0, {})
    assert await market.count(stall.tenant_id, AuditEvent) == before
    assert not await market.rows(stall.tenant_id, ReconciliationSighting)


@pytest.mark.parametrize("is_late", [False, True], ids=["the order is open", "the order was given up"])
async def test_stars_whose_payment_nobody_told_of_are_granted_once_d2_d19(
    market: Market, stall: Stall, phone: Phone, is_late: bool
) -> None:
    charge_id = await paid_unheard(phone)
    if is_late:
        await market.skip(hours=2)
        await stall.poll()
        assert (await orders(phone))[0].status == PaymentStatus.CANCELED
    run = await compare_stars(stall)
    assert (run.repaired_count, run.open_count) == (1, 0)
    [order] = await orders(phone)
    assert (order.status, order.provider_payment_id, order.check_result) == ("succeeded", charge_id, "granted")
    assert len(charge_id) > 64
    assert await findings(stall) == {("paid_unnoticed", charge_id): "repaired"}
    ends_at = (await subscription_of(stall)).ends_at
    for _ in range(2):
        assert (await compare_stars(stall)).repaired_count == 0
    for told in charges(phone):
        await phone.feed(told)
    assert (await subscription_of(stall)).ends_at == ends_at
    assert (await market.count(stall.tenant_id, Grant), await market.count(stall.tenant_id, LedgerEntry)) == (1, 2)


async def test_the_update_and_runs_at_once_grant_one_charge_once_d10_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await paid_unheard(phone)
    await market.skip(minutes=1)
    run = await start_stars(stall)
    told = charges(phone)[0]
    runs = (market.run(stall.tenant_id, ReconcileStars(run.id)) for _ in range(3))
    await asyncio.gather(phone.feed(told), *runs, phone.feed(told))
    await market.work()
    assert await market.count(stall.tenant_id, Grant) == await market.count(stall.tenant_id, Payment) == 1
    [ended] = await market.rows(stall.tenant_id, Reconciliation)
    assert (ended.status, ended.listed_count, ended.open_count) == ("done", 1, 0)


async def test_a_renewal_that_nobody_told_of_extends_once_and_stays_a_renewal_d19(market: Market) -> None:
    stall = await open_stall(market, stars=STARS_PRICE, is_recurring=True)
    phone = await open_phone(stall)
    await bought_with_stars(phone)
    begun = await subscription_of(stall)
    await market.skip(days=30, minutes=1)
    await phone.updates()
    assert await market.count(stall.tenant_id, Grant) == 1
    for _ in range(2):
        await compare_stars(stall)
    first, renewal = await orders(phone)
    assert (first.is_autopay, renewal.is_autopay, renewal.status) == (False, True, PaymentStatus.SUCCEEDED)
    renewed = await subscription_of(stall)
    assert begun.ends_at is not None
    assert renewed.ends_at is not None
    assert timedelta(days=29) < renewed.ends_at - begun.ends_at < timedelta(days=31)
    assert (await autopay_of(stall)).method_ref == first.provider_payment_id
    # Days later it lies before what the list is read of, and an earlier run has seen it there.
    await market.skip(days=8)
    for _ in range(5):
        await market.skip(days=1)
        run = await compare_stars(stall, days=None)
        assert (run.status, run.open_count) == ("done", 0)


async def test_the_charge_that_begins_a_subscription_begins_it_though_only_the_list_tells_of_it_d19(
    market: Market,
) -> None:
    stall = await open_stall(market, stars=STARS_PRICE, is_recurring=True)
    phone = await open_phone(stall)
    charge_id = await paid_unheard(phone)
    await compare_stars(stall)
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.method_ref) == (AutopayStatus.ON, charge_id)


async def test_stars_that_went_back_unheard_are_booked_once_d15_d19(market: Market, stall: Stall, phone: Phone) -> None:
    await bought_with_stars(phone)
    [order] = await orders(phone)
    await give_back(phone, order.provider_payment_id or "")
    run = await compare_stars(stall)
    assert (run.repaired_count, run.open_count) == (1, 0)
    for _ in range(2):
        assert (await compare_stars(stall)).repaired_count == 0
    [refund] = await market.rows(stall.tenant_id, Refund)
    assert (refund.origin, refund.status, refund.amount_minor) == (RefundOrigin.GATEWAY, "succeeded", STARS_PRICE)
    assert await findings(stall) == {("refund_unnoticed", order.provider_payment_id): "repaired"}
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED
    assert sum(one.amount_minor for one in await market.rows(stall.tenant_id, LedgerEntry)) == 0


async def test_stars_paid_and_given_back_unheard_leave_books_that_say_so_d15_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    charge_id = await paid_unheard(phone)
    await give_back(phone, charge_id)
    assert (await compare_stars(stall)).repaired_count == 2
    assert {kind for kind, _ in await findings(stall)} == {"paid_unnoticed", "refund_unnoticed"}
    [order] = await orders(phone)
    assert (order.status, order.refunded_minor) == (PaymentStatus.SUCCEEDED, STARS_PRICE)
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED


async def test_what_telegram_does_not_list_is_shown_and_takes_no_access_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await bought_with_stars(phone)
    [order] = await orders(phone)
    listed = list(market.world.star_transactions)
    forget_at_telegram(stall, order)
    for _ in range(2):
        assert (await compare_stars(stall)).open_count == 1
    assert await findings(stall) == {("not_listed", order.provider_payment_id): "open"}
    assert (await stall.payment(order.id)).quarantine_reason == "not_listed"
    assert [row.status for row in await market.rows(stall.tenant_id, Subscription)] == ["active"]
    market.world.star_transactions[:] = listed
    assert (await compare_stars(stall)).open_count == 0
    assert (await stall.payment(order.id)).quarantine_reason is None


async def test_a_charge_that_names_no_order_of_ours_is_shown_until_somebody_dealt_with_it_d19_d24(
    market: Market, stall: Stall, phone: Phone
) -> None:
    list_foreign(stall, 1, payload=str(new_uuid7()))
    for _ in range(2):
        assert (await compare_stars(stall)).open_count == 1
    [row] = await market.rows(stall.tenant_id, ReconciliationFinding)
    assert (row.kind, row.state, row.provider, row.payment_id) == ("unknown_payment", "open", "stars", None)
    assert (row.details["ours"], row.details["gateway"]["amount_minor"]) == (None, 5)
    async with market.tenant(stall.tenant_id) as session:
        await dismiss_finding(session, row.id, actor=Actor("admin"), now=market.now())
    assert (await compare_stars(stall)).open_count == 0


async def test_stars_of_another_person_or_another_sum_are_shown_and_granted_to_nobody_d6_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await paid_unheard(phone)
    [listed] = market.world.star_transactions
    listed.payment.payment["total_amount"] = 1
    other = await open_phone(stall)
    await paid_unheard(other)
    market.world.star_transactions[1].payment.user_id = phone.id
    assert (await compare_stars(stall)).open_count == 2
    reasons = {row.details["reason"] for row in await market.rows(stall.tenant_id, ReconciliationFinding)}
    assert reasons == {"amount", "payer"}
    assert {order.status for order in await orders(phone)} == {PaymentStatus.QUARANTINED}
    assert await market.count(stall.tenant_id, Grant) == 0


async def test_a_sum_that_differs_from_a_paid_order_is_shown_and_takes_no_access_d6_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await bought_with_stars(phone)
    [order] = await orders(phone)
    market.world.star_transactions[0].payment.payment["total_amount"] = 7
    assert (await compare_stars(stall)).open_count == 1
    assert await findings(stall) == {("mismatch", order.provider_payment_id): "open"}
    assert (await stall.payment(order.id)).quarantine_reason == "amount"
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    market.world.star_transactions[0].payment.payment["total_amount"] = STARS_PRICE
    assert (await compare_stars(stall)).open_count == 0
    assert list((await findings(stall)).values()) == ["cleared"]


async def test_what_a_bot_took_before_it_came_here_is_nobodys_business_here_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    list_foreign(stall, 3, payload=str(new_uuid7()), hours_ago=24)
    await bought_with_stars(phone)
    run = await compare_stars(stall)
    assert (run.listed_count, run.open_count, await findings(stall)) == (1, 0, {})


async def test_another_tenants_orders_are_untouched_though_a_charge_names_them_a7_d19(market: Market) -> None:
    alpha, beta = await open_stall(market, stars=STARS_PRICE), await open_stall(market, stars=STARS_PRICE)
    alice, charlie = await open_phone(alpha), await open_phone(beta)
    await paid_unheard(alice)
    await paid_unheard(charlie)
    [foreign] = await orders(charlie)
    list_foreign(alpha, 1, payload=str(foreign.id))
    run = await compare_stars(alpha)
    assert (run.repaired_count, run.open_count) == (1, 1)
    assert (await orders(charlie))[0].status == PaymentStatus.PENDING
    for model in (Grant, Reconciliation, ReconciliationFinding):
        assert await market.count(beta.tenant_id, model) == 0
    assert (await compare_stars(beta)).repaired_count == 1


async def test_a_run_over_stars_that_was_cut_off_goes_on_at_the_page_where_it_was_d19(
    market: Market, stall: Stall, phone: Phone
) -> None:
    list_foreign(stall, 150)
    await paid_unheard(phone)
    await market.skip(minutes=1)
    run = await start_stars(stall)
    # One item to find the start by, the first page, and the second one meets a failure.
    match = LIST | {"skip": 2, "count": 1}
    await market.telegram("POST", "/faults", match=match, effect={"kind": "html", "status": 502})
    await market.work()
    cut = await market.get(stall.tenant_id, Reconciliation, run.id)
    assert (cut.status, cut.listed_count) == ("running", 100)
    await market.skip(minutes=1)
    await market.work()
    ended = await market.get(stall.tenant_id, Reconciliation, run.id)
    assert (ended.status, ended.listed_count, ended.foreign_count) == ("done", 151, 150)
    assert (ended.repaired_count, await market.count(stall.tenant_id, Grant)) == (1, 1)


async def test_of_a_long_list_only_the_days_of_the_run_are_read_d19(market: Market, stall: Stall, phone: Phone) -> None:
    await stall.change(Bot, stall.bot_id, created_at=market.now() - timedelta(days=400))
    list_foreign(stall, 5_000, hours_ago=24 * 60)
    list_foreign(stall, 30, payload="lately", hours_ago=1)
    await paid_unheard(phone)
    market.world.recorder.clear()
    run = await compare_stars(stall)
    assert (run.listed_count, run.foreign_count, run.repaired_count) == (31, 30, 1)
    asked = await market.telegram("GET", "/calls?method=getStarTransactions")
    assert 1 < len(asked) < 20


async def test_a_refused_token_ends_the_run_and_is_told_of_e7(market: Market, stall: Stall, phone: Phone) -> None:
    await bought_with_stars(phone)
    await market.telegram("POST", f"/bots/{stall.telegram_bot_id}/revoke-token")
    run = await compare_stars(stall)
    assert (run.status, run.problem) == ("failed", "keys_refused")
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).status == BotStatus.TOKEN_REVOKED


async def test_runs_over_a_shop_and_over_stars_go_on_beside_each_other(
    market: Market, stall: Stall, phone: Phone
) -> None:
    await bought_with_stars(phone)
    await stall.bought(await stall.buyer())
    await market.skip(minutes=1)
    stars = await start_stars(stall)
    shop = await reconcile(stall)
    both = await market.rows(stall.tenant_id, Reconciliation)
    assert {(run.provider, run.status, run.listed_count, run.ours_count) for run in both} == {
        ("stars", "done", 1, 1), ("yookassa", "done", 1, 1),
    }  # fmt: skip
    assert stars.id != shop.id


async def test_each_day_brings_one_run_over_stars_to_bots_that_had_orders_in_them_h1(
    market: Market, stall: Stall, phone: Phone
) -> None:
    async def look() -> None:
        await asyncio.gather(*(star_reconciliations.start_due(market.worker, market.now()) for _ in range(4)))
        await market.work()

    async def due_at() -> object:
        return (await market.get(stall.tenant_id, Bot, stall.bot_id)).stars_reconcile_at

    # As the migration leaves every bot that there was: due at once, and forgotten if nobody ordered in Stars.
    assert await due_at() is None
    await stall.change(Bot, stall.bot_id, stars_reconcile_at=market.now())
    await look()
    assert await due_at() is None
    charge_id = await paid_unheard(phone)
    own = next_daily_moment(stall.bot_id, after=market.now())
    assert await due_at() == own
    for days in range(1, 4):
        moment = next_daily_moment(stall.bot_id, after=market.now())
        await market.skip(seconds=(moment - market.now()).total_seconds() + 1)
        await look()
        runs = await market.rows(stall.tenant_id, Reconciliation)
        assert (len(runs), {run.status for run in runs}, {run.provider for run in runs}) == (days, {"done"}, {"stars"})
    assert await findings(stall) == {("paid_unnoticed", charge_id): "repaired"}


async def test_an_unpaid_invoice_is_no_difference(stall: Stall, phone: Phone) -> None:
    link = await open_invoice(phone)
    await compare_stars(stall)
    assert await findings(stall) == {}
    assert (await pay_stars(phone, link))["outcome"] == "paid"
