"""Checkout: a hosted page on which people subscribe, are declined, or give up."""

import pytest
import stripe

from tests.contract.stripe_sandbox.actors import ASKS, DECLINED, VISA


async def test_paid_session_leaves_a_customer_an_active_subscription_and_a_paid_invoice(sandbox, shop, listener):
    session = await shop.session(client_reference_id="tenant-1", subscription_data={"metadata": {"tenant": "1"}})
    assert session.url == f"{sandbox.url}/c/pay/{session.id}"
    answer = await _submit(sandbox, session, email="alice@lumen.test", typed="4242 4242 4242 4242")
    assert (answer.status, answer.headers["Location"]) == (303, f"https://lumen.test/done?session_id={session.id}")
    done = await shop.stripe.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["subscription", "invoice"]})
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert (done.customer_details.email, done.client_reference_id) == ("alice@lumen.test", "tenant-1")
    assert (done.subscription.status, done.subscription.metadata.to_dict()) == ("active", {"tenant": "1"})
    assert done.invoice.parent.subscription_details.subscription == done.subscription.id
    assert (done.invoice.status, done.invoice.amount_paid) == ("paid", 1000)
    event = await listener.wait_for_type("checkout.session.completed")
    assert event.data.object.subscription == done.subscription.id


async def test_declined_card_keeps_the_page_open_for_another_one(sandbox, shop):
    session = await shop.session(customer_email="alice@lumen.test")
    declined = await _submit(sandbox, session, number=DECLINED)
    assert (declined.status, "Your card was declined." in declined.body) == (402, True)
    assert await sandbox.objects("subscription") == []
    assert (await _submit(sandbox, session, number=VISA)).status == 303
    assert "You are subscribed" in (await _submit(sandbox, session, number=VISA)).body
    assert len(await sandbox.objects("subscription")) == 1


async def test_abandoned_session_expires_after_a_day_and_cannot_be_paid(sandbox, shop):
    session = await shop.session(customer_email="alice@lumen.test")
    page = await sandbox.send("GET", f"/c/pay/{session.id}")
    assert 'href="https://lumen.test/back"' in page.body
    await sandbox.skip(hours=24)
    assert "checkout.session.expired" in await sandbox.events()
    await _submit(sandbox, session, number=VISA)
    left = await shop.stripe.v1.checkout.sessions.retrieve_async(session.id)
    assert (left.status, left.url, await sandbox.objects("subscription")) == ("expired", None, [])


async def test_session_can_be_closed_by_the_shop_once(shop):
    session = await shop.session()
    assert (await shop.stripe.v1.checkout.sessions.expire_async(session.id)).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        await shop.stripe.v1.checkout.sessions.expire_async(session.id)


async def test_trial_needs_no_payment_and_without_a_card_only_where_that_is_allowed(sandbox, shop):
    trial = {"trial_period_days": 14, "trial_settings": {"end_behavior": {"missing_payment_method": "cancel"}}}
    session = await shop.session(
        customer_email="a@lumen.test", subscription_data=trial, payment_method_collection="if_required"
    )
    assert (await _submit(sandbox, session, number="")).status == 303
    done = await shop.stripe.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["subscription"]})
    assert (done.payment_status, done.amount_total, done.subscription.status) == ("no_payment_required", 0, "trialing")
    await sandbox.skip(days=15)
    assert (await shop.stripe.v1.subscriptions.retrieve_async(done.subscription.id)).status == "canceled"
    strict = await shop.session(customer_email="a@lumen.test", subscription_data=trial)
    assert (await _submit(sandbox, strict, number="")).status == 402


async def test_card_that_asks_is_confirmed_or_refused_on_a_second_page(sandbox, shop):
    session = await shop.session(customer_email="alice@lumen.test")
    asked = await _submit(sandbox, session, number=ASKS)
    assert (asked.status, "3-D Secure" in asked.body) == (200, True)
    assert (await _submit(sandbox, session, number=ASKS, authentication="fail")).status == 402
    assert (await _submit(sandbox, session, number=ASKS, authentication="ok")).status == 303
    assert (await sandbox.objects("subscription"))[0]["status"] == "active"


async def test_known_customer_keeps_being_one_and_leaves_a_tax_id(sandbox, shop):
    customer = await shop.customer(card=None)
    session = await shop.session(
        customer=customer.id, tax_id_collection={"enabled": True}, customer_update={"name": "auto"}, locale="ru"
    )
    page = (await sandbox.send("GET", f"/c/pay/{session.id}")).body
    assert ('lang="ru"' in page, 'value="alice@lumen.test" readonly' in page) == (True, True)
    await _submit(sandbox, session, number=VISA, tax_id="DE123456789")
    done = await shop.stripe.v1.checkout.sessions.retrieve_async(session.id)
    assert (done.customer, done.customer_details.tax_ids[0].value) == (customer.id, "DE123456789")
    assert len(await sandbox.objects("customer")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "payment"}, {"line_items": []}, {"success_url": "lumen.test"}, {"expires_at": 1},
        {"line_items": [{"price": "price_none", "quantity": 1}]}, {"allow_promotion_codes": True},
        {"customer_email": "a@b.c", "customer": "cus_none"}, {"payment_method_types": ["card"]},
    ],
)  # fmt: skip
async def test_session_that_makes_no_sense_is_refused(shop, change):
    with pytest.raises(stripe.InvalidRequestError):
        await shop.session(**change)


async def test_names_that_others_have_typed_never_become_markup(sandbox, shop):
    await shop.stripe.v1.products.update_async(shop.product, {"name": "<b>Pro</b>"})
    customer = await shop.customer(name='"><script>alert(1)</script>')
    session = await shop.session(customer=customer.id)
    page = (await sandbox.send("GET", f"/c/pay/{session.id}")).body
    assert [part for part in ("<script>", "<b>Pro") if part in page] == []
    assert "&lt;b&gt;Pro" in page


async def test_addresses_that_lead_nowhere_say_so(sandbox):
    for path in ("/c/pay/cs_none", "/p/session/none", "/i/none", "/i/none/pdf"):
        assert (await sandbox.send("GET", path)).status == 404


async def _submit(sandbox, session, **form):
    return await sandbox.send("POST", f"/c/pay/{session.id}", data=form)
