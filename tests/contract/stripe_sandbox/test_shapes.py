"""Every answer has the fields and types that the official library declares; the parameters are the official ones."""

import json
from pathlib import Path

import stripe

from sandbox.stripe.api import operations
from tests.contract.stripe_sandbox import official
from tests.contract.stripe_sandbox.shapes import problems_of

SPEC = Path(__file__).parents[3] / "platform" / "sandbox" / "stripe" / "spec" / "stripe-api.parameters.json"


def test_parameters_are_those_of_the_official_library():
    kept = json.loads(SPEC.read_text(encoding="utf-8"))
    assert kept == {"x-api-version": stripe.api_version, "operations": official.parameters()}


def test_every_operation_acts_only_on_parameters_that_exist():
    spec = json.loads(SPEC.read_text(encoding="utf-8"))["operations"]
    for operation in operations():
        node = spec.get(operation.name, {"object": {"expand": {}}})
        assert {name.partition(".")[0] for name in operation.played} <= node["object"].keys(), operation.name


async def test_objects_of_a_whole_business_have_the_official_shapes(sandbox, shop):
    session = await shop.session(customer_email="alice@lumen.test")
    await sandbox.complete(session.id)
    bob = await shop.customer(email="bob@lumen.test", tax_id_data=[{"type": "eu_vat", "value": "DE123456789"}])
    subscription = await shop.subscribe(customer=bob.id, trial_period_days=7)
    await shop.stripe.v1.billing_portal.sessions.create_async({"customer": bob.id, "return_url": "https://lumen.test/"})
    await sandbox.skip(days=8)
    item = subscription.items.data[0].id
    await shop.stripe.v1.subscriptions.update_async(subscription.id, {"items": [{"id": item, "price": shop.dear}]})
    await shop.stripe.v1.subscriptions.update_async(
        subscription.id, {"items": [{"id": item, "price": shop.monthly}], "proration_behavior": "always_invoice"}
    )
    charge = (await sandbox.objects("charge"))[0]
    await shop.stripe.v1.refunds.create_async({"charge": charge["id"], "amount": 100})
    eve = await shop.subscribe(card="pm_card_chargeCustomerFail")
    await shop.stripe.v1.subscriptions.cancel_async(eve.id)
    await shop.stripe.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": True})
    await sandbox.skip(days=40)
    await sandbox.api("POST", "/webhook_endpoints", {"url": "http://127.0.0.1:9/", "enabled_events[]": "invoice.paid"})
    kinds = {event["data"]["object"]["object"] for event in await sandbox.objects("event")}
    for kind in kinds | {"event", "setup_intent", "webhook_endpoint", "checkout.session", "tax_id"}:
        for body in await sandbox.objects(kind):
            assert problems_of(body) == [], kind


async def test_expanded_objects_lists_and_previews_have_the_official_shapes(sandbox, shop):
    subscription = await shop.subscribe()
    session = await shop.session()
    asked = {
        f"/subscriptions/{subscription.id}": ["customer.tax_ids", "latest_invoice.payments"],
        f"/customers/{subscription.customer}": ["subscriptions", "invoice_settings.default_payment_method"],
        "/invoices": ["data.customer", "data.parent.subscription_details.subscription"],
        f"/checkout/sessions/{session.id}": ["line_items"],
        f"/checkout/sessions/{session.id}/line_items": [],
        "/invoice_payments": ["data.payment.payment_intent.latest_charge"],
        "/events": [],
        "/account": [],
        f"/invoices/{subscription.latest_invoice}/lines": ["data.pricing.price_details.price"],
        f"/subscription_items/{subscription.items.data[0].id}": ["price.product"],
    }  # fmt: skip
    for path, expand in asked.items():
        answer = await sandbox.api("GET", path, {f"expand[{index}]": name for index, name in enumerate(expand)})
        assert answer.status == 200, answer.body
        assert problems_of(answer.body) == [], path
    preview = await sandbox.api("POST", "/invoices/create_preview", {"subscription": subscription.id})
    assert problems_of(preview.body) == []
