"""The Bot API door: `/bot{token}/{method}`. Finds the bot, strikes with planned faults, checks, executes, records."""

from __future__ import annotations

import asyncio
import inspect
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web

from sandbox.telegram.errors import ApiError, bad_request, not_modelled, too_many_requests
from sandbox.telegram.methods.catalogue import HANDLERS
from sandbox.telegram.methods.registry import Described, MethodCall
from sandbox.telegram.validation import UploadedFile, method_names, read_parameters

if TYPE_CHECKING:
    from sandbox.faults import Fault
    from sandbox.telegram.state.users import Bot
    from sandbox.telegram.state.world import World

TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
UNMODELLED_PARAMETERS = (
    "business_connection_id", "direct_messages_topic_id", "suggested_post_parameters", "ephemeral_message_parameters",
    "receiver_user_id", "message_thread_id", "certificate",
)  # fmt: skip
PROXY_PAGE = (
    "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n"
    "<center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)
PROXY_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Time-out"}


class BotApi:
    """Answers Bot API calls over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP call."""
        bot: Bot | None = None
        method = request.match_info["method"]
        given: dict[str, Any] = {}
        is_dropped = False
        try:
            bot = self._find_bot(request.match_info["token"])
            method = _official_name(method)
            given = await _read_request(request)
            fault = await self._strike(method, bot.id)
            if fault is not None:
                is_dropped = fault.kind == "drop_after"
                early = _fail(request, fault)
                if early is not None:
                    self._record(bot, method, given, status=fault.status, answer=f"fault: {fault.kind}")
                    return early
            answer, status = await self._execute(bot, method, given), 200
        except ApiError as error:
            answer, status = error.body(), error.code
        self._record(bot, method, given, status=status, answer=answer)
        if is_dropped:
            return _drop(request)
        return _respond(answer, status)

    async def execute_from_answer(self, bot_id: int, method: str, given: dict[str, Any]) -> None:
        """Execute the method that a webhook's answer carries; nobody learns the result."""
        bot = self._world.bots.get(bot_id)
        if bot is None:
            return
        try:
            method = _official_name(method)
            answer, status = await self._execute(bot, method, given), 200
        except ApiError as error:
            answer, status = error.body(), error.code
        self._record(bot, method, given, status=status, answer=answer)

    def _find_bot(self, token: str) -> Bot:
        bot = self._world.bots_by_token.get(token)
        if bot is None:
            known_shape = TOKEN.fullmatch(token) is not None
            raise ApiError(401, "Unauthorized" if known_shape else "Unauthorized: invalid token specified")
        return bot

    async def _execute(self, bot: Bot, method: str, given: dict[str, Any]) -> dict[str, Any]:
        handler = HANDLERS.get(method)
        files = {name: value for name, value in given.items() if isinstance(value, UploadedFile)}
        attached = {name for name in files if f"attach://{name}" in given.values()}
        parameters = read_parameters(method, {name: value for name, value in given.items() if name not in attached})
        if handler is None:
            raise not_modelled(method)
        for name in UNMODELLED_PARAMETERS:
            if name in parameters:
                raise not_modelled(f"{method} with {name}")
        if files:
            parameters["\0files"] = files
        result = handler(MethodCall(self._world, bot, parameters))
        if inspect.isawaitable(result):
            result = await result
        if isinstance(result, Described):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}

    async def _strike(self, method: str, bot_id: int) -> Fault | None:
        for fault in self._world.faults.draw("call", method, bot_id):
            if fault.kind != "latency":
                return fault
            await asyncio.sleep(fault.seconds)
        return None

    def _record(self, bot: Bot | None, method: str, given: dict[str, Any], *, status: int, answer: object) -> None:
        bot_id = None if bot is None else bot.id
        now = self._world.clock.timestamp()
        self._world.recorder.add_call(bot_id, method, given, status=status, answer=answer, at=now)


async def serve_unknown_path(_request: web.Request) -> web.Response:
    """The answer of the official server to any path that is not a method."""
    return _respond(ApiError(404, "Not Found").body(), 404)


def _official_name(method: str) -> str:
    name = method_names().get(method.lower())
    if name is None:
        raise ApiError(404, "Not Found")
    return name


def _fail(request: web.Request, fault: Fault) -> web.Response | None:
    """The answer of a fault that leaves the call undone; None for one that strikes afterwards."""
    if fault.kind == "rate":
        raise too_many_requests(fault.retry_after)
    if fault.kind == "status":
        raise ApiError(fault.status, fault.description, **fault.parameters)
    if fault.kind == "html":
        reason = PROXY_REASONS.get(fault.status, "Bad Gateway")
        page = PROXY_PAGE.format(status=fault.status, reason=reason)
        return web.Response(text=page, status=fault.status, content_type="text/html")
    return _drop(request) if fault.kind == "drop_before" else None


def _drop(request: web.Request) -> web.Response:
    # Closing the transport before the answer is written is what a lost connection looks like to the caller.
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=500)


def _respond(answer: dict[str, Any], status: int) -> web.Response:
    response = web.Response(body=orjson.dumps(answer), status=status, content_type="application/json")
    if status == 429:
        response.headers["Retry-After"] = str(answer["parameters"]["retry_after"])
    return response


async def _read_request(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.body_exists:
        return given
    content_type = request.content_type
    if content_type == "application/json":
        try:
            body = orjson.loads(await request.read() or b"{}")
        except orjson.JSONDecodeError as error:
            raise bad_request("can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("request body must be a JSON object")
        return given | body
    if content_type == "application/x-www-form-urlencoded":
        return given | dict(parse_qsl((await request.read()).decode("utf-8", "replace"), keep_blank_values=True))
    if content_type == "multipart/form-data":
        return given | await _read_multipart(request)
    return given


async def _read_multipart(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = {}
    size = 0
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise bad_request("can't parse multipart form")
            content = bytearray()
            while chunk := await part.read_chunk():
                size += len(chunk)
                if size > request.client_max_size:
                    raise ApiError(413, "Request Entity Too Large")
                content += chunk
            given[part.name] = _read_part(part, bytes(content))
    except ValueError as error:
        raise bad_request("can't parse multipart form") from error
    return given


def _read_part(part: BodyPartReader, content: bytes) -> object:
    if part.filename is None:
        return content.decode("utf-8", "replace")
    kind = part.headers.get("Content-Type", "application/octet-stream")
    return UploadedFile(part.filename, len(content), kind, content)
