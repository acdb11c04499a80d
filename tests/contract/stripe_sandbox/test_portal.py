"""The customer portal: what people do there by themselves."""

import pytest
import stripe

from tests.contract.stripe_sandbox.actors import DECLINED


async def test_customer_cancels_at_the_end_of_the_period_and_comes_back(sandbox, shop):
    subscription = await shop.subscribe()
    portal = await _open(shop, subscription.customer)
    page = await sandbox.send("GET", _path(sandbox, portal))
    assert "Cancel subscription" in page.body
    await _act(sandbox, portal, action="cancel", subscription=subscription.id, feedback="too_expensive")
    left = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)
    assert (left.status, left.cancel_at_period_end, left.cancel_at) == (
        "active",
        True,
        left.items.data[0].current_period_end,
    )
    assert (left.cancellation_details.feedback, left.cancellation_details.reason) == (
        "too_expensive",
        "cancellation_requested",
    )
    await _act(sandbox, portal, action="resume", subscription=subscription.id)
    back = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id)
    assert (back.cancel_at_period_end, back.cancel_at, back.canceled_at) == (False, None, None)


async def test_new_card_is_charged_from_then_on_also_where_checkout_had_kept_another(sandbox, shop):
    session = await shop.session(customer_email="alice@lumen.test")
    done = (await sandbox.complete(session.id)).body
    subscription = await shop.stripe.v1.subscriptions.retrieve_async(done["subscription"])
    portal = await _open(shop, subscription.customer, flow_data={"type": "payment_method_update"})
    declined = await _act(sandbox, portal, number=DECLINED)
    assert (declined.status, "declined" in declined.body) == (402, True)
    assert (await _act(sandbox, portal, typed="5555 5555 5555 4444")).status == 303
    customer = await shop.stripe.v1.customers.retrieve_async(
        subscription.customer, {"expand": ["invoice_settings.default_payment_method"]}
    )
    assert customer.invoice_settings.default_payment_method.card.last4 == "4444"
    await sandbox.skip(days=32)
    assert (await sandbox.objects("charge"))[0]["payment_method_details"]["card"]["last4"] == "4444"


async def test_customer_changes_to_an_offered_price_only(sandbox, shop):
    subscription = await shop.subscribe()
    offer = {
        "enabled": True, "default_allowed_updates": ["price"], "proration_behavior": "always_invoice",
        "products": [{"product": shop.product, "prices": [shop.monthly, shop.dear]}],
    }  # fmt: skip
    configuration = await shop.stripe.v1.billing_portal.configurations.create_async(
        {"features": {"subscription_update": offer}}
    )
    portal = await _open(shop, subscription.customer, configuration=configuration.id)
    assert (await _act(sandbox, portal, action="switch", subscription=subscription.id, price=shop.yearly)).status == 402
    assert (await _act(sandbox, portal, action="cancel", subscription=subscription.id)).status == 402
    assert (await _act(sandbox, portal, action="switch", subscription=subscription.id, price=shop.dear)).status == 303
    changed = await shop.stripe.v1.subscriptions.retrieve_async(subscription.id, {"expand": ["latest_invoice"]})
    assert changed.items.data[0].price.id == shop.dear
    assert (changed.latest_invoice.billing_reason, changed.latest_invoice.status) == ("subscription_update", "paid")


async def test_session_shows_its_own_customer_only_and_ends_after_an_hour(sandbox, shop):
    mine, other = await shop.subscribe(), await shop.subscribe()
    portal = await _open(shop, mine.customer)
    assert (await _act(sandbox, portal, action="cancel", subscription=other.id)).status == 402
    await sandbox.skip(seconds=3601)
    assert (await sandbox.send("GET", _path(sandbox, portal))).status == 410
    assert (await _act(sandbox, portal, action="cancel", subscription=mine.id)).status == 410


async def test_flow_returns_where_it_was_told_to(sandbox, shop):
    subscription = await shop.subscribe()
    flow = {
        "type": "subscription_cancel", "subscription_cancel": {"subscription": subscription.id},
        "after_completion": {"type": "redirect", "redirect": {"return_url": "https://lumen.test/left"}},
    }  # fmt: skip
    portal = await _open(shop, subscription.customer, flow_data=flow)
    answer = await _act(sandbox, portal, action="cancel", subscription=subscription.id)
    assert answer.headers["Location"] == "https://lumen.test/left"


async def test_portal_must_have_been_set_up(sandbox, shop):
    await sandbox.control("PUT", f"{sandbox.place}/limits", {"portal_is_configured": False})
    customer = await shop.customer()
    with pytest.raises(stripe.InvalidRequestError, match="portal settings"):
        await _open(shop, customer.id)


async def test_invoices_are_listed_and_a_tax_id_is_left(sandbox, shop):
    subscription = await shop.subscribe()
    portal = await _open(shop, subscription.customer, locale="ru")
    page = await sandbox.send("GET", _path(sandbox, portal))
    invoice = await shop.stripe.v1.invoices.retrieve_async(subscription.latest_invoice)
    assert (invoice.hosted_invoice_url in page.body, "10,00\u00a0$" in page.body) == (True, True)
    wrong = await _act(sandbox, portal, action="update_customer", email="new@lumen.test", tax_id="nonsense")
    assert "Invalid value for eu_vat." in wrong.body
    await _act(sandbox, portal, action="update_customer", email="new@lumen.test", tax_id="DE123456789")
    await sandbox.skip(seconds=61)
    (tax_id,) = (await shop.stripe.v1.customers.tax_ids.list_async(subscription.customer)).data
    assert (tax_id.value, tax_id.verification.status) == ("DE123456789", "verified")


async def _open(shop, customer, **fields):
    asked = {"customer": customer, "return_url": "https://lumen.test/"} | fields
    return await shop.stripe.v1.billing_portal.sessions.create_async(asked)


def _path(sandbox, portal):
    return portal.url.removeprefix(sandbox.url)


async def _act(sandbox, portal, **form):
    return await sandbox.send("POST", _path(sandbox, portal), data=form)
