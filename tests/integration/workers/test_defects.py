"""Defects of handlers reach whoever looks after the installation, without the secrets that were in hand."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys

from lumenpay.jobs.catalogue import CheckPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from tests.factories.tenants import message_update
from tests.faults.canaries import Sink
from tests.support.web import serving

# A worker whose handlers have a defect. The gateway's and Telegram's secrets are in its hands.
_DEFECTIVE_WORKER = """
import asyncio, os
import sentry_sdk
from lumenpay.config import get_settings
from lumenpay.jobs.catalogue import CheckPayment, Queue
from lumenpay.kit.logs import configure_logging
from lumenpay.kit.sentry import configure_sentry
from tenants_worker.inbox_drain import InboxDrain
from tenants_worker.job_runner import JobRunner
from tenants_worker.runtime import open_context

async def fail_job(context, job):
    secret_key = os.environ["SHOP_KEY"]
    raise KeyError(f"the job met {secret_key}")

async def fail_update(context, bot, body):
    token = bot.token.reveal()
    raise IndexError(f"the handler met https://api.telegram.org/bot{token}/getMe")

async def main():
    context = open_context(get_settings())
    assert await JobRunner(context, {CheckPayment: fail_job}).run_due(Queue.MONEY)
    assert await InboxDrain(context, fail_update).run_due(1)

configure_logging(level="INFO")
configure_sentry(os.environ["LUMENPAY_SENTRY_DSN"], environment="test", release="1")
asyncio.run(main())
sentry_sdk.flush(10)
"""


async def test_a_defect_in_a_job_or_in_a_handler_is_reported_with_its_place_and_without_secrets(
    factory, database, deliver, clock, postgres_urls, secret_key, redis_url, tmp_path
):
    token, key = f"7000000001:{secrets.token_urlsafe(30)}", f"live_{secrets.token_urlsafe(32)}"
    bot = await factory.bot(token=token, shop=("100200", key))
    await deliver(bot, message_update(1, chat_id=5, text="/start"))
    async with database.tenant(bot.tenant_id) as session:
        await enqueue(session, CheckPayment(payment_id=new_uuid7()), now=clock.now())
    sink = Sink()
    async with serving(sink.app) as url:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _DEFECTIVE_WORKER, cwd=tmp_path,
            env={
                "PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "LUMENPAY_ENVIRONMENT": "test",
                "LUMENPAY_DATABASE_URL": postgres_urls.app, "LUMENPAY_REDIS_URL": redis_url,
                "LUMENPAY_SECRET_KEYS": secret_key, "SHOP_KEY": key,
                "LUMENPAY_SENTRY_DSN": url.replace("http://", "http://public@") + "/1",
            },
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        printed, _ = await program.communicate()
    assert program.returncode == 0, printed.decode()
    assert sorted(read_errors(sink)) == [("IndexError", "fail_update"), ("KeyError", "fail_job")]
    sent = b"".join(sink.envelopes)
    for canary in (token, token.partition(":")[2], key):
        assert canary.encode() not in printed, printed.decode()
        assert canary.encode() not in sent


def read_errors(sink: Sink) -> list[tuple[str, str]]:
    """Return the type of each reported exception and the function that raised it."""
    lines = [json.loads(line) for body in sink.envelopes for line in body.splitlines() if line.startswith(b"{")]
    return [
        (error["type"], error["stacktrace"]["frames"][-1]["function"])
        for event in lines
        for error in event.get("exception", {"values": []})["values"]
    ]
