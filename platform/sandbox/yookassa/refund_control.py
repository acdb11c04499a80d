"""The control API's part about refunds: made in the merchant's cabinet, ended, announced again."""

from typing import Any

from aiohttp import web

from sandbox.yookassa.control import find_payment, find_shop, matches, override, read_fields
from sandbox.yookassa.errors import invalid, not_found
from sandbox.yookassa.fields import integer
from sandbox.yookassa.http import GATEWAY, json_answer
from sandbox.yookassa.money import amount_of, value_of
from sandbox.yookassa.refunds import create_refund, finish_refund
from sandbox.yookassa.store import Entry

_COPIES = integer(1, 1000)


def add_refund_routes(app: web.Application) -> None:
    """Add everything about refunds under /sandbox."""
    app.add_routes(
        [
            web.get("/sandbox/refunds", list_refunds),
            web.post("/sandbox/payments/{payment_id}/refund", refund_in_cabinet),
            web.put("/sandbox/shops/{shop_id}/refunds", let_wait),
            web.post("/sandbox/refunds/{refund_id}/finish", finish),
            web.post("/sandbox/refunds/{refund_id}/notify", notify),
        ]
    )


async def list_refunds(request: web.Request) -> web.Response:
    """Answer with refunds, newest first, by shop, payment, status and metadata."""
    entries = reversed(request.app[GATEWAY].store.refunds.by_id.values())
    wanted = [entry.body for entry in entries if all(matches(entry, *pair) for pair in request.query.items())]
    return json_answer({"refunds": wanted})


async def refund_in_cabinet(request: web.Request) -> web.Response:
    """Give `amount` back, or all that is left, as the merchant does in the cabinet: without any call of the API."""
    gateway, payment, asked = request.app[GATEWAY], find_payment(request), await read_fields(request)
    paid, refunded = payment.body["amount"], payment.body.get("refunded_amount")
    left = value_of(paid) - (value_of(refunded) if refunded else 0)
    if left <= 0:
        raise invalid("Nothing is left of the payment", "amount")
    amount = {"value": str(asked["amount"]), "currency": paid["currency"]} if "amount" in asked else None
    order: dict[str, Any] = {
        "payment_id": payment.body["id"], "amount": amount or amount_of(left, paid["currency"]),
        "description": asked.get("description"),
    }  # fmt: skip
    return json_answer(create_refund(gateway, payment.shop, order), 201)


async def let_wait(request: web.Request) -> web.Response:
    """Decide whether further refunds of the shop stay pending (`wait: true`) or are done at once."""
    shop, asked = find_shop(request), await read_fields(request)
    shop.refunds_wait = bool(asked.get("wait"))
    return json_answer(shop.body())


async def finish(request: web.Request) -> web.Response:
    """Have a pending refund succeed, or be canceled for `reason`."""
    reason = (await read_fields(request)).get("reason")
    if reason is not None and not isinstance(reason, str):
        raise invalid("reason must be a text", "reason")
    return json_answer(finish_refund(request.app[GATEWAY], _refund(request), cancellation_reason=reason))


async def notify(request: web.Request) -> web.Response:
    """Send a notification of a refund again: as it is, several times, to another address, or with forged fields."""
    gateway, entry, asked = request.app[GATEWAY], _refund(request), await read_fields(request)
    copies = asked.get("count", 1)
    _COPIES(copies, "count")
    subject = override(entry.body, asked.get("object") or {})
    event = str(asked.get("event") or "refund.succeeded")
    sent = gateway.notifier.announce_forged(entry.shop, event, subject, copies=copies, url=asked.get("url"))
    return json_answer({"notifications": [notification.delivery_id for notification in sent]}, 202)


def _refund(request: web.Request) -> Entry:
    entry = request.app[GATEWAY].store.refunds.by_id.get(request.match_info["refund_id"])
    if entry is None:
        raise not_found("refund_id")
    return entry
