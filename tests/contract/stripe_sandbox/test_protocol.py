"""Keys, versions, parameters, lists and errors: what every request has in common."""

import pytest
import stripe


async def test_wrong_missing_and_expired_keys_are_unauthorized(sandbox, shop):
    missing = await sandbox.send("GET", "/v1/customers")
    assert (missing.status, missing.body["error"]["type"]) == (401, "invalid_request_error")
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided: sk_test_"):
        await _ask(sandbox, "sk_test_nobody_knows_this_one")
    old = sandbox.key
    await sandbox.control("POST", f"{sandbox.place}/rotate-key")
    with pytest.raises(stripe.AuthenticationError) as expired:
        await _ask(sandbox, old)
    assert expired.value.json_body["error"]["code"] == "api_key_expired"


async def test_restricted_key_may_do_only_what_it_was_made_for(sandbox):
    permissions = {"permissions": {"customers": "read", "prices": "write"}}
    key = (await sandbox.control("POST", f"{sandbox.place}/restricted-keys", permissions)).body["key"]
    await _ask(sandbox, key)
    headers = {"Authorization": f"Bearer {key}"}
    refused = await sandbox.api("POST", "/customers", {"name": "Alice"}, headers=headers)
    assert refused.status == 403
    assert "'rak_customers_write' permission" in refused.body["error"]["message"]
    assert (await sandbox.api("GET", "/invoices", headers=headers)).status == 403
    assert (await sandbox.api("GET", "/prices", headers=headers)).status == 200


async def test_accounts_see_nothing_of_each_other(sandbox, shop):
    customer = await shop.customer()
    other = (await sandbox.control("POST", "/sandbox/accounts", {"name": "Other"})).body
    headers = {"Authorization": f"Bearer {other['secret_key']}"}
    hidden = await sandbox.api("GET", f"/customers/{customer.id}", headers=headers)
    assert (hidden.status, hidden.body["error"]["code"]) == (404, "resource_missing")
    assert (await sandbox.api("GET", "/customers", headers=headers)).body["data"] == []


async def test_only_the_played_version_is_answered_and_named_in_the_answer(sandbox):
    answer = await sandbox.api("GET", "/customers", headers={"Stripe-Version": stripe.api_version})
    assert answer.headers["Stripe-Version"] == stripe.api_version
    assert answer.headers["Request-Id"].startswith("req_")
    assert (await sandbox.api("GET", "/customers", headers={"Stripe-Version": "2020-08-27"})).status == 400


@pytest.mark.parametrize(
    ("path", "fields", "code", "param"),
    [
        ("/customers", {"surname": "A"}, "parameter_unknown", "surname"),
        ("/customers", {"address[planet]": "A"}, "parameter_unknown", "address[planet]"),
        ("/products", {}, "parameter_missing", "name"),
        ("/products", {"name": ""}, "parameter_invalid_empty", "name"),
        ("/customers", {"balance": "ten"}, "parameter_invalid_integer", "balance"),
        ("/customers", {"tax_exempt": "yes"}, None, "tax_exempt"),
        ("/customers", {"metadata": "x"}, None, "metadata"),
        ("/customers", {"preferred_locales": "ru"}, None, "preferred_locales"),
        ("/customers", {"email": "nobody"}, "email_invalid", "email"),
        ("/customers", {"metadata[k]": "v" * 501}, None, "metadata[k]"),
        ("/customers", {"source": "tok_visa"}, "sandbox_not_played", "source"),
        ("/subscriptions", {"customer": "cus_1", "items[0][price]": "price_1"}, "resource_missing", "customer"),
    ],
)
async def test_parameters_are_checked_one_by_one(sandbox, path, fields, code, param):
    answer = await sandbox.api("POST", path, fields)
    error = answer.body["error"]
    assert (answer.status, error["type"], error.get("code"), error["param"]) == (
        400,
        "invalid_request_error",
        code,
        param,
    )


async def test_metadata_is_merged_and_cleared_by_empty_values(sandbox, shop):
    customer = await shop.customer(metadata={"a": "1", "b": "2"})
    path = f"/customers/{customer.id}"
    changed = await sandbox.api("POST", path, {"metadata[a]": "", "metadata[c]": "3"})
    assert changed.body["metadata"] == {"b": "2", "c": "3"}
    assert (await sandbox.api("POST", path, {"metadata": ""})).body["metadata"] == {}


async def test_bodies_must_be_forms_and_addresses_must_exist(sandbox):
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    assert (await sandbox.send("POST", "/v1/customers", json={"name": "A"}, headers=headers)).status == 400
    unknown = await sandbox.api("GET", "/coupons")
    assert (unknown.status, unknown.body["error"]["message"][:24]) == (404, "Unrecognized request URL")
    assert (await sandbox.api("POST", "/events", {})).status == 404


async def test_pages_of_a_list_lead_through_all_objects_both_ways(sandbox, shop):
    made = [(await shop.customer(card=None, email=f"{index}@lumen.test")).id for index in range(5)]
    newest = made[::-1]
    listed = await shop.stripe.v1.customers.list_async({"limit": 2})
    assert [one.id async for one in listed.auto_paging_iter()] == newest
    middle = (await sandbox.api("GET", "/customers", {"limit": "2", "starting_after": newest[0]})).body
    assert ([one["id"] for one in middle["data"]], middle["has_more"]) == (newest[1:3], True)
    before = (await sandbox.api("GET", "/customers", {"limit": "2", "ending_before": newest[3]})).body
    assert ([one["id"] for one in before["data"]], before["has_more"]) == (newest[1:3], True)
    for wrong in (
        {"limit": "101"},
        {"limit": "0"},
        {"starting_after": "cus_none"},
        {"starting_after": "a", "ending_before": "b"},
    ):
        assert (await sandbox.api("GET", "/customers", wrong)).status == 400


async def test_lists_are_filtered_by_values_and_moments(sandbox, shop):
    await shop.customer(email="a@lumen.test")
    await sandbox.skip(days=2)
    late = await shop.customer(email="b@lumen.test")
    assert (await _ids(sandbox, "/customers", {"email": "b@lumen.test"})) == [late.id]
    assert (await _ids(sandbox, "/customers", {"created[gt]": str(late.created - 10)})) == [late.id]
    assert (await _ids(sandbox, "/prices", {"recurring[interval]": "year"})) == [shop.yearly]


async def test_expansion_goes_four_levels_deep_and_knows_its_properties(sandbox, shop):
    subscription = await shop.subscribe(expand=["customer", "latest_invoice.payments"])
    assert subscription.customer.email == "alice@lumen.test"
    assert subscription.latest_invoice.payments.data[0].status == "paid"
    path = f"/subscriptions/{subscription.id}"
    for wrong in ("items.data.price.product.default_price", "id", "customer.name"):
        refused = await sandbox.api("GET", path, {"expand[]": wrong})
        assert (refused.status, refused.body["error"]["param"]) == (400, "expand")


async def test_too_many_requests_a_second_are_refused(sandbox):
    await sandbox.control("PUT", f"{sandbox.place}/limits", {"requests_per_second": 3})
    statuses = [(await sandbox.api("GET", "/customers")).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    await sandbox.skip(seconds=1)
    assert (await sandbox.api("GET", "/customers")).status == 200


async def test_lookup_keys_belong_to_one_price_until_they_are_moved(sandbox, shop):
    new = {
        "currency": "usd",
        "product": shop.product,
        "unit_amount": "1500",
        "recurring[interval]": "month",
        "lookup_key": "pro",
    }
    first = (await sandbox.api("POST", "/prices", new)).body
    assert (await sandbox.api("POST", "/prices", new)).status == 400
    second = (await sandbox.api("POST", "/prices", new | {"transfer_lookup_key": "true"})).body
    assert (await _ids(sandbox, "/prices", {"lookup_keys[]": "pro"})) == [second["id"]]
    assert (await sandbox.api("GET", f"/prices/{first['id']}")).body["lookup_key"] is None


async def _ask(sandbox, key):
    client = sandbox.client(key)
    try:
        await client.v1.customers.list_async()
    finally:
        await client._requestor._client.close_async()


async def _ids(sandbox, path, fields):
    return [one["id"] for one in (await sandbox.api("GET", path, fields)).body["data"]]
