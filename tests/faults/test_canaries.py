"""Secrets that customers give us are written nowhere: logs, API answers, Valkey, errors, Sentry's envelopes."""

from __future__ import annotations

import asyncio
import gzip
import os
import secrets
import sys
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web

from operations.story.doors import Doors
from operations.story.play import Story, connect_bot, connect_channel, connect_shop, sign_up
from tests.faults.stage import raised_stage
from tests.support.web import serving

# Fails in every way in which a secret could get out: in a local variable, a message, a cause, a log field.
_CLUMSY_PROGRAM = """
import logging, os, sentry_sdk
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import configure_logging, get_logger
from lumenpay.kit.redaction import describe_error
from lumenpay.kit.sentry import configure_sentry

configure_logging(level="DEBUG")
configure_sentry(os.environ["SINK"], environment="test", release="1")
token, key = os.environ["TOKEN"], os.environ["SHOP_KEY"]

def fail(token, key):
    held = {"token": token, "key": key}
    try:
        raise ConnectionError(f"POST https://api.telegram.org/bot{token}/getMe refused")
    except ConnectionError as cause:
        raise ValueError(f"shop key {key} and {Secret(key)!r} {Secret(token)}") from cause

try:
    fail(token, key)
except ValueError as error:
    get_logger("a").exception("call_failed", url=f"https://x/bot{token}/m", secret_key=key, body={"token": token})
    logging.getLogger("b").exception("failed with %s and %s", token, key)
    get_logger("a").warning("described", text=describe_error(error))
    sentry_sdk.capture_exception(error)
sentry_sdk.flush(10)
"""


class Sink:
    """Takes Sentry's envelopes."""

    def __init__(self) -> None:
        self.envelopes: list[bytes] = []
        self.app = web.Application(client_max_size=2**24)
        self.app.router.add_post("/api/1/envelope/", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        # aiohttp opens what is compressed, unless it is told in a way it does not know.
        content = await request.read()
        self.envelopes.append(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        return web.json_response({})


def _dsn(url: str) -> str:
    return url.replace("http://", "http://public@") + "/1"


async def test_a_program_that_fails_with_secrets_in_hand_tells_none(tmp_path):
    token, key = f"7000000001:{secrets.token_urlsafe(30)}", f"live_{secrets.token_urlsafe(32)}"
    sink = Sink()
    async with serving(sink.app) as url:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _CLUMSY_PROGRAM, cwd=tmp_path,
            env={
                "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
                "SINK": _dsn(url), "TOKEN": token, "SHOP_KEY": key,
            },
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        printed, _ = await program.communicate()
    sent = b"".join(sink.envelopes)
    assert b"call_failed" in printed
    assert b"failed with" in printed
    assert b"ValueError" in sent
    for canary in (token, token.partition(":")[2], key):
        assert canary.encode() not in printed, printed.decode()
        assert canary.encode() not in sent


@pytest.mark.xdist_group("stage")
@pytest.mark.timeout(240)
async def test_connected_secrets_are_written_nowhere():
    sink = Sink()
    async with AsyncExitStack() as stack:
        sink_url = await stack.enter_async_context(serving(sink.app))
        stage = await stack.enter_async_context(
            raised_stage(LUMENPAY_SENTRY_DSN=_dsn(sink_url), LUMENPAY_LOG_LEVEL="DEBUG")
        )
        story = Story(await stack.enter_async_context(Doors(stage.addresses)))
        for step in (sign_up, connect_bot, connect_shop, connect_channel):
            await step(story)
        answers = _Answers(story)
        token = story.telegram_bot["token"]
        shop = (await story.doors.yookassa("GET", "/shops"))["shops"][0]
        calls = await story.doors.telegram("GET", f"/calls?bot_id={story.telegram_bot['id']}")
        wrong_token, wrong_key = f"7000000002:{secrets.token_urlsafe(30)}", f"test_{secrets.token_urlsafe(32)}"
        pasted = f"Use this token to access the HTTP API:\n{token}\nKeep your token secure."
        bot = story.path(f"/bots/{story.bot['id']}")
        statuses = [
            await answers.ask("POST", story.path("/bots"), {"token": pasted}),
            await answers.ask("POST", story.path("/bots"), {"token": wrong_token}),
            await answers.ask("POST", story.path("/bots"), {"token": {"nested": wrong_token}}),
            await answers.ask("PUT", f"{bot}/shop", {"shop_id": "1", "secret_key": wrong_key}),
            await answers.ask("PUT", f"{bot}/shop", {"shop_id": 5, "secret_key": [wrong_key]}),
            await answers.ask("POST", "/auth/sign-up", {"email": "x", "password": story.password, "name": 5}),
        ]
        assert all(400 <= status < 500 for status in statuses), statuses
        for path in (story.path("/bots"), bot, f"{bot}/shop", story.path("/channels"), story.path("/jobs")):
            await answers.ask("GET", path, None)
        await asyncio.to_thread(stage.postgres.kill)
        await answers.ask("GET", bot, None)
        canaries = [token, wrong_token, shop["secret_key"], wrong_key, story.password]
        canaries += [one.partition(":")[2] for one in (token, wrong_token)]
        canaries += _find_values(calls, "secret_token")
        assert stage.valkey is not None
        kept = b"".join(file.read_bytes() for file in stage.valkey.data.rglob("*.aof") if file.is_file())
        assert b"nudge" in kept
        places = {"answers": "".join(answers.texts).encode(), "logs": stage.read_logs().encode(), "valkey": kept}
    places["sentry"] = b"".join(sink.envelopes)
    found = [(place, canary[:6]) for place, text in places.items() for canary in canaries if canary.encode() in text]
    assert not found


class _Answers:
    """Collects whatever the product answers, good or bad."""

    def __init__(self, story: Story) -> None:
        self._doors, self.texts = story.doors, []

    async def ask(self, method: str, path: str, body: object) -> int:
        session, product = self._doors._session, self._doors.addresses.product
        assert isinstance(session, aiohttp.ClientSession)
        url, headers = f"{product}/api/v1{path}", {"Origin": product}
        async with session.request(method, url, json=body, headers=headers) as response:
            self.texts.append(f"{dict(response.headers)} {await response.text()}")
            return response.status


def _find_values(value: object, name: str) -> list[str]:
    if isinstance(value, dict):
        own = [value[name]] if isinstance(value.get(name), str) and value[name] else []
        return own + [text for item in value.values() for text in _find_values(item, name)]
    return [text for item in value for text in _find_values(item, name)] if isinstance(value, list) else []
