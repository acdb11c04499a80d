"""Rings of one queue are one message until somebody answers."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from lumenpay.jobs.catalogue import CheckPayment, Queue
from lumenpay.jobs.outbox import enqueue
from lumenpay.jobs.unit_of_work import unit_of_work


async def test_many_rings_are_one_message_until_it_is_answered(doorbell, redis_url):
    async with Redis.from_url(redis_url) as redis:
        await asyncio.gather(*(doorbell.ring([Queue.MONEY, Queue.ACCESS]) for _ in range(50)))
        assert (await redis.llen("money"), await redis.llen("access")) == (1, 1)
        await doorbell.answer(Queue.MONEY)
        await doorbell.ring([Queue.MONEY])
        assert (await redis.llen("money"), await redis.llen("access")) == (2, 1)


async def test_the_mark_of_a_ring_that_nobody_answers_goes_away(doorbell, redis_url):
    await doorbell.ring([Queue.MONEY])
    async with Redis.from_url(redis_url) as redis:
        assert 0 < await redis.pttl("nudge:money") <= 2000


async def test_the_bell_rings_after_the_commit_and_not_after_a_rollback(database, doorbell, factory, clock, redis_url):
    tenant = await factory.tenant()
    async with Redis.from_url(redis_url) as redis:

        async def work(*, fails: bool) -> None:
            async with unit_of_work(database, doorbell, tenant) as session:
                await enqueue(session, CheckPayment(uuid4()), now=clock.now())
                assert await redis.llen("money") == 0
                if fails:
                    raise ValueError

        with pytest.raises(ValueError, match=r"^$"):
            await work(fails=True)
        assert await redis.llen("money") == 0
        await work(fails=False)
        assert await redis.llen("money") == 1
