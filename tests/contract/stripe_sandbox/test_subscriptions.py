"""A subscription's life by the clock: first payment, renewals, trials, planned and immediate ends."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
import stripe

from sandbox.stripe.periods import period_end
from tests.contract.stripe_sandbox.actors import DAY


@pytest.mark.parametrize(
    ("anchor", "start", "interval", "count", "end"),
    [
        ("2027-01-31", "2027-01-31", "month", 1, "2027-02-28"),
        ("2027-01-31", "2027-02-28", "month", 1, "2027-03-31"),
        ("2027-01-31", "2027-03-31", "month", 3, "2027-06-30"),
        ("2027-12-15", "2027-12-15", "month", 1, "2028-01-15"),
        ("2028-02-29", "2028-02-29", "year", 1, "2029-02-28"),
        ("2028-02-29", "2031-02-28", "year", 1, "2032-02-29"),
        ("2027-03-10", "2027-03-10", "week", 2, "2027-03-24"),
        ("2027-03-10", "2027-03-10", "day", 1, "2027-03-11"),
    ],
)
def test_periods_keep_the_day_of_the_anchor(anchor, start, interval, count, end):
    found = period_end(_moment(anchor), _moment(start), {"interval": interval, "interval_count": count})
    assert found == _moment(end)


async def test_subscription_is_paid_at_once_and_renews_an_hour_after_each_period(sandbox, shop):
    subscription = await shop.subscribe()
    item = subscription.items.data[0]
    assert (subscription.status, item.current_period_end) == ("active", period_end(
        subscription.billing_cycle_anchor, item.current_period_start, {"interval": "month", "interval_count": 1}
    ))  # fmt: skip
    await sandbox.skip(seconds=item.current_period_end - subscription.created + 60)
    renewed = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id, {"expand": ["latest_invoice"]})
    assert renewed.items.data[0].current_period_start == item.current_period_end
    assert (renewed.latest_invoice.status, renewed.latest_invoice.billing_reason) == ("draft", "subscription_cycle")
    await sandbox.skip(hours=1)
    paid = await shop.stripe.v1.invoices.retrieve_async(renewed.latest_invoice.id)
    assert (paid.status, paid.created, paid.status_transitions.paid_at) == (
        "paid", item.current_period_end, item.current_period_end + 3600,
    )  # fmt: skip


async def test_year_that_passes_at_once_brings_twelve_renewals_in_their_own_time(sandbox, shop):
    subscription = await shop.subscribe()
    await sandbox.skip(days=366)
    invoices = await sandbox.objects("invoice", status="paid")
    assert [one["amount_paid"] for one in invoices] == [1000] * 13
    moments = [one["created"] for one in reversed(invoices)]
    assert all(27 * DAY < later - earlier < 32 * DAY for earlier, later in pairwise(moments))
    assert moments[0] == subscription.created


async def test_trial_is_free_announces_its_end_and_is_billed_then(sandbox, shop):
    subscription = await shop.subscribe(trial_period_days=14)
    assert (subscription.status, subscription.trial_end - subscription.created) == ("trialing", 14 * DAY)
    first = await shop.stripe.v1.invoices.retrieve_async(subscription.latest_invoice)
    assert (first.total, first.status, first.billing_reason) == (0, "paid", "subscription_create")
    await sandbox.skip(days=10)
    assert "customer.subscription.trial_will_end" not in await sandbox.events()
    await sandbox.skip(days=1, seconds=60)
    assert "customer.subscription.trial_will_end" in await sandbox.events()
    await sandbox.skip(days=3, hours=1)
    begun = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id, {"expand": ["latest_invoice"]})
    assert (begun.status, begun.latest_invoice.amount_paid) == ("active", 1000)


@pytest.mark.parametrize(("behaviour", "status"), [("cancel", "canceled"), ("create_invoice", "past_due")])
async def test_trial_without_a_card_ends_as_it_was_agreed(sandbox, shop, behaviour, status):
    settings = {"end_behavior": {"missing_payment_method": behaviour}}
    subscription = await shop.subscribe(card=None, trial_period_days=7, trial_settings=settings)
    await sandbox.skip(days=7, hours=2)
    assert (await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)).status == status


async def test_trial_ends_when_it_is_told_to(shop):
    subscription = await shop.subscribe(trial_period_days=7)
    ended = await shop.stripe.v1.subscriptions.update_async(
        subscription.id, {"trial_end": "now", "expand": ["latest_invoice"]}
    )
    assert (ended.status, ended.latest_invoice.amount_paid) == ("active", 1000)


async def test_planned_end_comes_with_the_period_and_bills_no_further(sandbox, shop):
    subscription = await shop.subscribe()
    planned = await shop.stripe.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": True})
    assert planned.cancel_at == subscription.items.data[0].current_period_end
    await sandbox.skip(days=32)
    ended = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)
    assert (ended.status, ended.ended_at) == ("canceled", planned.cancel_at)
    assert len(await sandbox.objects("invoice")) == 1
    assert (await sandbox.events()).count("customer.subscription.deleted") == 1
    assert (await shop.stripe.v1.subscriptions.list_async()).data == []


async def test_immediate_end_is_final(sandbox, shop):
    subscription = await shop.subscribe()
    ended = await shop.stripe.v1.subscriptions.cancel_async(subscription.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "cancellation_requested")
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        await shop.stripe.v1.subscriptions.cancel_async(subscription.id)
    with pytest.raises(stripe.InvalidRequestError, match="A canceled subscription can only update"):
        await shop.stripe.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": False})
    await sandbox.skip(days=40)
    assert len(await sandbox.objects("invoice")) == 1
    noted = await shop.stripe.v1.subscriptions.update_async(subscription.id, {"metadata": {"why": "moved"}})
    assert noted.metadata.to_dict() == {"why": "moved"}


async def test_refused_change_leaves_everything_as_it_was(sandbox, shop):
    subscription = await shop.subscribe()
    events = len(await sandbox.events())
    with pytest.raises(stripe.InvalidRequestError):
        await shop.stripe.v1.subscriptions.update_async(subscription.id, {"metadata": {"a": "1"}, "cancel_at": 1})
    assert (await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)).metadata.to_dict() == {}
    assert len(await sandbox.events()) == events


async def test_immediate_end_gives_unused_time_back_when_asked(sandbox, shop):
    subscription = await shop.subscribe()
    item = subscription.items.data[0]
    await sandbox.skip(seconds=(item.current_period_end - item.current_period_start) / 2)
    await shop.stripe.v1.subscriptions.cancel_async(subscription.id, {"prorate": True, "invoice_now": True})
    customer = await shop.stripe.v1.customers.retrieve_async(subscription.customer)
    assert customer.balance == pytest.approx(-500, abs=1)


async def test_unpaid_first_invoice_leaves_it_incomplete_and_expires_after_23_hours(sandbox, shop):
    subscription = await shop.subscribe(card="pm_card_chargeCustomerFail")
    assert subscription.status == "incomplete"
    await sandbox.skip(hours=23)
    expired = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id, {"expand": ["latest_invoice"]})
    assert (expired.status, expired.latest_invoice.status) == ("incomplete_expired", "void")


async def test_first_payment_may_be_demanded_left_open_or_impossible(sandbox, shop):
    with pytest.raises(stripe.CardError) as refused:
        await shop.subscribe(card="pm_card_chargeCustomerFail", payment_behavior="error_if_incomplete")
    assert (refused.value.code, refused.value.json_body["error"]["decline_code"]) == (
        "card_declined",
        "generic_decline",
    )
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        await shop.subscribe(card=None)
    assert await sandbox.objects("subscription") == []
    later = await shop.subscribe(card=None, payment_behavior="default_incomplete")
    assert (later.status, (await sandbox.objects("invoice"))[0]["status"]) == ("incomplete", "open")


async def test_deleted_customer_has_no_running_subscription(shop):
    subscription = await shop.subscribe()
    gone = await shop.stripe.v1.customers.delete_async(subscription.customer)
    assert gone.deleted
    assert (await shop.stripe.v1.customers.retrieve_async(subscription.customer)).deleted
    assert (await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        await shop.subscribe(customer=subscription.customer)


def _moment(day):
    return int(datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC).timestamp())
