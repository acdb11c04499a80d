"""Secrets that customers give us are written nowhere: logs, API answers, Valkey, errors, Sentry's envelopes."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import sys
from contextlib import AsyncExitStack
from uuid import uuid4

import asyncpg
import pytest

from operations.story.play import Story, buy, connect_bot, connect_channel, connect_shop, make_plan, sign_up, start_bot
from tests.faults.canaries import (
    Canaries,
    Ears,
    Sink,
    find_values,
    read_answers,
    read_command_lines,
    read_logs,
    read_tables,
    read_valkey,
)
from tests.faults.stage import raised_stage
from tests.support.waiting import until
from tests.support.web import serving

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

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


@pytest.mark.parametrize("shown", [b"it is %s!", b"\\x%h"])
def test_a_secret_in_a_place_is_found(shown):
    canaries = Canaries()
    canaries.add("bot token", f"7000000001:{secrets.token_urlsafe(30)}")
    half = canaries.values["bot token, its secret half"].encode()
    place = shown.replace(b"%s", half).replace(b"%h", half.hex().encode())
    assert canaries.find({"log": place, "table": b"nothing"}) == ["bot token, its secret half in log"]


@pytest.mark.xdist_group("stage")
@pytest.mark.timeout(300)
async def test_connected_secrets_are_written_nowhere_c1_c2_c4():
    """C1-C4, C8, N3: every slot for a secret, and every place where the whole product writes."""
    sink = Sink()
    async with AsyncExitStack() as stack:
        sink_url = await stack.enter_async_context(serving(sink.app))
        stage = await stack.enter_async_context(
            raised_stage(LUMENPAY_SENTRY_DSN=_dsn(sink_url), LUMENPAY_LOG_LEVEL="DEBUG")
        )
        canaries, ears = Canaries(), await stack.enter_async_context(Ears(stage.addresses))
        for file in (stage.folder / "secrets").iterdir():
            canaries.add(f"installation's {file.name}", file.read_text().strip())
        story = Story(ears)
        for step in (sign_up, connect_bot, connect_shop, connect_channel, make_plan, start_bot, buy):
            await step(story)
        await _learn_secrets(story, ears, canaries)
        await _ask_everything(story, ears)
        await _knock_wrongly(story, ears, canaries)
        await _break_telegram_and_gateway(story, ears, canaries)
        await _break_tables(story, ears, stage, canaries)
        await _kill_database(story, ears, stage)
        places = {
            **read_answers(ears.answers, canaries), **read_logs(stage.folder), **await read_valkey(stage),
            **await read_tables(stage.superuser_url), **read_command_lines(),
            "sentry": b"".join(sink.envelopes),
        }  # fmt: skip
    # Each place was really written to: what is found nowhere was looked for where there is something.
    assert b"nudge" in places["valkey's file"]
    assert b"ProgrammingError" in places["sentry"]
    assert b"ProgrammingError" in places["api.log"]
    assert b"UndefinedColumn" in places["worker-updates.log"] + places["worker-money.log"]
    assert {"api.log", "worker-money.log", "worker-updates.log", "worker-bulk.log", "postgres.log"} <= set(places)
    assert all(places[f"table {name}"] for name in ("bots", "admins", "admin_sessions", "payments", "jobs"))
    assert {answer.status for answer in ears.answers} >= {200, 201, 401, 409, 422, 500, 503}
    assert len(canaries.values) > 15
    assert canaries.find(places) == []


async def _learn_secrets(story, ears, canaries):
    shop = (await ears.yookassa("GET", "/shops"))["shops"][0]
    calls = await ears.telegram("GET", f"/calls?bot_id={story.telegram_bot['id']}&method=setWebhook")
    connected = await ears.product("GET", story.path(f"/bots/{story.bot['id']}/shop"))
    canaries.add("bot token", story.telegram_bot["token"])
    canaries.add("shop key", shop["secret_key"])
    canaries.add("password", story.password)
    canaries.add("webhook secret", find_values(calls, "secret_token")[-1])
    canaries.add("webhook path", next(url for url in find_values(calls, "url") if "/tg/" in url).rpartition("/")[2])
    canaries.add("notice path", connected["notification_url"].rpartition("/")[2])
    canaries.add("session cookie", ears.cookies()["lp_session"])
    issued = await ears.product("POST", "/auth/token")
    canaries.add("access token", issued["access_token"])
    canaries.add("signature of the access token", issued["access_token"].rpartition(".")[2])
    await ears.product("POST", "/auth/log-out")
    canaries.add("password with a mistake", f"{story.password[:-1]}?{secrets.token_urlsafe(12)}")
    wrong = {"email": story.email, "password": canaries.values["password with a mistake"]}
    assert (await ears.ask("POST", "/api/v1/auth/log-in", json=wrong)).status == 401
    await ears.product("POST", "/auth/log-in", {"email": story.email, "password": story.password})
    canaries.add("second session cookie", ears.cookies()["lp_session"])


async def _ask_everything(story, ears):
    described = json.loads((await ears.ask("GET", "/api/openapi.json")).body)
    known = {"tenant_id": story.tenant, "bot_id": story.bot["id"], "channel_id": story.channel["id"]}
    for path, operations in described["paths"].items():
        # The stream of changes does not end; what it says are nouns and ids.
        if "get" in operations and operations["get"]["operationId"] != "events-stream":
            filled = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], str(uuid4())), path)
            await ears.ask("GET", filled)
    await ears.ask("GET", "/metrics")


async def _knock_wrongly(story, ears, canaries):
    canaries.add("made-up token", f"7000000002:{secrets.token_urlsafe(30)}")
    canaries.add("made-up shop key", f"test_{secrets.token_urlsafe(32)}")
    known, bot = canaries.values, f"/api/v1{story.path('/bots')}/{story.bot['id']}"
    token, key = known["made-up token"], known["made-up shop key"]
    bearer = {"Authorization": f"Bearer {known['access token']}"}
    tried = [
        await ears.ask("POST", f"/api/v1{story.path('/bots')}", json={"token": _paste(known["bot token"])}),
        await ears.ask("POST", f"/api/v1{story.path('/bots')}", json={"token": token}),
        await ears.ask("POST", f"/api/v1{story.path('/bots')}", json={"token": {"nested": token}}),
        await ears.ask("PUT", f"{bot}/token", json={"token": _paste(token)}),
        await ears.ask("PUT", f"{bot}/shop", json={"shop_id": "1", "secret_key": key}),
        await ears.ask("PUT", f"{bot}/shop", json={"shop_id": 5, "secret_key": [key]}),
        await ears.ask("POST", "/api/v1/auth/sign-up", json={"email": "x", "password": story.password, "name": 5}),
        await ears.ask("POST", "/api/v1/auth/log-in", data=f'{{"password": "{story.password}",'),
        await ears.ask("GET", "/api/v1/auth/me", headers=bearer),
        await ears.ask("GET", f"/api/v1/{known['bot token']}"),
        await ears.ask("POST", f"/tg/{known['webhook path']}", data="{}", headers={_SECRET_HEADER: token}),
        await ears.ask("POST", f"/tg/{known['webhook path']}", data="[", headers=_header(canaries)),
        await ears.ask("GET", f"/tg/{known['webhook path']}"),
        await ears.ask("POST", f"/webhooks/yookassa/{known['notice path']}", data="["),
    ]
    assert all(400 <= answer.status < 500 for answer in tried), [answer.call for answer in tried]


async def _break_telegram_and_gateway(story, ears, canaries):
    for kind in ("drop_before", "drop_after", "html"):
        rule = {"match": {"on": "call", "method": "sendmessage", "count": 1}, "effect": {"kind": kind}}
        await ears.telegram("POST", "/faults", rule)
    await story.buyer.ask("/start", "Здравствуйте")
    rule = {"match": {"count": 2}, "effect": {"kind": "status", "status": 500}}
    await ears.yookassa("POST", "/faults", rule)
    bot = f"/api/v1{story.path('/bots')}/{story.bot['id']}"
    shop = {"shop_id": "1", "secret_key": canaries.values["shop key"]}
    assert (await ears.ask("PUT", f"{bot}/shop", json=shop)).status == 503
    await ears.yookassa("DELETE", "/faults")
    renewed = await ears.telegram("POST", f"/bots/{story.telegram_bot['id']}/revoke-token", {})
    canaries.add("next bot token", renewed["token"])
    await story.buyer.write("/start")
    await until(lambda: _is_in_state(ears, bot, "token_revoked"), seconds=30, what="the revoked token to be noticed")
    assert (await ears.ask("PUT", f"{bot}/token", json={"token": _paste(renewed["token"])})).status == 200
    await story.buyer.ask("/start", "Здравствуйте")


async def _is_in_state(ears, bot, status):
    return json.loads((await ears.ask("GET", bot)).body).get("status") == status


async def _break_tables(story, ears, stage, canaries):
    """Make defects of every request and of the workers' statements, with secrets in hand."""
    connection, known = await asyncpg.connect(stage.superuser_url, timeout=10), canaries.values
    columns = (("bots", "username"), ("admins", "locale"), ("telegram_updates", "attempts"))
    for table, column in columns:
        await connection.execute(f"ALTER TABLE {table} RENAME {column} TO gone")
    account = {"email": story.email, "password": story.password}
    tried = [
        await ears.ask("POST", "/api/v1/auth/log-in", json=account),
        await ears.ask("GET", f"/api/v1{story.path('/bots')}"),
        await ears.ask("POST", f"/api/v1{story.path('/bots')}", json={"token": _paste(known["next bot token"])}),
    ]
    assert [answer.status for answer in tried] == [500, 500, 500]
    await story.buyer.write("/start")
    logs = stage.folder / "log"
    await until(lambda: b"UndefinedColumn" in (logs / "worker-updates.log").read_bytes(), seconds=20)
    for table, column in columns:
        await connection.execute(f"ALTER TABLE {table} RENAME gone TO {column}")
    await connection.close()


async def _kill_database(story, ears, stage):
    await asyncio.to_thread(stage.postgres.kill)
    assert (await ears.ask("GET", f"/api/v1{story.path('/bots')}")).status == 503
    await until(lambda: _is_ready(ears), seconds=60, what="the database to be back")


async def _is_ready(ears):
    return (await ears.ask("GET", "/api/ready")).status == 200


def _paste(token):
    return f"Done! Use this token to access the HTTP API:\n{token}\nKeep your token secure."


def _header(canaries):
    return {_SECRET_HEADER: canaries.values["webhook secret"]}
