"""The control API of the sandbox: accounts, payers, faults, logs and time. It is open to whoever can reach it."""

from typing import Any

import orjson
from aiohttp import web

from sandbox.fault_book import FaultError
from sandbox.stripe import checkout, portal
from sandbox.stripe.cards import BY_NUMBER
from sandbox.stripe.charges import fail_refund
from sandbox.stripe.endpoints import create_endpoint
from sandbox.stripe.errors import invalid
from sandbox.stripe.http import GATEWAY, json_answer
from sandbox.stripe.payment_methods import set_card
from sandbox.stripe.store import Account, BillingSettings, Body, new_id

_OUTCOMES = {"cancel", "unpaid", "past_due"}


def add_control_routes(app: web.Application) -> None:
    """Add everything under /sandbox except what has to do with webhooks."""
    one = "/sandbox/accounts/{account_id}"
    app.add_routes(
        [
            web.get("/sandbox/health", show_health),
            web.get("/sandbox/clock", show_clock),
            web.post("/sandbox/clock", advance_clock),
            web.post("/sandbox/reset", reset),
            web.post("/sandbox/accounts", open_account),
            web.get("/sandbox/accounts", list_accounts),
            web.delete(one, close_account),
            web.put(one + "/billing", set_billing),
            web.put(one + "/limits", set_limits),
            web.post(one + "/restricted-keys", add_restricted_key),
            web.post(one + "/rotate-key", rotate_key),
            web.get(one + "/objects/{kind}", list_objects),
            web.post("/sandbox/checkout/{session_id}/complete", complete_session),
            web.post(one + "/customers/{customer_id}/card", change_card),
            web.put(one + "/payment-methods/{method_id}/card", set_next_outcome),
            web.post(one + "/refunds/{refund_id}/fail", refuse_refund),
            web.get("/sandbox/cards", list_cards),
            web.get("/sandbox/requests", list_requests),
            web.get("/sandbox/faults", list_faults),
            web.post("/sandbox/faults", add_fault),
            web.delete("/sandbox/faults", remove_faults),
            web.delete("/sandbox/faults/{fault_id}", remove_faults),
        ]
    )


async def show_health(request: web.Request) -> web.Response:
    """Answer that the server is up."""
    return json_answer({"status": "ok", "accounts": len(request.app[GATEWAY].store.accounts)})


async def show_clock(request: web.Request) -> web.Response:
    """Answer with the moment that holds in the sandbox, in Unix seconds."""
    return json_answer({"now": request.app[GATEWAY].clock.unix()})


async def advance_clock(request: web.Request) -> web.Response:
    """Skip time; everything that has come due is done before the answer, in order of time."""
    gateway, asked = request.app[GATEWAY], await read_fields(request)
    seconds = asked.get("advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise invalid("advance_seconds must be a number of seconds, not below zero", param="advance_seconds")
    gateway.clock.advance(seconds)
    return json_answer({"done": gateway.run_due(), "now": gateway.clock.unix()})


async def reset(request: web.Request) -> web.Response:
    """Forget everything but the time."""
    request.app[GATEWAY].reset()
    return json_answer({"status": "ok"})


async def open_account(request: web.Request) -> web.Response:
    """Open an account and answer with its id and secret key; `webhook_url` makes its first endpoint for all events."""
    gateway, asked = request.app[GATEWAY], await read_fields(request)
    unknown = sorted(asked.keys() - {"name", "country", "currency", "secret_key", "webhook_url", "webhook_secret"})
    if unknown or not asked.get("name"):
        raise invalid(f"An account has a name; unknown: {', '.join(unknown) or 'nothing'}", param="name")
    account = gateway.store.open_account(
        asked["name"], country=asked.get("country", "US"), currency=asked.get("currency", "usd"),
        secret_key=asked.get("secret_key", ""),
    )  # fmt: skip
    answer = account.body()
    if asked.get("webhook_url"):
        order = {"url": asked["webhook_url"], "enabled_events": ["*"]}
        answer["webhook_endpoint"] = create_endpoint(gateway, account, order, secret=asked.get("webhook_secret", ""))
    return json_answer(answer, 201)


async def list_accounts(request: web.Request) -> web.Response:
    """Answer with all accounts and their keys."""
    return json_answer({"accounts": [account.body() for account in request.app[GATEWAY].store.accounts.values()]})


async def close_account(request: web.Request) -> web.Response:
    """Forget the account with all that is in it. Safe to repeat."""
    store = request.app[GATEWAY].store
    account = store.accounts.pop(request.match_info["account_id"], None)
    if account is not None:
        account.objects.clear()
        for token in [name for name, (owner, _) in store.pages.items() if owner is account]:
            del store.pages[token]
    return web.Response(status=204)


async def set_billing(request: web.Request) -> web.Response:
    """Set what happens to unpaid invoices, as the dashboard does."""
    account, asked = find_account(request), await read_fields(request)
    settings = account.billing
    days = asked.get("retry_days", list(settings.retry_days))
    after, invoice_after = (
        asked.get("after_retries", settings.after_retries),
        asked.get("invoice_after_retries", settings.invoice_after_retries),
    )
    if (
        not isinstance(days, list)
        or any(not isinstance(day, int) or day < 1 for day in days)
        or after not in _OUTCOMES
        or invoice_after not in {"leave", "uncollectible"}
    ):
        raise invalid("retry_days are whole days; the outcomes have names of their own", param="retry_days")
    account.billing = BillingSettings(
        tuple(days), after, invoice_after, int(asked.get("draft_seconds", settings.draft_seconds))
    )
    return json_answer(account.body())


async def set_limits(request: web.Request) -> web.Response:
    """Set how many requests a second are served, and whether the portal's settings were ever saved."""
    account, asked = find_account(request), await read_fields(request)
    account.requests_per_second = int(asked.get("requests_per_second", account.requests_per_second))
    account.portal_is_configured = bool(asked.get("portal_is_configured", account.portal_is_configured))
    return json_answer(account.body())


async def add_restricted_key(request: web.Request) -> web.Response:
    """Make a key that may do only what `permissions` (resource to read or write) say."""
    account, permissions = find_account(request), (await read_fields(request)).get("permissions", {})
    if not isinstance(permissions, dict) or not set(permissions.values()) <= {"none", "read", "write"}:
        raise invalid("permissions are none, read or write", param="permissions")
    key = new_id("rk_test_", 99)
    account.restricted_keys[key] = permissions
    return json_answer({"key": key, "permissions": permissions}, 201)


async def rotate_key(request: web.Request) -> web.Response:
    """Give the account a new secret key; the old one has expired."""
    account = find_account(request)
    account.expired_keys.add(account.secret_key)
    account.secret_key = new_id("sk_test_", 99)
    return json_answer(account.body())


async def list_objects(request: web.Request) -> web.Response:
    """Answer with all objects of a kind, newest first; fields filter (`status=open`)."""
    account, kind = find_account(request), request.match_info["kind"]
    found = [body for body in account.newest_first(kind) if _agrees(body, request)]
    return json_answer({"objects": found})


async def complete_session(request: web.Request) -> web.Response:
    """Have the customer fill in the Checkout page: `number`, `email`, `name`, `tax_id`."""
    gateway, asked = request.app[GATEWAY], await read_fields(request)
    known = gateway.store.pages.get(request.match_info["session_id"])
    if known is None:
        raise invalid("There is no such session", param="session_id")
    account, session_id = known
    form = {"number": "4242424242424242"} | {name: str(value) for name, value in asked.items()}
    return json_answer(checkout.complete(gateway, account, account.get("checkout.session", session_id), form))


async def change_card(request: web.Request) -> web.Response:
    """Have the customer change the card in the portal: `number`."""
    gateway, account, asked = request.app[GATEWAY], find_account(request), await read_fields(request)
    number = str(asked.get("number", "4242424242424242"))
    return json_answer(portal.change_card(gateway, account, request.match_info["customer_id"], number))


async def set_next_outcome(request: web.Request) -> web.Response:
    """Let further charges of a saved card end as those of the test card `number`."""
    number = str((await read_fields(request)).get("number"))
    if number not in BY_NUMBER:
        raise invalid("This is no test card", param="number")
    account = find_account(request)
    account.get("payment_method", request.match_info["method_id"])
    return json_answer(set_card(account, request.match_info["method_id"], number))


async def refuse_refund(request: web.Request) -> web.Response:
    """Have the customer's bank send a refund back."""
    account = find_account(request)
    refund = account.get("refund", request.match_info["refund_id"])
    return json_answer(fail_refund(request.app[GATEWAY], account, refund))


async def list_cards(request: web.Request) -> web.Response:
    """Answer with the test cards and what they lead to."""
    del request
    return json_answer({"cards": [{"number": card.number, "title": card.title} for card in BY_NUMBER.values()]})


async def list_requests(request: web.Request) -> web.Response:
    """Answer with the last requests to the API; `method`, `path`, `account_id` and other fields filter."""
    return json_answer({"requests": [entry for entry in request.app[GATEWAY].requests if _agrees(entry, request)]})


async def list_faults(request: web.Request) -> web.Response:
    """Answer with the faults that are switched on."""
    return json_answer({"faults": [fault.body() for fault in request.app[GATEWAY].faults.faults.values()]})


async def add_fault(request: web.Request) -> web.Response:
    """Switch a fault on."""
    asked = await read_fields(request)
    try:
        fault = request.app[GATEWAY].faults.add(
            match=asked.get("match") or {}, effect=asked.get("effect") or {}, seed=asked.get("seed")
        )
    except FaultError as error:
        raise invalid(str(error), param="effect") from error
    return json_answer(fault.body(), 201)


async def remove_faults(request: web.Request) -> web.Response:
    """Switch one fault off, or all."""
    fault_id = request.match_info.get("fault_id")
    request.app[GATEWAY].faults.remove(int(fault_id) if fault_id else None)
    return web.Response(status=204)


async def read_fields(request: web.Request) -> dict[str, Any]:
    """Return the fields of a body; an empty one has none."""
    raw = await request.read()
    try:
        fields = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        raise invalid("The body is not valid JSON") from None
    if not isinstance(fields, dict):
        raise invalid("The body must be an object")
    return fields


def find_account(request: web.Request) -> Account:
    """Return the account that the path names."""
    account = request.app[GATEWAY].store.accounts.get(request.match_info["account_id"])
    if account is None:
        raise invalid("There is no such account", param="account_id")
    return account


def _agrees(entry: Body, request: web.Request) -> bool:
    return all(str(entry.get(name)) == value for name, value in request.query.items())
