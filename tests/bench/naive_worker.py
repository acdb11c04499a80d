"""What the workers are compared with: one Celery task per update, running the product's own handlers.

The rival is a strong one: its event loop and its connections live as long as the process, and it stores nothing of
the update itself.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from celery import Celery
from celery.signals import worker_process_init

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.config import get_settings
from lumenpay.models.ids import BotId, TenantId
from tenants_worker.bot.dispatcher import feed_update
from tenants_worker.context import BotRuntime, WorkerContext
from tenants_worker.runtime import open_context
from tests.bench.naive_worker_names import QUEUE, TASK

app = Celery("bench", broker=get_settings().redis_url.get_secret_value())
app.conf.update(task_default_queue=QUEUE, task_ignore_result=True, worker_hijack_root_logger=False)
_loop = asyncio.new_event_loop()
_opened: list[WorkerContext] = []


@worker_process_init.connect
def _open(**_: Any) -> None:
    _opened.append(open_context(get_settings()))


@app.task(name=TASK)
def answer_update(tenant_id: str, bot_id: str, body: str) -> None:
    """Handle one update."""
    _loop.run_until_complete(_answer(_opened[0], TenantId(UUID(tenant_id)), BotId(UUID(bot_id)), body.encode()))


async def _answer(context: WorkerContext, tenant_id: TenantId, bot_id: BotId, raw: bytes) -> None:
    async with context.database.tenant(tenant_id) as session:
        bot = await bots.get_bot(session, bot_id)
    token = bot_secrets.open_token(context.ring, bot)
    runtime = BotRuntime(tenant_id, bot_id, int(bot.telegram_id or 0), bot.username, token)
    await feed_update(context, runtime, raw)
