"""What all requests of the API share: parameters, idempotency, answers, the request log and the faults."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.deliveries import arrivals_of_request
from sandbox.fault_book import Fault
from sandbox.stripe.access import account_of_key, authenticate, check_rate, check_version, claimed_key, rate_limited
from sandbox.stripe.errors import ApiError, invalid
from sandbox.stripe.expand import expand
from sandbox.stripe.form import decode
from sandbox.stripe.gateway import Gateway, request_of_event
from sandbox.stripe.idempotency import fingerprint_of
from sandbox.stripe.parameters import api_version, read_parameters
from sandbox.stripe.store import Account, Body, new_id

GATEWAY = web.AppKey("gateway", Gateway)
REQUEST_ID = web.RequestKey("request_id", str)
_LOG_ENTRY = web.RequestKey("log_entry", dict[str, Any])
_STRIKES = web.RequestKey("strikes", list[Fault])
_API = "/v1/"
_KEY = "Idempotency-Key"
_FORM = "application/x-www-form-urlencoded"
_HTML = "<html><head><title>{0} Bad Gateway</title></head><body><center><h1>{0} Bad Gateway</h1></center></body></html>"
_DELIVERY_TIMEOUT_SECONDS = 5

Action = Callable[[Gateway, Account, str, dict[str, Any]], Body]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API.

    `action` gets the ids of the path, joined by `/`, and the parameters; `played` names the parameters it acts on.
    """

    method: str
    path: str
    resource: str
    action: Action
    played: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return the operation as the official list of parameters calls it."""
        return f"{self.method} {self.path}"


def json_answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        body=orjson.dumps(body, option=orjson.OPT_INDENT_2), status=status, content_type="application/json",
        headers=headers,
    )  # fmt: skip


def endpoint_of(operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler that serves an operation."""

    async def serve(request: web.Request) -> web.Response:
        gateway = request.app[GATEWAY]
        needs = "read" if operation.method == "GET" else "write"
        account = authenticate(gateway, request, resource=operation.resource, needs=needs)
        request[_LOG_ENTRY]["account_id"] = account.account_id
        check_version(request)
        check_rate(gateway, account)
        fields = await _read_fields(request)
        key = request.headers.get(_KEY) if request.method == "POST" else None
        if key is None:
            return _answer(request, orjson.dumps(_run(gateway, account, operation, request, fields)))
        return await _answer_once(gateway, account, operation, request, fields, key)

    return serve


async def _read_fields(request: web.Request) -> dict[str, Any]:
    if request.method in {"GET", "DELETE"} and not request.can_read_body:
        return decode(request.query_string)
    raw = await request.read()
    if raw and request.content_type != _FORM:
        raise invalid(f"Invalid request (check that your POST content type is {_FORM}).", is_kept=False)
    try:
        return decode(raw.decode())
    except UnicodeDecodeError:
        raise invalid("Invalid request: the parameters cannot be read.", is_kept=False) from None


async def _answer_once(
    gateway: Gateway, account: Account, operation: Operation, request: web.Request, fields: dict[str, Any], key: str
) -> web.Response:
    kept = account.keys.start(
        key, fingerprint=fingerprint_of(request.path, fields), now=gateway.clock.unix(), request_id=request[REQUEST_ID]
    )
    if kept is not None:
        headers = {"Idempotent-Replayed": "true", "Original-Request": kept.request_id, _KEY: key}
        return _answer(request, kept.body, status=kept.status or 200, headers=headers)
    try:
        for fault in request.get(_STRIKES) or []:
            if fault.kind == "slow":
                await asyncio.sleep(float(fault.effect.get("seconds", 1)))
        status, body = 200, orjson.dumps(_run(gateway, account, operation, request, fields))
    except ApiError as error:
        if not error.is_kept:
            account.keys.forget(key)
            raise
        status, body = error.status, orjson.dumps(error.body())
    except BaseException:
        account.keys.forget(key)
        raise
    account.keys.finish(key, status=status, body=body)
    return _answer(request, body, status=status, headers={"Original-Request": request[REQUEST_ID], _KEY: key})


def _run(
    gateway: Gateway, account: Account, operation: Operation, request: web.Request, fields: dict[str, Any]
) -> Body:
    params = read_parameters(operation.name, fields, operation.played)
    paths = params.pop("expand", [])
    token = request_of_event.set({"id": request[REQUEST_ID], "idempotency_key": request.headers.get(_KEY)})
    try:
        body = operation.action(gateway, account, "/".join(request.match_info.values()), params)
    finally:
        request_of_event.reset(token)
    request[_LOG_ENTRY]["object_id"] = body.get("id")
    return expand(account, body, paths)


def _answer(
    request: web.Request, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    del request
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


@web.middleware
async def record_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log who asked for what, give the request its id, and let time do its work before the answer is made."""
    gateway = request.app[GATEWAY]
    if not gateway.public_url:
        gateway.public_url = f"{request.scheme}://{request.host}"
    gateway.run_due()
    if not request.path.startswith(_API):
        return await handler(request)
    request[REQUEST_ID] = new_id("req_", 14)
    account = account_of_key(gateway, claimed_key(request))
    entry: dict[str, Any] = {
        "id": request[REQUEST_ID], "at": gateway.clock.unix(), "method": request.method, "path": request.path,
        "query": dict(request.query), "account_id": account.account_id if account else None,
        "idempotency_key": request.headers.get(_KEY), "version": request.headers.get("Stripe-Version"), "status": None,
        "object_id": None, "faults": [],
    }  # fmt: skip
    request[_LOG_ENTRY] = entry
    gateway.requests.append(entry)
    answer = await handler(request)
    entry["status"] = answer.status
    answer.headers.setdefault("Request-Id", request[REQUEST_ID])
    answer.headers.setdefault("Stripe-Version", api_version())
    return answer


@web.middleware
async def apply_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Spoil the request as the switched-on faults say."""
    if not request.path.startswith(_API):
        return await handler(request)
    gateway, entry = request.app[GATEWAY], request[_LOG_ENTRY]
    strikes = gateway.faults.strike_request(method=request.method, path=request.path, owner=entry["account_id"] or "")
    if not strikes:
        return await handler(request)
    entry["faults"] = [fault.kind for fault in strikes]
    request[_STRIKES] = strikes
    for fault in strikes:
        if fault.kind == "latency":
            await asyncio.sleep(float(fault.effect.get("seconds", 1)))
        elif fault.kind in {"rate_limit", "html_body", "drop_before", "status"} and not fault.effect.get("after"):
            return _spoiled(request, fault)
    answer = await _answer_after_deliveries(request, handler, strikes)
    for fault in strikes:
        if fault.kind == "drop_after" or fault.effect.get("after"):
            return _spoiled(request, fault)
    return answer


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write refusals in Stripe's form."""
    try:
        return await handler(request)
    except ApiError as error:
        return json_answer(error.body(), error.status)
    except web.HTTPException as error:
        if not request.path.startswith(_API) or error.status < 400:
            raise
        unknown = ApiError(
            f"Unrecognized request URL ({request.method}: {request.path}). Please see https://stripe.com/docs or we can "
            "help at https://support.stripe.com/.", status=404,
        )  # fmt: skip
        return json_answer(unknown.body(), 404)


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
            return json_answer(rate_limited().body(), 429, {"Stripe-Rate-Limited-Reason": "global-rate"})
        case _:
            status = int(fault.effect.get("status", 500))
            error = ApiError(
                str(fault.effect.get("message", "An unknown error occurred")), status=status,
                kind=str(fault.effect.get("type", "api_error")), code=fault.effect.get("code"),
            )  # fmt: skip
            return json_answer(error.body(), status)


async def _answer_after_deliveries(request: web.Request, handler: Handler, strikes: list[Fault]) -> web.StreamResponse:
    if all(fault.kind != "deliver_before_answer" for fault in strikes):
        return await handler(request)
    arrivals: list[asyncio.Event] = []
    token = arrivals_of_request.set(arrivals)
    try:
        answer = await handler(request)
    finally:
        arrivals_of_request.reset(token)
    async with asyncio.timeout(_DELIVERY_TIMEOUT_SECONDS):
        for arrival in arrivals:
            await arrival.wait()
    return answer
