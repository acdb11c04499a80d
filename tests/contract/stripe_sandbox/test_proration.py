"""What a change of price costs in the middle of a period, looked at before and paid after."""

import pytest
import stripe

from sandbox.stripe.proration import share_of


@pytest.mark.parametrize(
    ("amount", "left", "whole", "share"),
    [
        (1000, 15, 30, 500),
        (1000, 30, 30, 1000),
        (1000, 0, 30, 0),
        (999, 1, 2, 500),
        (1000, 1, 3, 333),
        (1000, 2, 3, 667),
    ],
)
def test_share_of_a_period_is_rounded_to_the_cent(amount, left, whole, share):
    assert share_of(amount, left=left, whole=whole) == share


async def test_dearer_price_waits_for_the_next_invoice_by_default(sandbox, shop):
    subscription = await _half_way(sandbox, shop)
    await _change(shop, subscription, shop.dear)
    assert len(await sandbox.objects("invoice")) == 1
    await sandbox.skip(days=17)
    invoice = (await sandbox.objects("invoice"))[0]
    lines = [
        (line["amount"], line["parent"]["subscription_item_details"]["proration"]) for line in invoice["lines"]["data"]
    ]
    assert lines == [(pytest.approx(-500, abs=1), True), (pytest.approx(1500, abs=1), True), (3000, False)]
    assert invoice["amount_paid"] == pytest.approx(4000, abs=2)


async def test_dearer_price_is_charged_at_once_when_asked_as_the_preview_said(sandbox, shop):
    subscription = await _half_way(sandbox, shop)
    item = subscription.items.data[0].id
    moment = (await sandbox.control("GET", "/sandbox/clock")).body["now"]
    wanted = {
        "items": [{"id": item, "price": shop.dear}],
        "proration_behavior": "always_invoice",
        "proration_date": moment,
    }
    preview = await shop.stripe.v1.invoices.create_preview_async(
        {"subscription": subscription.id, "subscription_details": wanted}
    )
    assert [line.amount for line in preview.lines.data] == [pytest.approx(-500, abs=1), pytest.approx(1500, abs=1)]
    assert len(await sandbox.objects("invoice")) == 1
    changed = await shop.stripe.v1.subscriptions.update_async(subscription.id, {**wanted, "expand": ["latest_invoice"]})
    assert changed.latest_invoice.amount_paid == preview.amount_due
    assert changed.items.data[0].current_period_end == subscription.items.data[0].current_period_end


async def test_cheaper_price_becomes_credit_that_later_invoices_use_up(sandbox, shop):
    subscription = await _half_way(sandbox, shop, price=shop.dear)
    await _change(shop, subscription, shop.monthly, proration_behavior="always_invoice")
    customer = await shop.stripe.v1.customers.retrieve_async(subscription.customer)
    assert customer.balance == pytest.approx(-1000, abs=2)
    await sandbox.skip(days=17)
    invoice = (await sandbox.objects("invoice"))[0]
    assert (invoice["total"], invoice["amount_due"]) == (1000, pytest.approx(0, abs=2))
    assert invoice["starting_balance"] == customer.balance


async def test_other_interval_begins_a_new_period_and_is_billed_at_once(sandbox, shop):
    subscription = await _half_way(sandbox, shop)
    changed = await _change(shop, subscription, shop.yearly)
    now = (await sandbox.control("GET", "/sandbox/clock")).body["now"]
    assert changed.items.data[0].current_period_start == pytest.approx(now, abs=3)
    assert (await sandbox.objects("invoice"))[0]["amount_paid"] == pytest.approx(10_000 - 500, abs=1)


async def test_change_without_proration_costs_nothing_before_the_next_period(sandbox, shop):
    subscription = await _half_way(sandbox, shop)
    await _change(shop, subscription, shop.dear, proration_behavior="none")
    assert await sandbox.objects("invoiceitem") == []
    await sandbox.skip(days=17)
    assert (await sandbox.objects("invoice"))[0]["amount_paid"] == 3000


async def test_change_during_a_trial_is_free(sandbox, shop):
    subscription = await shop.subscribe(trial_period_days=7)
    await _change(shop, subscription, shop.dear, proration_behavior="always_invoice")
    assert len(await sandbox.objects("invoice")) == 1
    await sandbox.skip(days=8)
    assert (await sandbox.objects("invoice"))[0]["amount_paid"] == 3000


async def test_refused_payment_undoes_the_change_or_makes_it_past_due(sandbox, shop):
    subscription = await _half_way(sandbox, shop)
    method = (await sandbox.objects("payment_method"))[0]["id"]
    await sandbox.control("PUT", f"{sandbox.place}/payment-methods/{method}/card", {"number": "4000000000000341"})
    with pytest.raises(stripe.CardError):
        await _change(
            shop, subscription, shop.dear, proration_behavior="always_invoice", payment_behavior="error_if_incomplete"
        )
    left = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)
    assert (left.status, left.items.data[0].price.id) == ("active", shop.monthly)
    changed = await _change(shop, subscription, shop.dear, proration_behavior="always_invoice")
    assert (changed.status, changed.items.data[0].price.id) == ("past_due", shop.dear)


async def test_quantity_is_prorated_like_a_price(sandbox, shop):
    subscription = await _half_way(sandbox, shop)
    item = {"id": subscription.items.data[0].id, "quantity": 3}
    await shop.stripe.v1.subscriptions.update_async(
        subscription.id, {"items": [item], "proration_behavior": "always_invoice"}
    )
    assert (await sandbox.objects("invoice"))[0]["amount_paid"] == pytest.approx(1000, abs=2)


async def _half_way(sandbox, shop, **fields):
    subscription = await shop.subscribe(**fields)
    item = subscription.items.data[0]
    await sandbox.skip(seconds=(item.current_period_end - item.current_period_start) / 2)
    return subscription


async def _change(shop, subscription, price, **fields):
    items = [{"id": subscription.items.data[0].id, "price": price}]
    return await shop.stripe.v1.subscriptions.update_async(subscription.id, {"items": items, **fields})
