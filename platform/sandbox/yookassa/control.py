"""The control API of the sandbox: shops, payers, faults, logs and time. It is open to whoever can reach it."""

from typing import Any

import orjson
from aiohttp import web

from sandbox.fault_book import FaultError
from sandbox.yookassa.cards import DECLINES, GENERAL_DECLINE, SUCCESS_CARD, Decline
from sandbox.yookassa.errors import invalid, not_found
from sandbox.yookassa.fields import boolean, integer, shape, text
from sandbox.yookassa.http import GATEWAY, json_answer
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.notifications import is_notification_url
from sandbox.yookassa.payments import decline_payment, expire_payments, pay
from sandbox.yookassa.store import Entry, Shop

_NEW_SHOP = shape(
    {
        "name": text(shortest=1, longest=200),
        "test": boolean,
        "recurring_enabled": boolean,
        "fiscalization": boolean,
        "answers_me": boolean,
        "forgets_methods": boolean,
        "receipts_need_email": boolean,
    },
    required=frozenset({"name"}),
)
_COPIES = integer(1, 1000)


def add_control_routes(app: web.Application) -> None:
    """Add everything under /sandbox."""
    app.add_routes(
        [
            web.get("/sandbox/health", show_health),
            web.get("/sandbox/clock", show_clock),
            web.post("/sandbox/clock", advance_clock),
            web.post("/sandbox/reset", reset),
            web.post("/sandbox/shops", open_shop),
            web.get("/sandbox/shops", list_shops),
            web.delete("/sandbox/shops/{shop_id}", close_shop),
            web.put("/sandbox/shops/{shop_id}/notification-url", set_notification_url),
            web.put("/sandbox/shops/{shop_id}/recurring", set_recurring),
            web.post("/sandbox/shops/{shop_id}/rotate-key", rotate_key),
            web.get("/sandbox/payments", list_payments),
            web.post("/sandbox/payments/{payment_id}/pay", pay_payment),
            web.post("/sandbox/payments/{payment_id}/notify", notify),
            web.put("/sandbox/payment-methods/{payment_method_id}", set_next_outcome),
            web.get("/sandbox/cards", list_cards),
            web.get("/sandbox/notifications", list_notifications),
            web.get("/sandbox/requests", list_requests),
            web.get("/sandbox/faults", list_faults),
            web.post("/sandbox/faults", add_fault),
            web.delete("/sandbox/faults", remove_faults),
            web.delete("/sandbox/faults/{fault_id}", remove_faults),
        ]
    )


async def show_health(request: web.Request) -> web.Response:
    """Answer that the server is up."""
    return json_answer({"status": "ok", "shops": len(request.app[GATEWAY].store.shops)})


async def show_clock(request: web.Request) -> web.Response:
    """Answer with the moment that holds in the sandbox."""
    return json_answer({"now": stamp(request.app[GATEWAY].clock.now())})


async def advance_clock(request: web.Request) -> web.Response:
    """Skip time; payments whose hour is over expire before the answer."""
    gateway, asked = request.app[GATEWAY], await read_fields(request)
    seconds = asked.get("advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise invalid("advance_seconds must be a number of seconds, not below zero", "advance_seconds")
    gateway.clock.advance(seconds)
    return json_answer({"now": stamp(gateway.clock.now()), "expired_payments": expire_payments(gateway)})


async def reset(request: web.Request) -> web.Response:
    """Forget everything but the time."""
    request.app[GATEWAY].reset()
    return json_answer({"status": "ok"})


async def open_shop(request: web.Request) -> web.Response:
    """Open a shop and answer with its id and secret key. Saved cards are on by default in test shops only."""
    asked = await read_fields(request)
    _NEW_SHOP(asked, "")
    test = asked.get("test", True)
    shop = request.app[GATEWAY].store.add_shop(
        asked["name"],
        test=test,
        recurring_enabled=asked.get("recurring_enabled", test),
        fiscalization=asked.get("fiscalization", False),
        answers_me=asked.get("answers_me", False),
    )
    shop.forgets_methods = asked.get("forgets_methods", False)
    shop.receipts_need_email = asked.get("receipts_need_email", False)
    return json_answer(shop.body(), 201)


async def list_shops(request: web.Request) -> web.Response:
    """Answer with all shops and their keys."""
    return json_answer({"shops": [shop.body() for shop in request.app[GATEWAY].store.shops.values()]})


async def close_shop(request: web.Request) -> web.Response:
    """Forget the shop with all its payments. Safe to repeat."""
    store = request.app[GATEWAY].store
    shop = store.shops.get(request.match_info["shop_id"])
    if shop is not None:
        store.close_shop(shop)
    return web.Response(status=204)


async def set_notification_url(request: web.Request) -> web.Response:
    """Set where the shop is notified: https on port 443 or 8443, or any address of this machine; null for nowhere."""
    shop, url = find_shop(request), (await read_fields(request)).get("url")
    if url is not None and not (isinstance(url, str) and is_notification_url(url)):
        raise invalid("Notifications go to https on port 443 or 8443 (plain http on this machine only)", "url")
    shop.notification_url = url
    return json_answer(shop.body())


async def set_recurring(request: web.Request) -> web.Response:
    """Let the shop save payment methods and charge saved ones, or forbid both from now on."""
    shop, is_enabled = find_shop(request), (await read_fields(request)).get("is_enabled")
    boolean(is_enabled, "is_enabled")
    shop.recurring_enabled = bool(is_enabled)
    return json_answer(shop.body())


async def rotate_key(request: web.Request) -> web.Response:
    """Give the shop a new secret key; the old one stops working."""
    shop = find_shop(request)
    shop.rotate_key()
    return json_answer(shop.body())


async def list_payments(request: web.Request) -> web.Response:
    """Answer with payments, newest first, by shop, status and metadata (`metadata.order_id=…`)."""
    query, limit = dict(request.query), int(request.query.get("limit", "1000"))
    found: list[dict[str, Any]] = []
    for entry in reversed(request.app[GATEWAY].store.payments.by_id.values()):
        if len(found) == limit:
            break
        if all(matches(entry, name, value) for name, value in query.items() if name != "limit"):
            found.append(entry.body)
    return json_answer({"payments": found})


async def pay_payment(request: web.Request) -> web.Response:
    """Have the payer pay with `card`, or refuse with `decline: true`."""
    gateway, entry, asked = request.app[GATEWAY], find_payment(request), await read_fields(request)
    if asked.get("decline"):
        return json_answer(decline_payment(gateway, entry, GENERAL_DECLINE))
    return json_answer(pay(gateway, entry, str(asked.get("card", SUCCESS_CARD))))


async def notify(request: web.Request) -> web.Response:
    """Send a notification of a payment again: as it is, several times, to another address, or with forged fields."""
    gateway, entry, asked = request.app[GATEWAY], find_payment(request), await read_fields(request)
    copies = asked.get("count", 1)
    _COPIES(copies, "count")
    event = str(asked.get("event") or f"payment.{entry.body['status']}")
    subject = override(entry.body, asked.get("object") or {})
    sent = gateway.notifier.announce_forged(entry.shop, event, subject, copies=copies, url=asked.get("url"))
    return json_answer({"notifications": [notification.delivery_id for notification in sent]}, 202)


async def set_next_outcome(request: web.Request) -> web.Response:
    """Decide how further charges of a saved card end: `reason: null` pays, any other reason is refused."""
    saved = request.app[GATEWAY].store.methods.get(request.match_info["payment_method_id"])
    if saved is None:
        raise not_found("payment_method_id")
    asked = await read_fields(request)
    reason = asked.get("reason")
    saved.decline = Decline(str(asked.get("party", "payment_network")), str(reason)) if reason else None
    return json_answer(saved.body)


async def list_cards(request: web.Request) -> web.Response:
    """Answer with the test cards and what they lead to."""
    del request
    cards = [{"card": SUCCESS_CARD, "reason": None}]
    return json_answer({"cards": cards + [{"card": card, "reason": end.reason} for card, end in DECLINES.items()]})


async def list_notifications(request: web.Request) -> web.Response:
    """Answer with what was sent and how it went, oldest first; `shop_id`, `event` and `status` filter."""
    log = [notification.body() for notification in request.app[GATEWAY].notifier.log]
    return json_answer({"notifications": [entry for entry in log if _agrees(entry, request)]})


async def list_requests(request: web.Request) -> web.Response:
    """Answer with the last requests to the API; `method`, `path`, `shop_id` and other fields filter."""
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
        raise invalid(str(error), "effect") from error
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
        raise invalid("The body is not valid JSON", "body") from None
    if not isinstance(fields, dict):
        raise invalid("The body must be an object", "body")
    return fields


def find_shop(request: web.Request) -> Shop:
    """Return the shop that the path names."""
    shop = request.app[GATEWAY].store.shops.get(request.match_info["shop_id"])
    if shop is None:
        raise not_found("shop_id")
    return shop


def find_payment(request: web.Request) -> Entry:
    """Return the payment that the path names."""
    entry = request.app[GATEWAY].store.payments.by_id.get(request.match_info["payment_id"])
    if entry is None:
        raise not_found("payment_id")
    return entry


def matches(entry: Entry, name: str, value: str) -> bool:
    """Tell whether an object has a value: of its shop, of its metadata, or of a field."""
    if name == "shop_id":
        return entry.shop.shop_id == value
    if name.startswith("metadata."):
        return bool(entry.body.get("metadata", {}).get(name.removeprefix("metadata.")) == value)
    return str(entry.body.get(name)) == value


def _agrees(entry: dict[str, Any], request: web.Request) -> bool:
    return all(str(entry.get(name)) == value for name, value in request.query.items())


def override(original: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return an object with some fields, inner ones too, replaced."""
    merged = dict(original)
    for name, value in changes.items():
        inner = merged.get(name)
        merged[name] = override(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged
