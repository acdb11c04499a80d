"""The bell's message is one that Celery reads, and a dead Redis costs next to nothing."""

from __future__ import annotations

import base64
import json
import time

from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import TASK_NAME, Doorbell, celery_message


def test_the_message_calls_the_answering_task_with_the_queue():
    message = json.loads(celery_message(Queue.MONEY))
    args, kwargs, _ = json.loads(base64.b64decode(message["body"]))
    assert (args, kwargs, message["headers"]["task"]) == (["money"], {}, TASK_NAME)
    assert message["properties"]["delivery_info"]["routing_key"] == "money"
    assert message["headers"]["eta"] is None


async def test_ringing_a_redis_that_is_not_there_never_raises_and_stops_trying_for_a_while():
    bell = Doorbell("redis://127.0.0.1:1/0")
    began_at = time.monotonic()
    for _ in range(200):
        await bell.ring(Queue)
    assert time.monotonic() - began_at < 0.5
    assert not await bell.is_alive()
    await bell.close()


async def test_a_redis_that_accepts_and_never_answers_costs_fifty_milliseconds(unused_tcp_server):
    bell = Doorbell(f"redis://127.0.0.1:{unused_tcp_server}/0")
    began_at = time.monotonic()
    await bell.ring([Queue.MONEY])
    # Fifty milliseconds, and what a busy machine adds.
    assert time.monotonic() - began_at < 1
    await bell.close()


async def test_a_bell_without_an_address_is_mute():
    bell = Doorbell("")
    await bell.ring(Queue)
    await bell.answer(Queue.MONEY)
