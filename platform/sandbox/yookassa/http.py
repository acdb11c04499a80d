"""What all requests of the API share: credentials, bodies, answers, the request log and the faults."""

import asyncio
import binascii
import hmac
from base64 import b64decode
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.deliveries import arrivals_of_request
from sandbox.fault_book import Fault
from sandbox.yookassa.errors import ApiError, invalid, unauthorized
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.idempotence import HEADER
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.payments import expire_payments, pay
from sandbox.yookassa.store import Shop

GATEWAY = web.AppKey("gateway", Gateway)
SHOP_ID = web.RequestKey("shop_id", str)
OBJECT_ID = web.RequestKey("object_id", str)
_LOG_ENTRY = web.RequestKey("log_entry", dict[str, Any])
_API = "/v3/"
_CODES = {
    400: "invalid_request",
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    429: "too_many_requests",
}
_HTML = "<html><head><title>{0} Bad Gateway</title></head><body><center><h1>{0} Bad Gateway</h1></center></body></html>"
_NOTIFY_TIMEOUT_SECONDS = 5
_LATER = frozenset({"drop_after", "notify_before_answer"})


def json_answer(body: object, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def claimed_credentials(request: web.Request) -> tuple[str, str]:
    """Return the shop id and key of the request as they were sent, unchecked; empty when there are none."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        shop_id, _, key = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return shop_id, key


def authenticate(request: web.Request) -> Shop:
    """Return the shop whose key the request carries.

    Raises:
        ApiError: The credentials are missing or wrong.
    """
    shop_id, key = claimed_credentials(request)
    shop = request.app[GATEWAY].store.shops.get(shop_id)
    if shop is None or not hmac.compare_digest(shop.secret_key.encode(), key.encode()):
        raise unauthorized()
    request[SHOP_ID] = shop.shop_id
    return shop


async def read_body(request: web.Request) -> Any:
    """Return the parsed JSON body; an empty body counts as an empty object.

    Raises:
        ApiError: It is not JSON or does not say so.
    """
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise invalid("The body must be application/json", "Content-Type")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise invalid("The body is not valid JSON", "body") from None


@web.middleware
async def record_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log who asked for what with which key, and let time do its work before the answer is made."""
    gateway = request.app[GATEWAY]
    expire_payments(gateway)
    if not request.path.startswith(_API):
        return await handler(request)
    entry: dict[str, Any] = {
        "at": stamp(gateway.clock.now()),
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "shop_id": claimed_credentials(request)[0] or None,
        "idempotence_key": request.headers.get(HEADER),
        "authenticated_shop_id": None,
        "status": None,
        "object_id": None,
        "faults": [],
    }
    request[_LOG_ENTRY] = entry
    gateway.requests.append(entry)
    answer = await handler(request)
    entry |= {
        "authenticated_shop_id": request.get(SHOP_ID),
        "status": answer.status,
        "object_id": request.get(OBJECT_ID),
    }
    return answer


@web.middleware
async def apply_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Spoil the request as the switched-on faults say."""
    if not request.path.startswith(_API):
        return await handler(request)
    strikes = request.app[GATEWAY].faults.strike_request(
        method=request.method, path=request.path, owner=claimed_credentials(request)[0]
    )
    if not strikes:
        return await handler(request)
    request[_LOG_ENTRY]["faults"] = [fault.kind for fault in strikes]
    for fault in strikes:
        if fault.kind == "latency":
            await asyncio.sleep(float(fault.effect.get("seconds", 1)))
        elif fault.kind not in _LATER and not fault.effect.get("after"):
            return _spoiled(request, fault)
    answer = await _answer_after_notifications(request, handler, strikes)
    for fault in strikes:
        if fault.kind == "drop_after" or fault.effect.get("after"):
            return _spoiled(request, fault)
    return answer


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write refusals in the gateway's form."""
    try:
        return await handler(request)
    except ApiError as error:
        return json_answer(error.body(), error.status)
    except web.HTTPException as error:
        if not request.path.startswith(_API) or error.status < 400:
            raise
        return json_answer(_error_body(error.status, error.reason), error.status)


def _error_body(status: int, description: str) -> dict[str, Any]:
    code = _CODES.get(status, "internal_server_error" if status >= 500 else "invalid_request")
    return {"type": "error", "id": str(uuid4()), "code": code, "description": description}


def _spoiled(request: web.Request, fault: Fault) -> web.Response:
    match fault.kind:
        case "drop_before" | "drop_after":
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        case "html_body":
            status = int(fault.effect.get("status", 502))
            return web.Response(text=_HTML.format(status), status=status, content_type="text/html")
        case "rate_limit":
            retry_after = int(fault.effect.get("retry_after", 1000))
            return json_answer(_error_body(429, "Too many requests") | {"retry_after": retry_after}, 429)
        case _:
            status = int(fault.effect.get("status", 500))
            return json_answer(_error_body(status, "The result of the operation is unknown"), status)


async def _answer_after_notifications(
    request: web.Request, handler: Handler, strikes: list[Fault]
) -> web.StreamResponse:
    fault = next((fault for fault in strikes if fault.kind == "notify_before_answer"), None)
    if fault is None:
        return await handler(request)
    arrivals: list[asyncio.Event] = []
    token = arrivals_of_request.set(arrivals)
    try:
        answer = await handler(request)
        _pay_at_once(request, fault)
    finally:
        arrivals_of_request.reset(token)
    async with asyncio.timeout(_NOTIFY_TIMEOUT_SECONDS):
        for arrival in arrivals:
            await arrival.wait()
    return answer


def _pay_at_once(request: web.Request, fault: Fault) -> None:
    gateway = request.app[GATEWAY]
    entry = gateway.store.payments.by_id.get(request.get(OBJECT_ID, ""))
    card = fault.effect.get("pay_with")
    if card and entry is not None and entry.body["status"] == "pending":
        pay(gateway, entry, str(card))
