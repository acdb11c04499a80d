"""Rings for workers through Redis. A lost ring costs at most a second: workers also look by themselves.

The only module of the core that knows how a Celery message looks. Publishing through Celery's own client takes about
a millisecond of blocking code; the same message as one Redis pipeline takes microseconds of the event loop.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Iterable
from uuid import uuid4

import orjson
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from lumenpay.jobs.catalogue import Queue
from lumenpay.kit.logs import get_logger

TASK_NAME = "lumenpay.answer_doorbell"
ANSWER_SECONDS = 2.0
"""How long a Celery task stays with the work that its ring announced; the work itself goes on after it."""
NUDGE_SECONDS = 2
"""While a ring is waiting to be answered, further rings of the same queue are left out; for this long at most."""

_RING_TIMEOUT_SECONDS = 0.25
_BREAK_SECONDS = 1.0
_log = get_logger(__name__)


class Doorbell:
    """Tells the workers of a queue that there is work."""

    def __init__(self, redis_url: str) -> None:
        """Connect lazily; without an address the bell is mute."""
        self._redis: Redis | None = _connect(redis_url) if redis_url else None
        self._broken_until = 0.0

    async def ring(self, queues: Iterable[Queue]) -> None:
        """Ring each queue once; never raises, and takes at most a quarter of a second when Redis does not answer."""
        wanted = list(queues)
        if self._redis is None or not wanted or time.monotonic() < self._broken_until:
            return
        try:
            async with asyncio.timeout(_RING_TIMEOUT_SECONDS):
                async with self._redis.pipeline(transaction=False) as pipe:
                    for queue in wanted:
                        pipe.set(nudge_key(queue), b"1", nx=True, ex=NUDGE_SECONDS)
                    answers = await pipe.execute()
                    new = [queue for queue, is_new in zip(wanted, answers, strict=True) if is_new]
                    for queue in new:
                        pipe.lpush(queue.value, celery_message(queue))
                    if new:
                        await pipe.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._broken_until = time.monotonic() + _BREAK_SECONDS
            _log.info("doorbell_broken", error=type(error).__name__)

    async def answer(self, queue: Queue) -> None:
        """Let the next ring through: whoever answers looks for work after this call. Never raises."""
        if self._redis is None or time.monotonic() < self._broken_until:
            return
        try:
            async with asyncio.timeout(_RING_TIMEOUT_SECONDS):
                await self._redis.delete(nudge_key(queue))
        except (RedisError, OSError, TimeoutError):
            self._broken_until = time.monotonic() + _BREAK_SECONDS

    async def is_alive(self) -> bool:
        """Tell whether Redis answers within a second."""
        if self._redis is None:
            return False
        try:
            async with asyncio.timeout(1.0):
                return bool(await self._redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        if self._redis is not None:
            await self._redis.aclose()


def _connect(redis_url: str) -> Redis:
    # More rings at once than connections wait for one, instead of failing and so breaking the bell.
    pool = BlockingConnectionPool.from_url(
        redis_url, socket_timeout=1.0, socket_connect_timeout=1.0, max_connections=8, timeout=1
    )
    return Redis.from_pool(pool)


def nudge_key(queue: Queue) -> str:
    """Return the key that says that a ring of this queue waits to be answered."""
    return f"nudge:{queue.value}"


def celery_message(queue: Queue) -> bytes:
    """Return a Celery message (protocol 2, JSON) that calls the answering task for a queue."""
    task_id = str(uuid4())
    body = orjson.dumps([[queue.value], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}])
    return orjson.dumps(
        {
            "body": base64.b64encode(body).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {
                "lang": "py", "task": TASK_NAME, "id": task_id, "root_id": task_id, "parent_id": None, "group": None,
                "retries": 0, "timelimit": [None, None], "eta": None, "expires": None, "ignore_result": True,
                "argsrepr": "", "kwargsrepr": "{}", "origin": "lumenpay", "stamps": {}, "stamped_headers": None,
                "shadow": None, "replaced_task_nesting": 0,
            },
            "properties": {
                "correlation_id": task_id, "reply_to": "", "delivery_mode": 2, "priority": 0,
                "body_encoding": "base64", "delivery_tag": task_id,
                "delivery_info": {"exchange": "", "routing_key": queue.value},
            },
        }
    )  # fmt: skip
