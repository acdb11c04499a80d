"""Drains bots' inboxes: many updates a turn, the updates of one chat in order, chats in parallel, bots in turns."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import text

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.db.dispatch import claim_inboxes
from lumenpay.errors import LumenError
from lumenpay.kit.crypto import SealBrokenError
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.logs import get_logger
from lumenpay.kit.redaction import redact_text
from lumenpay.models.ids import BotId, LeaseId, TenantId
from lumenpay.telegram.errors import TelegramTokenRevokedError
from tenants_worker.context import BotRuntime, WorkerContext

LEASE_SECONDS = 60
TURN_SECONDS = 40
"""A turn ends before its lease does."""
BATCH = 100
MAX_ATTEMPTS = 5
_BOTS_PER_CLAIM = 8
_PARALLEL_CHATS = 16
_log = get_logger(__name__)

FeedUpdate = Callable[[WorkerContext, BotRuntime, bytes], Awaitable[None]]

_LOAD = text(
    "SELECT update_id, body, attempts FROM telegram_updates WHERE tenant_id = :tenant_id AND bot_id = :bot_id "
    "AND lane = :lane AND status = 'new' ORDER BY update_id LIMIT :batch"
)
_MARK = text(
    "UPDATE telegram_updates u SET status = v.status, error = v.error, attempts = u.attempts + v.tries "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:statuses AS text[]), CAST(:errors AS text[]), CAST(:tries AS int[])) "
    "AS v (id, status, error, tries) WHERE u.tenant_id = :tenant_id AND u.bot_id = :bot_id AND u.update_id = v.id "
    "AND EXISTS (SELECT 1 FROM bot_inboxes i WHERE i.tenant_id = :tenant_id AND i.bot_id = :bot_id "
    "AND i.lane = :lane AND i.lease_id = :lease_id)"
)
_RELEASE = text("SELECT release_inbox(:bot_id, :lane, :lease_id, :now)")
_POSTPONE = text(
    "UPDATE bot_inboxes SET lease_id = NULL, leased_until = clock_timestamp() + interval '2 seconds' "
    "WHERE tenant_id = :tenant_id AND bot_id = :bot_id AND lane = :lane AND lease_id = :lease_id"
)
_TOUCH = text(
    "UPDATE bots SET last_update_at = :now WHERE tenant_id = :tenant_id AND id = :bot_id "
    "AND (last_update_at IS NULL OR last_update_at < CAST(:now AS timestamptz) - interval '1 minute')"
)


class UnreadableUpdateError(Exception):
    """The update cannot be understood, now or later: it is set aside and does not hold up its chat."""


class InboxDrain:
    """Takes bots whose inbox waits and handles what is in it."""

    def __init__(self, context: WorkerContext, feed_update: FeedUpdate) -> None:
        """Take what handlers need, and the function that handles one raw update."""
        self._context = context
        self._feed_update = feed_update
        self._room = asyncio.Semaphore(_PARALLEL_CHATS)
        self._runtimes: dict[tuple[BotId, str], BotRuntime] = {}

    async def run_due(self, lane: int) -> int:
        """Give the bots that wait longest one turn each; return how many updates were looked at."""
        lease_id = LeaseId(new_uuid7())
        claimed = await claim_inboxes(
            self._context.database, lane=lane, lease_id=lease_id, lease_seconds=LEASE_SECONDS, limit=_BOTS_PER_CLAIM
        )
        counts = await asyncio.gather(*(self._take_turn(*row, lane=lane, lease_id=lease_id) for row in claimed))
        return sum(counts)

    async def _take_turn(self, tenant_id: TenantId, bot_id: BotId, *, lane: int, lease_id: LeaseId) -> int:
        keys = {"tenant_id": tenant_id, "bot_id": bot_id, "lane": lane}
        async with self._context.database.tenant(tenant_id) as session:
            bot = await bots.get_bot(session, bot_id)
            rows = (await session.execute(_LOAD, {**keys, "batch": BATCH})).all()
        try:
            runtime = self._open_runtime(bot)
        except SealBrokenError:
            _log.error("bot_token_does_not_open", bot_id=str(bot_id))
            await self._postpone(tenant_id, keys, lease_id)
            return 0
        outcomes = await self._feed_all(runtime, rows)
        await self._store(tenant_id, keys, lease_id, outcomes, has_failures=len(outcomes) < len(rows))
        return len(rows)

    def _open_runtime(self, bot: Any) -> BotRuntime:  # noqa: ANN401 - the bot's row
        key = (BotId(bot.id), str(bot.token_sealed))
        runtime = self._runtimes.get(key)
        if runtime is None:
            if len(self._runtimes) > 20_000:  # noqa: PLR2004 - about 10 MB; a simple full reset is rare and cheap
                self._runtimes.clear()
            token = bot_secrets.open_token(self._context.ring, bot)
            runtime = BotRuntime(bot.tenant_id, BotId(bot.id), int(bot.telegram_id or 0), bot.username, token)
            self._runtimes[key] = runtime
        return runtime

    async def _feed_all(self, runtime: BotRuntime, rows: Sequence[Any]) -> dict[int, tuple[str, str, int]]:
        deadline = time.monotonic() + TURN_SECONDS
        chats: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            chats[chat_key(row.body)].append(row)
        outcomes: dict[int, tuple[str, str, int]] = {}
        await asyncio.gather(*(self._feed_chat(runtime, chat, outcomes, deadline) for chat in chats.values()))
        return outcomes

    async def _feed_chat(
        self, runtime: BotRuntime, rows: Sequence[Any], outcomes: dict[int, tuple[str, str, int]], deadline: float
    ) -> None:
        async with self._room:
            for row in rows:
                if time.monotonic() > deadline:
                    return
                outcome = await self._feed_one(runtime, row)
                outcomes[row.update_id] = outcome
                if outcome[0] == "new":
                    return

    async def _feed_one(self, runtime: BotRuntime, row: Any) -> tuple[str, str, int]:  # noqa: ANN401 - a row
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._feed_update(self._context, runtime, bytes(row.body))
        except UnreadableUpdateError as error:
            return "quarantined", redact_text(str(error))[:300], 1
        except TelegramTokenRevokedError:
            async with self._context.unit_in(runtime.tenant_id) as session:
                await bots.mark_token_revoked(session, runtime.bot_id, now=self._context.clock.now())
            return "new", "token revoked", 0
        except Exception as error:  # noqa: BLE001 - the worker door: one bad update must not stop the bot
            text_of_error = redact_text(f"{type(error).__name__}: {error}")[:300]
            if not isinstance(error, LumenError):
                _log.warning("update_failed", bot_id=str(runtime.bot_id), update_id=row.update_id, exc_info=error)
            return ("quarantined" if row.attempts + 1 >= MAX_ATTEMPTS else "new"), text_of_error, 1
        return "handled", "", 0

    async def _store(
        self,
        tenant_id: TenantId,
        keys: dict[str, Any],
        lease_id: LeaseId,
        outcomes: dict[int, tuple[str, str, int]],
        *,
        has_failures: bool,
    ) -> None:
        now = self._context.clock.now()
        async with self._context.database.tenant(tenant_id) as session:
            if outcomes:
                statuses, errors, tries = zip(*outcomes.values(), strict=True)
                await session.execute(
                    _MARK,
                    {
                        **keys, "lease_id": lease_id, "ids": list(outcomes), "statuses": list(statuses),
                        "errors": list(errors), "tries": list(tries),
                    },
                )  # fmt: skip
                await session.execute(_TOUCH, {"tenant_id": tenant_id, "bot_id": keys["bot_id"], "now": now})
            if has_failures or any(status == "new" for status, _, _ in outcomes.values()):
                await session.execute(_POSTPONE, {**keys, "lease_id": lease_id})
            else:
                await session.execute(
                    _RELEASE, {"bot_id": keys["bot_id"], "lane": keys["lane"], "lease_id": lease_id, "now": now}
                )

    async def _postpone(self, tenant_id: TenantId, keys: dict[str, Any], lease_id: LeaseId) -> None:
        async with self._context.database.tenant(tenant_id) as session:
            await session.execute(_POSTPONE, {**keys, "lease_id": lease_id})


def chat_key(body: bytes) -> int:
    """Return what orders an update: the chat it happened in, else the person, else 0. Unreadable bodies share 0."""
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return 0
    for name, event in update.items() if isinstance(update, dict) else ():
        if name == "update_id" or not isinstance(event, dict):
            continue
        for holder in (event, event.get("message")):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                # Joining and leaving is about a person, wherever it happens: two people need not wait for each other.
                person = event.get("from") if name in ("chat_join_request", "chat_member") else None
                return int(person["id"]) if isinstance(person, dict) and "id" in person else int(chat["id"])
        person = event.get("from")
        if isinstance(person, dict) and isinstance(person.get("id"), int):
            return int(person["id"])
    return 0
