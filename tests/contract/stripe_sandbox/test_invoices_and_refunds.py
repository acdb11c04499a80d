"""Invoices that are paid, voided or written off by hand, payment methods, and money that goes back."""

import pytest
import stripe


async def test_open_invoice_is_paid_once(sandbox, shop):
    subscription = await shop.subscribe(card=None, payment_behavior="default_incomplete")
    invoice = subscription.latest_invoice
    with pytest.raises(stripe.InvalidRequestError, match="no `default_payment_method`"):
        await shop.stripe.v1.invoices.pay_async(invoice)
    method = await _attach(shop, "pm_card_chargeCustomerFail", subscription.customer)
    with pytest.raises(stripe.CardError):
        await shop.stripe.v1.invoices.pay_async(invoice, {"payment_method": method})
    method = await _attach(shop, "pm_card_visa", subscription.customer)
    paid = await shop.stripe.v1.invoices.pay_async(invoice, {"payment_method": method})
    assert (paid.status, (await sandbox.objects("subscription"))[0]["status"]) == ("paid", "active")
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        await shop.stripe.v1.invoices.pay_async(invoice)


async def test_void_and_uncollectible_are_for_open_invoices(shop):
    subscription = await shop.subscribe(card=None, payment_behavior="default_incomplete")
    written_off = await shop.stripe.v1.invoices.mark_uncollectible_async(subscription.latest_invoice)
    assert (written_off.status, written_off.status_details.uncollectible.reason) == ("uncollectible", "user_forgiven")
    assert (await shop.stripe.v1.invoices.void_invoice_async(subscription.latest_invoice)).status == "void"
    for work in (shop.stripe.v1.invoices.void_invoice_async, shop.stripe.v1.invoices.mark_uncollectible_async):
        with pytest.raises(stripe.InvalidRequestError):
            await work(subscription.latest_invoice)
    intent = (await shop.stripe.v1.payment_intents.list_async({"customer": subscription.customer})).data[0]
    assert (intent.status, intent.cancellation_reason) == ("canceled", "void_invoice")


async def test_draft_of_a_renewal_can_be_finalized_early_and_then_no_longer_changed(sandbox, shop):
    subscription = await shop.subscribe()
    await sandbox.skip(seconds=subscription.items.data[0].current_period_end - subscription.created + 60)
    draft = (await sandbox.objects("invoice", status="draft"))[0]["id"]
    await shop.stripe.v1.invoices.update_async(draft, {"description": "March"})
    final = await shop.stripe.v1.invoices.finalize_invoice_async(draft)
    assert (final.status, final.description, final.number[-5:]) == ("open", "March", "-0002")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await shop.stripe.v1.invoices.update_async(draft, {"description": "April"})
    assert refused.value.code == "invoice_not_editable"


async def test_charge_is_refunded_in_parts_until_nothing_is_left(sandbox, shop):
    await shop.subscribe()
    charge = (await sandbox.objects("charge"))[0]
    part = await shop.stripe.v1.refunds.create_async({"charge": charge["id"], "amount": 300})
    assert (part.status, part.amount) == ("succeeded", 300)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        await shop.stripe.v1.refunds.create_async({"charge": charge["id"], "amount": 701})
    rest = await shop.stripe.v1.refunds.create_async({"payment_intent": charge["payment_intent"]})
    assert rest.amount == 700
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await shop.stripe.v1.refunds.create_async({"charge": charge["id"]})
    assert refused.value.code == "charge_already_refunded"
    seen = await shop.stripe.v1.charges.retrieve_async(charge["id"])
    assert (seen.refunded, seen.amount_refunded) == (True, 1000)
    assert (await sandbox.events()).count("charge.refunded") == 2


async def test_bank_can_send_a_refund_back(sandbox, shop):
    await shop.subscribe()
    charge = (await sandbox.objects("charge"))[0]["id"]
    refund = await shop.stripe.v1.refunds.create_async({"charge": charge})
    await sandbox.control("POST", f"{sandbox.place}/refunds/{refund.id}/fail")
    assert (await shop.stripe.v1.refunds.retrieve_async(refund.id)).status == "failed"
    assert (await shop.stripe.v1.charges.retrieve_async(charge)).amount_refunded == 0
    assert "refund.failed" in await sandbox.events()


async def test_payment_method_belongs_to_one_customer_and_is_spent_when_it_leaves(shop):
    alice, bob = await shop.customer(card=None), await shop.customer(card=None)
    card = await shop.stripe.v1.payment_methods.create_async({"type": "card", "card": {"token": "tok_visa"}})
    await _attach(shop, card.id, alice.id)
    for customer in (bob.id, alice.id):
        if customer == alice.id:
            await shop.stripe.v1.payment_methods.detach_async(card.id)
        with pytest.raises(stripe.InvalidRequestError):
            await _attach(shop, card.id, bob.id)
    with pytest.raises(stripe.CardError):
        await _attach(shop, "pm_card_chargeDeclined", alice.id)
    assert (await shop.stripe.v1.customers.payment_methods.list_async(alice.id)).data == []


async def _attach(shop, method, customer):
    return (await shop.stripe.v1.payment_methods.attach_async(method, {"customer": customer})).id
