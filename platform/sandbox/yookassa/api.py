"""The routes of the API v3."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from sandbox.yookassa import schemas
from sandbox.yookassa.errors import forbidden, not_found
from sandbox.yookassa.fields import Check
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.http import GATEWAY, OBJECT_ID, authenticate, json_answer, read_body
from sandbox.yookassa.idempotence import HEADER, check_key, fingerprint_of
from sandbox.yookassa.listing import OTHER_STATUSES, PAYMENT_STATUSES, list_objects
from sandbox.yookassa.payments import cancel_payment, capture_payment, create_payment
from sandbox.yookassa.receipts import create_receipt
from sandbox.yookassa.refunds import create_refund
from sandbox.yookassa.store import Entry, Shelf, Shop

Handler = Callable[[web.Request], Awaitable[web.Response]]
Action = Callable[[web.Request, Gateway, Shop, dict[str, Any]], dict[str, Any]]


def add_api_routes(app: web.Application) -> None:
    """Add everything under /v3."""
    router = app.router
    router.add_post("/v3/payments", _write(schemas.PAYMENT, _create_payment))
    router.add_get("/v3/payments", list_payments)
    router.add_get("/v3/payments/{payment_id}", _read("payment_id", lambda gateway: gateway.store.payments))
    router.add_post("/v3/payments/{payment_id}/capture", _write(schemas.CAPTURE, _capture))
    router.add_post("/v3/payments/{payment_id}/cancel", _write(schemas.CANCEL, _cancel))
    router.add_get("/v3/payment_methods/{payment_method_id}", read_payment_method)
    router.add_post("/v3/refunds", _write(schemas.REFUND, _refund))
    router.add_get("/v3/refunds", list_refunds)
    router.add_get("/v3/refunds/{refund_id}", _read("refund_id", lambda gateway: gateway.store.refunds))
    router.add_post("/v3/receipts", _write(schemas.RECEIPT, _receipt))
    router.add_get("/v3/receipts", list_receipts)
    router.add_get("/v3/receipts/{receipt_id}", _read("receipt_id", lambda gateway: gateway.store.receipts))
    router.add_get("/v3/me", read_me)
    for path in ("/v3/webhooks", "/v3/webhooks/{webhook_id}"):
        router.add_route("*", path, refuse_webhooks)


async def list_payments(request: web.Request) -> web.Response:
    """Answer with a page of the shop's payments."""
    shop = authenticate(request)
    return json_answer(
        list_objects(
            request.app[GATEWAY].store.payments,
            shop,
            request.query,
            statuses=PAYMENT_STATUSES,
            equal=frozenset({"payment_method"}),
            times=frozenset({"created_at", "captured_at"}),
        )
    )


async def list_refunds(request: web.Request) -> web.Response:
    """Answer with a page of the shop's refunds."""
    shop, refunds = authenticate(request), request.app[GATEWAY].store.refunds
    return json_answer(
        list_objects(refunds, shop, request.query, statuses=OTHER_STATUSES, equal=frozenset({"payment_id"}))
    )


async def list_receipts(request: web.Request) -> web.Response:
    """Answer with a page of the shop's receipts."""
    shop, receipts = authenticate(request), request.app[GATEWAY].store.receipts
    equal = frozenset({"payment_id", "refund_id"})
    return json_answer(list_objects(receipts, shop, request.query, statuses=OTHER_STATUSES, equal=equal))


async def read_payment_method(request: web.Request) -> web.Response:
    """Answer with a saved payment method."""
    shop = authenticate(request)
    saved = request.app[GATEWAY].store.methods.get(request.match_info["payment_method_id"])
    if saved is None or saved.shop is not shop:
        raise not_found("payment_method_id")
    return json_answer(saved.body)


async def read_me(request: web.Request) -> web.Response:
    """Answer with the shop's own settings, to shops that may ask for them."""
    shop = authenticate(request)
    if not shop.answers_me:
        raise forbidden(
            "GET /me is for users of OAuth, splits and payouts; this request used a shop id and a secret key"
        )
    methods = ["bank_card", "yoo_money"] if shop.test else ["bank_card", "yoo_money", "sbp", "sberbank", "tinkoff_bank"]
    body: dict[str, Any] = {
        "account_id": shop.shop_id,
        "status": "enabled",
        "test": shop.test,
        "name": shop.name,
        "fiscalization_enabled": shop.fiscalization,
        "payment_methods": methods,
    }
    if shop.fiscalization:
        body["fiscalization"] = {"enabled": True, "provider": "avanpost"}
    return json_answer(body)


async def refuse_webhooks(request: web.Request) -> web.Response:
    """Refuse: with a secret key the notification address is set by hand, in the merchant's cabinet."""
    authenticate(request)
    raise forbidden("Webhooks are managed with an OAuth token only; this request used a shop id and a secret key")


def _read(name: str, shelf_of: Callable[[Gateway], Shelf]) -> Handler:
    async def read(request: web.Request) -> web.Response:
        shop = authenticate(request)
        return json_answer(_find(shelf_of(request.app[GATEWAY]), shop, request, name).body)

    return read


def _write(schema: Check, action: Action) -> Handler:
    async def write(request: web.Request) -> web.Response:
        shop = authenticate(request)
        key = check_key(request.headers.get(HEADER))
        order = await read_body(request)
        # Nothing is awaited from here on, so that two requests with one key cannot both find it new.
        gateway, now = request.app[GATEWAY], request.app[GATEWAY].clock.now()
        fingerprint = fingerprint_of(request.method, request.path, order)
        answer = gateway.keys.find_answer(shop.shop_id, key, fingerprint=fingerprint, now=now)
        if answer is None:
            schema(order, "")
            body = action(request, gateway, shop, order)
            answer = orjson.dumps(body)
            gateway.keys.remember(shop.shop_id, key, fingerprint=fingerprint, body=answer, now=now)
            request[OBJECT_ID] = body["id"]
        return web.Response(body=answer, content_type="application/json")

    return write


def _find(shelf: Shelf, shop: Shop, request: web.Request, name: str) -> Entry:
    entry = shelf.find(shop, request.match_info[name])
    if entry is None:
        raise not_found(name)
    return entry


def base_url_of(request: web.Request) -> str:
    """Return the address at which payers reach this server."""
    return request.app[GATEWAY].public_url or f"{request.scheme}://{request.host}"


def _create_payment(request: web.Request, gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    return create_payment(gateway, shop, order, base_url=base_url_of(request))


def _capture(request: web.Request, gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    return capture_payment(gateway, _find(gateway.store.payments, shop, request, "payment_id"), order)


def _cancel(request: web.Request, gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    del order
    return cancel_payment(gateway, _find(gateway.store.payments, shop, request, "payment_id"))


def _refund(request: web.Request, gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    del request
    return create_refund(gateway, shop, order)


def _receipt(request: web.Request, gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    del request
    return create_receipt(gateway, shop, order)
