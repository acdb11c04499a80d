"""A tenant that does not pay the platform: told, paused, and all back, while nobody loses access (fault D22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lumenpay.billing.errors import SalesPausedError
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.running import set_paused
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.billing import PlatformSubscription
from lumenpay.models.broadcasts import PauseReason
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.tenants.errors import LimitReachedError
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.office import FAILS_LATER, KEY, VISA, Office
from tests.support.renewing import autopay_of, charged, renewing
from tests.support.stall import Stall

PAST_DUE = "The payment for LumenPay did not go through"
AGAIN = "The bill for LumenPay is still not paid"
PAUSED = "Sales of “Alpha” are paused"
RESUMED = "Sales of “Alpha” are open again"


async def lapse(office: Office, stall: Stall) -> None:
    """Subscribe with a card that pays once, and come to the first renewal."""
    await office.sell_plans()
    await office.own(stall.tenant_id)
    await office.set_retries("past_due", 3, 4, 20)
    await office.subscribe(stall.tenant_id)
    await office.change_card(FAILS_LATER)
    ends_at = (await office.row(stall.tenant_id)).period_ends_at
    assert ends_at is not None
    await office.skip(seconds=(ends_at - office.market.now()).total_seconds() + 3_700)


async def come_to(stall: Stall, *, hours: float) -> None:
    """Move time to so many hours before the end of the only subscription."""
    [subscription] = await stall.market.rows(stall.tenant_id, Subscription)
    assert subscription.ends_at is not None
    await stall.market.skip(seconds=(subscription.ends_at - stall.market.now()).total_seconds() - hours * 3_600)


def letters(office: Office) -> list[str]:
    return list(office.market.worker.mailer.subjects)


async def test_a_lapsed_tenant_is_told_thrice_then_sells_nothing_and_all_is_back_once_it_pays_d22(
    market: Market, office: Office, stall: Stall
) -> None:
    await lapse(office, stall)
    anna, ben = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    row = await office.row(stall.tenant_id)
    assert (row.stripe_status, letters(office)) == ("past_due", [PAST_DUE])
    await office.skip(days=3)
    assert letters(office) == [PAST_DUE, AGAIN]
    assert (await stall.order(ben)).id
    await office.skip(days=3, hours=22)
    assert letters(office) == [PAST_DUE, AGAIN]
    await office.skip(hours=2)
    assert letters(office) == [PAST_DUE, AGAIN, PAUSED]
    carl = await stall.buyer()
    with pytest.raises(SalesPausedError):
        await stall.order(carl)
    mailing = Mailing(stall)
    broadcast_id = await mailing.draft()
    async with market.tenant(stall.tenant_id) as session:
        set_paused(await get_broadcast(session, broadcast_id), PauseReason.SUSPENDED)
    [running] = await market.rows(stall.tenant_id, Subscription)
    assert (running.user_id, running.status) == (anna.id, SubscriptionStatus.ACTIVE)
    await office.skip(days=1)
    assert letters(office) == [PAST_DUE, AGAIN, PAUSED]
    await office.pay_invoice()
    assert (await stall.order(carl)).id
    assert letters(office) == [PAST_DUE, AGAIN, PAUSED, RESUMED]
    await mailing.work()
    assert await mailing.ledger(broadcast_id) == {"sent": 3}
    row = await office.row(stall.tenant_id)
    assert (row.stripe_status, row.unpaid_since_at, row.notices_count) == ("active", None, 0)
    await office.skip(hours=5)
    assert len(letters(office)) == 4


async def test_while_sales_pause_nobody_is_charged_and_access_ends_as_ever_d22(
    market: Market, office: Office, stall: Stall
) -> None:
    await lapse(office, stall)
    anna = await renewing(stall)
    await office.skip(days=8)
    assert (await office.tenant(stall.tenant_id)).sales_paused_at is not None
    before, told = await charged(stall), len(await stall.texts(anna))
    await come_to(stall, hours=25)
    for _ in range(6):
        # The notice would go out a day before the end, and the charge an hour before it.
        await market.skip(hours=4.05)
        await stall.sweep()
        await stall.poll()
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert ((await autopay_of(stall)).noticed_at, len(await stall.texts(anna))) == (None, told)
    await market.skip(hours=6)
    await stall.sweep()
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.status == SubscriptionStatus.EXPIRED
    assert await charged(stall) == before
    # Whoever is out is not charged later either: autopay ended with the access, as it always does.
    assert (await autopay_of(stall)).status == AutopayStatus.OFF


async def test_autopay_that_waited_is_announced_and_charged_once_the_tenant_paid_d22(
    market: Market, office: Office, stall: Stall
) -> None:
    await lapse(office, stall)
    await renewing(stall)
    before = await charged(stall)
    await office.skip(days=8)
    await come_to(stall, hours=12)
    await stall.sweep()
    assert (await autopay_of(stall)).noticed_at is None
    await office.pay_invoice()
    await market.skip(hours=1.1)
    await stall.sweep()
    assert (await autopay_of(stall)).noticed_at is not None
    for _ in range(7):
        await market.skip(hours=2)
        await stall.sweep()
        await stall.poll()
    assert len(await charged(stall)) == len(before) + 1
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.status == SubscriptionStatus.ACTIVE


async def test_a_cancelled_tenant_keeps_all_its_subscribers_and_has_the_limits_of_the_free_plan_d22(
    market: Market, office: Office, stall: Stall
) -> None:
    await office.sell_plans()
    await office.subscribe(stall.tenant_id)
    anna, ben, carl = [await stall.buyer() for _ in range(3)]
    for person in (anna, ben):
        await stall.bought(person)
    row = await office.row(stall.tenant_id)
    place, headers = f"/v1/subscriptions/{row.stripe_subscription_id}", {"Authorization": f"Bearer {KEY}"}
    async with office.http.delete(f"{office.url}{place}", headers=headers) as answer:
        assert answer.status == 200
    await office.settle()
    assert (await office.row(stall.tenant_id)).stripe_status == "canceled"
    with pytest.raises(LimitReachedError):
        await stall.order(carl)
    assert (await stall.order(anna)).id
    assert await market.count(stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.ACTIVE) == 2


async def test_while_stripe_does_not_answer_nothing_is_paused_d22(market: Market, office: Office, stall: Stall) -> None:
    await lapse(office, stall)
    await office.control("POST", "/faults", match={}, effect={"kind": "status", "status": 500})
    await office.skip(days=9)
    assert (await office.tenant(stall.tenant_id)).sales_paused_at is None
    assert (await stall.order(await stall.buyer())).id
    await office.control("DELETE", "/faults")
    await office.skip(hours=2)
    assert (await office.tenant(stall.tenant_id)).sales_paused_at is not None
    assert letters(office) == [PAST_DUE, PAUSED]


async def test_an_installation_that_stops_billing_lets_everybody_sell_d22(
    market: Market, office: Office, stall: Stall
) -> None:
    await lapse(office, stall)
    await office.skip(days=8)
    assert (await office.tenant(stall.tenant_id)).sales_paused_at is not None
    market.worker = replace(market.worker, stripe=None)
    await market.skip(hours=2)
    await office.look()
    assert (await office.tenant(stall.tenant_id)).sales_paused_at is None


async def test_events_that_never_come_cost_at_most_an_hour(market: Market, office: Office, stall: Stall) -> None:
    await office.sell_plans()
    await office.control("POST", "/faults", match={}, effect={"kind": "never"})
    await office.subscribe(stall.tenant_id)
    assert (await office.row(stall.tenant_id)).stripe_status is None
    await office.skip(minutes=6)
    row = await office.row(stall.tenant_id)
    assert (row.stripe_status, row.plan_code) == ("active", "pro")
    await office.change_card(VISA)
    assert row.next_look_at <= market.now() + timedelta(hours=1)
    assert await market.count(stall.tenant_id, PlatformSubscription) == 1


async def test_whom_stripe_gives_up_sells_again_within_the_free_plan_and_is_not_thanked_d22(
    market: Market, office: Office, stall: Stall
) -> None:
    await lapse(office, stall)
    await office.set_retries("cancel", 3, 5)
    await stall.bought(await stall.buyer())
    for _ in range(10):
        await office.skip(days=1)
    assert (await office.row(stall.tenant_id)).stripe_status == "canceled"
    assert (await office.tenant(stall.tenant_id)).sales_paused_at is None
    with pytest.raises(LimitReachedError):
        await stall.order(await stall.buyer())
    assert await market.count(stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.ACTIVE) == 1
    assert letters(office) == [PAST_DUE, AGAIN, PAUSED]
