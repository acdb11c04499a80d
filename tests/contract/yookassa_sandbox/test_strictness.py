"""The stand-in refuses what the gateway refuses, and names the parameter to blame."""

import pytest

pytestmark = pytest.mark.asyncio
RUB = {"value": "500.00", "currency": "RUB"}
ITEM = {"description": "Access", "quantity": 1, "amount": RUB, "vat_code": 12}


def receipt(**changes):
    return {"customer": {"email": "a@example.org"}, "items": [ITEM], "tax_system_code": 1} | changes


WRONG = [
    ("amount", None, "amount"),
    ("amount", {"value": 500, "currency": "RUB"}, "amount.value"),
    ("amount", {"value": "500", "currency": "RUB"}, "amount.value"),
    ("amount", {"value": "500.0", "currency": "RUB"}, "amount.value"),
    ("amount", {"value": "0.00", "currency": "RUB"}, "amount.value"),
    ("amount", {"value": "-1.00", "currency": "RUB"}, "amount.value"),
    ("amount", {"value": "500.00", "currency": "rub"}, "amount.currency"),
    ("amount", {"value": "500.00"}, "amount.currency"),
    ("amount", RUB | {"precision": 2}, "amount.precision"),
    ("capture", "true", "capture"),
    ("confirmation", None, "confirmation"),
    ("confirmation", {"type": "redirect"}, "confirmation.return_url"),
    ("confirmation", {"type": "redirect", "return_url": "not an address"}, "confirmation.return_url"),
    ("confirmation", {"type": "popup"}, "confirmation.type"),
    ("description", "x" * 129, "description"),
    ("metadata", {str(number): "x" for number in range(17)}, "metadata"),
    ("metadata", {"k" * 33: "x"}, "metadata"),
    ("metadata", {"k": "x" * 513}, "metadata.k"),
    ("metadata", {"k": 1}, "metadata.k"),
    ("order_id", "42", "order_id"),
    ("payment_method_data", {"type": "bitcoin"}, "payment_method_data.type"),
    ("payment_method_data", {"type": "sbp"}, "payment_method_data.type"),
    ("payment_method_id", "unknown", "payment_method_id"),
    ("receipt", receipt(customer={}), "receipt.customer"),
    ("receipt", receipt(customer={"email": "nobody"}), "receipt.customer.email"),
    ("receipt", receipt(items=[]), "receipt.items"),
    ("receipt", receipt(items=[ITEM] * 101), "receipt.items"),
    ("receipt", receipt(items=[ITEM | {"quantity": 2}]), "receipt.items"),
    ("receipt", receipt(items=[ITEM | {"vat_code": 13}]), "receipt.items[0].vat_code"),
    ("receipt", receipt(items=[ITEM | {"payment_mode": "later"}]), "receipt.items[0].payment_mode"),
    ("receipt", receipt(tax_system_code=7), "receipt.tax_system_code"),
]


@pytest.mark.parametrize(("name", "value", "parameter"), WRONG)
async def test_wrong_field_is_refused_by_name(sandbox, shop, order_of, name, value, parameter):
    refused = await sandbox.api(shop, "POST", "/payments", order_of(**{name: value}))
    assert (refused.status, refused.body["type"], refused.body["code"]) == (400, "error", "invalid_request")
    assert refused.body["parameter"] == parameter
    assert refused.body["id"]
    assert refused.body["description"]


async def test_limits_themselves_are_accepted(sandbox, shop):
    metadata = {"k" * 31 + format(number, "x"): "v" * 512 for number in range(16)}
    payment = await sandbox.create(shop, metadata=metadata, description="я" * 128, receipt=receipt())
    assert payment["metadata"] == metadata


async def test_what_the_official_client_adds_to_each_request_is_accepted(sandbox, shop):
    assert (await sandbox.create(shop, transfers=[], statements=[]))["status"] == "pending"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [("{", "application/json"), ("[]", "application/json"), ("null", "application/json"), ("{}", "text/plain")],
)
async def test_body_must_be_a_json_object(sandbox, shop, raw_post, data, content_type):
    status, body = await raw_post(shop, data, content_type)
    assert (status, body["code"]) == (400, "invalid_request")


async def test_wrong_key_and_unknown_shop_get_the_same_refusal(sandbox, shop):
    wrong = await sandbox.api(shop | {"secret_key": "test_wrong"}, "GET", "/me")
    unknown = await sandbox.api({"shop_id": "1", "secret_key": "x"}, "GET", "/me")
    assert wrong.status == unknown.status == 401
    assert wrong.body["code"] == "invalid_credentials"
    assert wrong.body | {"id": ""} == unknown.body | {"id": ""}


async def test_rotated_key_replaces_the_old_one_at_once(sandbox, shop):
    fresh = (await sandbox.control("POST", f"/sandbox/shops/{shop['shop_id']}/rotate-key")).body
    assert (await sandbox.api(shop, "GET", "/me")).status == 401
    me = await sandbox.api(fresh, "GET", "/me")
    assert me.body | {"account_id": shop["shop_id"], "test": True, "status": "enabled"} == me.body


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_webhooks_cannot_be_managed_with_a_secret_key(sandbox, shop, method):
    refused = await sandbox.api(shop, method, "/webhooks", {"event": "payment.succeeded", "url": "https://a.b/"})
    assert (refused.status, refused.body["code"]) == (403, "forbidden")


async def test_shop_with_a_cash_register_must_send_receipts(sandbox, order_of):
    shop = await sandbox.open_shop(fiscalization=True)
    refused = await sandbox.api(shop, "POST", "/payments", order_of())
    assert (refused.status, refused.body["parameter"]) == (400, "receipt")
    payment = await sandbox.create(shop, receipt=receipt())
    assert (await sandbox.pay(payment["id"]))["receipt_registration"] == "succeeded"
    kept = (await sandbox.api(shop, "GET", f"/receipts?payment_id={payment['id']}")).body["items"]
    assert kept[0].keys() >= {"id", "type", "status", "items"}


async def test_log_tells_which_shop_authenticated_each_request(sandbox, shop):
    await sandbox.create(shop, key="key-1")
    await sandbox.api(shop | {"secret_key": "stolen"}, "GET", "/me")
    log = (await sandbox.control("GET", "/sandbox/requests")).body["requests"]
    assert [
        (entry["method"], entry["path"], entry["idempotence_key"], entry["authenticated_shop_id"]) for entry in log
    ] == [
        ("POST", "/v3/payments", "key-1", shop["shop_id"]),
        ("GET", "/v3/me", None, None),
    ]


async def test_a_shop_with_a_secret_key_is_not_told_about_itself_unless_it_was_let(sandbox):
    shop = await sandbox.open_shop(answers_me=False)
    answer = await sandbox.api(shop, "GET", "/me")
    assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert (await sandbox.api(shop, "GET", "/payments?limit=1")).status == 200
    assert (await sandbox.api(shop | {"secret_key": "test_wrong"}, "GET", "/me")).status == 401
