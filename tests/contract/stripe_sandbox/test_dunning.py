"""Unpaid renewals: attempts by plan, past due, given up, and everything back once it is paid."""

import pytest

from tests.contract.stripe_sandbox.actors import ASKS, DAY, DECLINED, VISA, until

LATER_FAILING = "4000000000000341"


async def test_unpaid_renewal_is_past_due_is_tried_again_by_plan_and_ends_the_subscription(sandbox, shop):
    subscription, invoice = await _past_due(sandbox, shop)
    assert (subscription.status, invoice["status"], invoice["attempt_count"]) == ("past_due", "open", 1)
    assert invoice["next_payment_attempt"] - invoice["status_transitions"]["finalized_at"] == 3 * DAY
    assert (await shop.stripe.v1.customers.retrieve_async(subscription.customer)).delinquent
    for days, attempts in ((3.01, 2), (4.9, 2), (0.1, 3), (6.9, 3)):
        await sandbox.skip(days=days)
        assert (await _status(shop, subscription), await _attempts(sandbox)) == ("past_due", attempts)
    await sandbox.skip(days=0.1)
    assert (await _status(shop, subscription), await _attempts(sandbox)) == ("canceled", 4)
    ended = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)
    assert ended.cancellation_details.reason == "payment_failed"
    events = await sandbox.events()
    assert (events.count("invoice.payment_failed"), events.count("customer.subscription.deleted")) == (4, 1)
    await sandbox.skip(days=60)
    assert len(await sandbox.events()) == len(events)


async def test_new_card_pays_with_the_next_attempt(sandbox, shop):
    subscription, _ = await _past_due(sandbox, shop)
    await sandbox.control("POST", f"{sandbox.place}/customers/{subscription.customer}/card", {"number": VISA})
    assert await _status(shop, subscription) == "past_due"
    await sandbox.skip(days=3, seconds=60)
    assert await _status(shop, subscription) == "active"
    assert not (await shop.stripe.v1.customers.retrieve_async(subscription.customer)).delinquent


async def test_open_invoice_is_paid_on_its_page_and_ends_the_trouble_at_once(sandbox, shop, listener):
    subscription, invoice = await _past_due(sandbox, shop)
    path = invoice["hosted_invoice_url"].removeprefix(sandbox.url)
    assert "Pay $10.00" in (await sandbox.send("GET", path)).body
    assert (await sandbox.send("POST", path, data={"number": DECLINED})).status == 402
    assert (await sandbox.send("POST", path, data={"number": VISA})).status == 303
    assert await _status(shop, subscription) == "active"
    await until(
        lambda: invoice["id"] in [one.data.object.id for one in listener.events() if one.type == "invoice.paid"]
    )
    assert (await sandbox.send("GET", f"{path}/pdf")).body.startswith("%PDF")
    charged = len(await sandbox.objects("charge"))
    await sandbox.skip(days=16)
    assert len(await sandbox.objects("charge")) == charged


@pytest.mark.parametrize("outcome", ["unpaid", "past_due"])
async def test_subscription_that_is_given_up_lives_on_where_the_owner_wants_it(sandbox, shop, outcome):
    settings = {"after_retries": outcome, "invoice_after_retries": "uncollectible", "retry_days": [1]}
    await sandbox.control("PUT", f"{sandbox.place}/billing", settings)
    subscription, invoice = await _past_due(sandbox, shop)
    await sandbox.skip(days=1, seconds=60)
    assert await _status(shop, subscription) == outcome
    assert (await shop.stripe.v1.invoices.retrieve_async(invoice["id"])).status == "uncollectible"
    method = (await sandbox.objects("payment_method"))[0]["id"]
    await sandbox.control("PUT", f"{sandbox.place}/payment-methods/{method}/card", {"number": VISA})
    paid = await shop.stripe.v1.invoices.pay_async(invoice["id"])
    assert (paid.status, await _status(shop, subscription)) == ("paid", "active")


async def test_unpaid_subscription_gathers_drafts_that_nobody_collects(sandbox, shop):
    await sandbox.control("PUT", f"{sandbox.place}/billing", {"after_retries": "unpaid", "retry_days": [1]})
    await _past_due(sandbox, shop)
    await sandbox.skip(days=40)
    newest = (await sandbox.objects("invoice"))[0]
    assert (newest["status"], newest["auto_advance"]) == ("draft", False)


async def test_card_that_asks_its_payer_needs_a_page_each_time(sandbox, shop):
    assert (await shop.subscribe(card="pm_card_authenticationRequired")).status == "incomplete"
    session = await shop.session(customer_email="alice@lumen.test")
    done = (await sandbox.complete(session.id, number=ASKS)).body
    await sandbox.skip(days=32)
    subscription = await shop.stripe.v1.subscriptions.retrieve_async(
        done["subscription"], {"expand": ["latest_invoice"]}
    )
    assert subscription.status == "past_due"
    assert "invoice.payment_action_required" in await sandbox.events()
    path = subscription.latest_invoice.hosted_invoice_url.removeprefix(sandbox.url)
    assert (await sandbox.send("POST", path, data={"number": ASKS})).status == 303
    assert await _status(shop, subscription) == "active"


async def _past_due(sandbox, shop):
    subscription = await shop.subscribe()
    method = (await sandbox.objects("payment_method"))[0]["id"]
    await sandbox.control("PUT", f"{sandbox.place}/payment-methods/{method}/card", {"number": LATER_FAILING})
    item = subscription.items.data[0]
    await sandbox.skip(seconds=item.current_period_end - item.current_period_start + 3660)
    subscription = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)
    return subscription, (await sandbox.objects("invoice"))[0]


async def _status(shop, subscription):
    return (await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)).status


async def _attempts(sandbox):
    return (await sandbox.objects("invoice"))[0]["attempt_count"]
