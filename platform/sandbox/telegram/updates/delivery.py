"""The courier: hands updates to webhooks as the official server does.

One update at a time per queue, queues in parallel up to `max_connections`, first retry at once, then after 2, 4, 8 …
seconds up to one or two minutes. Only 2xx counts, redirects are not followed, and an answer may carry one method to
execute.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson

from sandbox.telegram.recorder import Delivery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.telegram.state.world import World
    from sandbox.telegram.updates.feed import PendingUpdate, UpdateFeed

ANSWER_TIMEOUT_SECONDS = 60
LONGEST_RETRY_AFTER_SECONDS = 3600
GONE_STATUS, GONE_LIMIT_SECONDS = 410, 23 * 3600
HELD_BACK_QUEUES = 1 << 60
NOT_IN_ANSWERS = frozenset({"setwebhook", "deletewebhook", "close", "logout"})


class Courier:
    """Delivers the updates of every bot that has a webhook."""

    def __init__(self, world: World, execute: Callable[[int, str, dict[str, Any]], Awaitable[None]]) -> None:
        self._world = world
        self._execute = execute
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        world.clock.on_advance(self.hurry)

    async def open(self) -> None:
        """Updates are delivered from now on."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """No delivery is under way and none will begin."""
        session, self._session = self._session, None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for bot in self._world.bots.values():
            for handle in bot.feed.delivery.retries.values():
                handle.cancel()
        if session is not None:
            await session.close()

    def hurry(self) -> None:
        """Every retry that waits is due now."""
        for bot in self._world.bots.values():
            bot.feed.restart()

    def ring(self, feed: UpdateFeed, queue_id: int) -> None:
        """The queue is emptied as soon as a connection is free."""
        if queue_id not in feed.delivery.active:
            feed.delivery.active.add(queue_id)
            feed.delivery.ready.append(queue_id)
        self._start(feed)

    def _start(self, feed: UpdateFeed) -> None:
        state = feed.delivery
        while self._session is not None and state.ready and state.running < feed.settings.max_connections:
            state.running += 1
            task = asyncio.create_task(self._empty(feed, state.ready.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _empty(self, feed: UpdateFeed, queue_id: int) -> None:
        state = feed.delivery
        try:
            while feed.settings.url and (update := feed.head(queue_id)) is not None:
                wait = await self._attempt(feed, update)
                if wait is None and state.ready:
                    state.ready.append(queue_id)
                    return
                if wait:
                    self._retry_in(wait, feed, queue_id)
                    return
            state.active.discard(queue_id)
        finally:
            state.running -= 1
            self._start(feed)

    def _retry_in(self, seconds: float, feed: UpdateFeed, queue_id: int) -> None:
        def due() -> None:
            del feed.delivery.retries[queue_id]
            feed.delivery.active.discard(queue_id)
            self.ring(feed, queue_id)

        feed.delivery.retries[queue_id] = asyncio.get_running_loop().call_later(seconds, due)

    async def _attempt(self, feed: UpdateFeed, update: PendingUpdate) -> float | None:
        """Deliver once. None when the update is off the queue, else the seconds until the next attempt."""
        if not update.is_tried and await self._strike(feed, update):
            return None
        wait = await self._post(feed, update)
        if wait is None:
            while update.copies > 1:
                update.copies -= 1
                await self._post(feed, update)
            feed.finish(update)
        return wait

    async def _strike(self, feed: UpdateFeed, update: PendingUpdate) -> bool:
        """Apply planned faults; True when the update has left its queue."""
        update.is_tried = True
        for fault in self._world.faults.draw("delivery", update.kind, feed.bot_id):
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "duplicate":
                update.copies += 1
            elif fault.kind == "never":
                now = self._world.clock.timestamp()
                self._record(feed, update, status=None, error="never delivered: a planned fault", began_at=now)
                feed.finish(update)
                return True
            elif fault.kind == "reorder":
                apart = HELD_BACK_QUEUES + update.update_id
                feed.move(update, apart)
                feed.delivery.active.add(apart)
                self._retry_in(fault.seconds or 0.5, feed, apart)
                return True
        return False

    async def _post(self, feed: UpdateFeed, update: PendingUpdate) -> float | None:
        session, began_at = self._session, self._world.clock.timestamp()
        if session is None:
            return None
        headers = {"Content-Type": "application/json"}
        if feed.settings.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = feed.settings.secret_token
        retry_after, status, body, error = 0.0, None, b"", None
        try:
            async with session.post(
                feed.settings.url, data=update.body, headers=headers, allow_redirects=False
            ) as response:
                status, reason = response.status, response.reason
                body = await response.read()
                retry_after = _read_retry_after(response.headers.get("Retry-After"))
        except TimeoutError:
            status, error = None, "Read timeout expired"
        except aiohttp.ClientConnectorError:
            error = "Connection refused"
        except (aiohttp.ClientError, ValueError) as problem:
            status, error = None, f"Connection failed: {type(problem).__name__}"
        else:
            if not 200 <= status < 300:
                error = f"Wrong response from the webhook: {status} {reason}"
        self._record(feed, update, status=status, error=error, began_at=began_at)
        if error is None:
            feed.errors.gone_since = None
            await self._answer(feed, body)
            return None
        return self._failed(feed, update, error, status=status, retry_after=retry_after)

    def _failed(
        self, feed: UpdateFeed, update: PendingUpdate, error: str, *, status: int | None, retry_after: float
    ) -> float:
        now = self._world.clock.timestamp()
        update.failures += 1
        feed.errors.date, feed.errors.message = int(now), error
        if status != GONE_STATUS:
            feed.errors.gone_since = None
        elif feed.errors.gone_since is None:
            feed.errors.gone_since = now
        elif now - feed.errors.gone_since > GONE_LIMIT_SECONDS:
            feed.settings.url = ""
        if update.failures == 1:
            return retry_after
        return max(retry_after, min(2.0 ** (update.failures - 1), self._world.random.uniform(60, 120)))

    async def _answer(self, feed: UpdateFeed, body: bytes) -> None:
        if not body.lstrip().startswith(b"{"):
            return
        try:
            call = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
        method = call.pop("method", None)
        if isinstance(method, str) and method.lower() not in NOT_IN_ANSWERS and not method.lower().startswith("get"):
            await self._execute(feed.bot_id, method, call)

    def _record(
        self, feed: UpdateFeed, update: PendingUpdate, *, status: int | None, error: str | None, began_at: float
    ) -> None:
        recorder = self._world.recorder
        recorder.add_delivery(
            Delivery(
                seq=recorder.next_delivery(),
                bot_id=feed.bot_id,
                update_id=update.update_id,
                kind=update.kind,
                queue_id=update.queue_id,
                attempt=update.failures + 1,
                status=status,
                error=error,
                began_at=began_at,
                ended_at=self._world.clock.timestamp(),
            )
        )


def _read_retry_after(header: str | None) -> float:
    return float(min(int(header), LONGEST_RETRY_AFTER_SECONDS)) if header and header.isdigit() else 0.0
