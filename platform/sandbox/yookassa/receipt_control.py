"""The control API's part about fiscal receipts: whether the cash register takes them, and how pending ones end."""

from typing import Any

from aiohttp import web

from sandbox.yookassa.control import find_payment, find_shop, matches, read_fields
from sandbox.yookassa.errors import invalid, not_found
from sandbox.yookassa.http import GATEWAY, json_answer
from sandbox.yookassa.receipts import finish_registration

_OUTCOMES = frozenset({"succeeded", "canceled", "pending"})
_ENDS = _OUTCOMES - {"pending"}


def add_receipt_routes(app: web.Application) -> None:
    """Add everything about receipts under /sandbox."""
    app.add_routes(
        [
            web.get("/sandbox/receipts", list_receipts),
            web.put("/sandbox/shops/{shop_id}/receipts", decide_outcome),
            web.post("/sandbox/payments/{payment_id}/receipt/finish", finish_of_payment),
            web.post("/sandbox/refunds/{refund_id}/receipt/finish", finish_of_refund),
        ]
    )


async def list_receipts(request: web.Request) -> web.Response:
    """Answer with receipts, newest first, by shop, payment, refund, type and status."""
    entries = reversed(request.app[GATEWAY].store.receipts.by_id.values())
    wanted = [entry.body for entry in entries if all(matches(entry, *pair) for pair in request.query.items())]
    return json_answer({"receipts": wanted})


async def decide_outcome(request: web.Request) -> web.Response:
    """Decide how further registrations of the shop end (`outcome`), or whether they happen at all (`fiscalization`)."""
    shop, asked = find_shop(request), await read_fields(request)
    outcome = asked.get("outcome", shop.receipt_outcome)
    if outcome not in _OUTCOMES:
        raise invalid(f"outcome is one of {', '.join(sorted(_OUTCOMES))}", "outcome")
    shop.receipt_outcome = outcome
    shop.fiscalization = bool(asked.get("fiscalization", shop.fiscalization))
    shop.receipts_need_email = bool(asked.get("receipts_need_email", shop.receipts_need_email))
    return json_answer(shop.body())


async def finish_of_payment(request: web.Request) -> web.Response:
    """Have the pending receipt of a payment registered, or not (`status`)."""
    entry = find_payment(request)
    finish_registration(request.app[GATEWAY], entry.shop, entry.body, kind="payment", status=await _status(request))
    return json_answer(entry.body)


async def finish_of_refund(request: web.Request) -> web.Response:
    """Have the pending receipt of a refund registered, or not (`status`)."""
    entry = request.app[GATEWAY].store.refunds.by_id.get(request.match_info["refund_id"])
    if entry is None:
        raise not_found("refund_id")
    finish_registration(request.app[GATEWAY], entry.shop, entry.body, kind="refund", status=await _status(request))
    return json_answer(entry.body)


async def _status(request: web.Request) -> str:
    asked: dict[str, Any] = await read_fields(request)
    if asked.get("status") not in _ENDS:
        raise invalid(f"status is one of {', '.join(sorted(_ENDS))}", "status")
    return str(asked["status"])
