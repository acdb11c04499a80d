"""The life of a payment as the documentation describes it."""

import pytest

pytestmark = pytest.mark.asyncio
REQUIRED = {"id", "status", "amount", "created_at", "paid", "test", "refundable", "recipient"}


async def test_new_payment_is_pending_and_leads_to_the_payment_page(sandbox, shop):
    payment = await sandbox.create(shop)
    assert payment.keys() >= REQUIRED
    assert (payment["status"], payment["paid"], payment["refundable"], payment["test"]) == (
        "pending",
        False,
        False,
        True,
    )
    assert len(payment["id"]) == 36
    assert payment["recipient"] == {"account_id": shop["shop_id"], "gateway_id": payment["recipient"]["gateway_id"]}
    assert payment["confirmation"]["confirmation_url"] == f"{sandbox.url}/pay/{payment['id']}"
    assert payment["metadata"] == {"order_id": "42"}


async def test_paid_payment_succeeds_with_a_masked_card_and_the_income_after_the_fee(sandbox, shop):
    payment = await sandbox.create(shop)
    await sandbox.pay(payment["id"])
    paid = (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body
    assert (paid["status"], paid["paid"], paid["refundable"]) == ("succeeded", True, True)
    assert paid["payment_method"]["card"] | {"last4": "4477", "first6": "555555"} == paid["payment_method"]["card"]
    assert paid["income_amount"] == {"value": "482.50", "currency": "RUB"}
    assert paid["captured_at"].endswith("Z")
    assert "confirmation" not in paid


@pytest.mark.parametrize(
    ("card", "party", "reason"),
    [
        ("5555 5555 5555 4600", "payment_network", "insufficient_funds"),
        ("5555555555554543", "payment_network", "card_expired"),
        ("5555555555554592", "payment_network", "3d_secure_failed"),
        ("5555555555554584", "yoo_money", "country_forbidden"),
        ("4111111111111111", "payment_network", "invalid_card_number"),
    ],
)
async def test_refused_card_cancels_the_payment_and_says_who_and_why(sandbox, shop, card, party, reason):
    payment = await sandbox.create(shop)
    refused = await sandbox.pay(payment["id"], card)
    assert (refused["status"], refused["paid"]) == ("canceled", False)
    assert refused["cancellation_details"] == {"party": party, "reason": reason}


async def test_capture_is_off_by_default_so_the_money_is_only_held(sandbox, shop):
    payment = await sandbox.create(shop, capture=None)
    held = await sandbox.pay(payment["id"])
    assert (held["status"], held["paid"]) == ("waiting_for_capture", True)
    assert held["expires_at"] > held["created_at"]


async def test_part_of_the_held_money_can_be_captured(sandbox, shop):
    payment = await sandbox.create(shop, capture=False)
    await sandbox.pay(payment["id"])
    part = {"amount": {"value": "200.00", "currency": "RUB"}}
    captured = (await sandbox.api(shop, "POST", f"/payments/{payment['id']}/capture", part)).body
    assert (captured["status"], captured["amount"]["value"]) == ("succeeded", "200.00")


async def test_held_money_can_be_given_back_but_a_pending_payment_cannot_be_canceled(sandbox, shop):
    payment = await sandbox.create(shop, capture=False)
    path = f"/payments/{payment['id']}/cancel"
    assert (await sandbox.api(shop, "POST", path)).status == 400
    await sandbox.pay(payment["id"])
    canceled = await sandbox.api(shop, "POST", path)
    assert canceled.body["cancellation_details"] == {"party": "merchant", "reason": "canceled_by_merchant"}


async def test_more_than_the_held_sum_cannot_be_captured(sandbox, shop):
    payment = await sandbox.create(shop, capture=False)
    await sandbox.pay(payment["id"])
    order = {"amount": {"value": "500.01", "currency": "RUB"}}
    refused = await sandbox.api(shop, "POST", f"/payments/{payment['id']}/capture", order)
    assert (refused.status, refused.body["parameter"]) == (400, "amount")


async def test_unconfirmed_payment_is_canceled_after_an_hour(sandbox, shop):
    payment = await sandbox.create(shop)
    await sandbox.skip(seconds=3590)
    assert (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body["status"] == "pending"
    await sandbox.skip(seconds=20)
    expired = (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body
    assert expired["cancellation_details"] == {"party": "yoo_money", "reason": "expired_on_confirmation"}


async def test_held_money_goes_back_after_seven_days(sandbox, shop):
    payment = await sandbox.create(shop, capture=False)
    await sandbox.pay(payment["id"])
    await sandbox.skip(days=7, seconds=1)
    expired = (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body
    assert expired["cancellation_details"]["reason"] == "expired_on_capture"


async def test_payment_of_another_shop_is_not_found(sandbox, shop):
    payment = await sandbox.create(shop)
    other = await sandbox.open_shop()
    absent = await sandbox.api(other, "GET", "/payments/00000000-0000-0000-0000-000000000000")
    foreign = await sandbox.api(other, "GET", f"/payments/{payment['id']}")
    assert foreign.status == absent.status == 404
    assert foreign.body["code"] == "not_found"
    assert foreign.body | {"id": ""} == absent.body | {"id": ""}


async def test_list_is_newest_first_and_paged_by_cursor(sandbox, shop):
    created = [(await sandbox.create(shop))["id"] for _ in range(5)]
    await sandbox.create(await sandbox.open_shop())
    first = (await sandbox.api(shop, "GET", "/payments?limit=3")).body
    rest = (await sandbox.api(shop, "GET", f"/payments?limit=3&cursor={first['next_cursor']}")).body
    assert [payment["id"] for payment in first["items"] + rest["items"]] == created[::-1]
    assert "next_cursor" not in rest


async def test_list_is_filtered_by_status_time_and_method(sandbox, shop):
    old = await sandbox.create(shop)
    await sandbox.pay(old["id"])
    await sandbox.skip(seconds=60)
    new = await sandbox.create(shop)

    async def ids(query):
        return [payment["id"] for payment in (await sandbox.api(shop, "GET", f"/payments?{query}")).body["items"]]

    assert await ids("status=succeeded") == [old["id"]]
    assert await ids("payment_method=bank_card") == [old["id"]]
    assert await ids(f"created_at.gte={new['created_at']}") == [new["id"]]
    assert await ids(f"created_at.gt={new['created_at']}") == []
    assert await ids(f"created_at.lt={new['created_at']}") == [old["id"]]


@pytest.mark.parametrize(
    "query", ["limit=101", "limit=0", "status=paid", "cursor=nowhere", "page=2", "created_at.gte=x"]
)
async def test_list_refuses_values_out_of_range(sandbox, shop, query):
    answer = await sandbox.api(shop, "GET", f"/payments?{query}")
    assert (answer.status, answer.body["code"], answer.body["parameter"]) == (
        400,
        "invalid_request",
        query.split("=")[0],
    )


async def test_saved_card_is_charged_again_without_the_payer(sandbox, shop):
    first = await sandbox.create(shop, save_payment_method=True)
    method = (await sandbox.pay(first["id"]))["payment_method"]
    assert method["saved"] is True
    again = await sandbox.create(shop, confirmation=None, payment_method_id=method["id"])
    assert (again["status"], again["paid"]) == ("succeeded", True)
    await sandbox.control("PUT", f"/sandbox/payment-methods/{method['id']}", {"reason": "permission_revoked"})
    refused = await sandbox.create(shop, confirmation=None, payment_method_id=method["id"])
    assert refused["cancellation_details"]["reason"] == "permission_revoked"


async def test_saved_card_of_another_shop_cannot_be_charged(sandbox, shop):
    first = await sandbox.create(shop, save_payment_method=True)
    method = (await sandbox.pay(first["id"]))["payment_method"]
    other = await sandbox.open_shop()
    order = {"amount": first["amount"], "payment_method_id": method["id"], "capture": True}
    assert (await sandbox.api(other, "POST", "/payments", order)).status == 400


async def test_live_shop_may_not_save_cards_until_it_is_allowed_to(sandbox):
    shop = await sandbox.open_shop(test=False)
    assert shop["secret_key"].startswith("live_")
    order = {
        "amount": {"value": "1.00", "currency": "RUB"},
        "confirmation": {"type": "redirect", "return_url": "https://t.me/x"},
        "save_payment_method": True,
    }
    assert (await sandbox.api(shop, "POST", "/payments", order)).body["code"] == "forbidden"


@pytest.mark.parametrize("reason", ["insufficient_funds", "card_expired", "permission_revoked", "fraud_suspected"])
async def test_charge_of_a_saved_card_is_canceled_with_the_reason_that_was_set(sandbox, shop, reason):
    payment = await sandbox.create(shop, save_payment_method=True)
    method = (await sandbox.pay(payment["id"]))["payment_method"]
    await sandbox.control("PUT", f"/sandbox/payment-methods/{method['id']}", {"reason": reason})
    charge = await sandbox.create(shop, confirmation=None, payment_method_id=method["id"])
    assert (charge["status"], charge["paid"]) == ("canceled", False)
    assert charge["cancellation_details"]["reason"] == reason


async def test_shop_that_loses_recurring_payments_may_neither_save_nor_charge(sandbox, shop, order_of):
    payment = await sandbox.create(shop, save_payment_method=True)
    method = (await sandbox.pay(payment["id"]))["payment_method"]
    await sandbox.control("PUT", f"/sandbox/shops/{shop['shop_id']}/recurring", {"is_enabled": False})
    for order in ({"save_payment_method": True}, {"confirmation": None, "payment_method_id": method["id"]}):
        refused = await sandbox.api(shop, "POST", "/payments", order_of(**order))
        assert (refused.status, refused.body["code"]) == (403, "forbidden")


async def test_shop_that_forgets_methods_says_so_with_the_payment(sandbox):
    shop = await sandbox.open_shop(forgets_methods=True)
    payment = await sandbox.create(shop, save_payment_method=True)
    assert (await sandbox.pay(payment["id"]))["payment_method"]["saved"] is False
