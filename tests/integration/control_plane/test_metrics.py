"""The figures of the queues are there for Prometheus, on whichever port."""

from __future__ import annotations

import asyncio

from prometheus_client import REGISTRY

from control_plane.app import ControlPlane
from control_plane.queue_figures import refresh_queue_figures
from control_plane.services import open_services
from lumenpay.jobs.catalogue import CheckPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from tests.support.services import run_sql
from tests.support.waiting import until


def shown(name: str, queue: str = "money") -> float | None:
    return REGISTRY.get_sample_value(f"lumenpay_queue_{name}", {"queue": queue})


async def test_a_process_with_a_private_port_fills_the_figures_of_the_queues_by_itself(
    factory, database, clock, make_settings, redis_url
):
    bot = await factory.bot()
    async with database.tenant(bot.tenant_id) as session:
        for _ in range(3):
            await enqueue(session, CheckPayment(payment_id=new_uuid7()), now=clock.now())
    app = ControlPlane(open_services(make_settings(redis_url=redis_url, metrics_port=9464)))
    started, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app._life.lifespan_context(app._life):
            started.set()
            await ending.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(live())
        await started.wait()
        await until(lambda: shown("waiting") == 3, what="the figures")
        ending.set()
    assert shown("oldest_seconds") > 0
    assert shown("dead") == 0


async def run(superuser_url: str, statement: str) -> None:
    await asyncio.to_thread(run_sql, superuser_url, statement)


async def test_an_emptied_queue_is_shown_as_empty_and_dead_jobs_as_dead(factory, database, clock, superuser_url):
    bot = await factory.bot()
    async with database.tenant(bot.tenant_id) as session:
        await enqueue(session, CheckPayment(payment_id=new_uuid7()), now=clock.now())
    await refresh_queue_figures(database)
    assert shown("waiting") == 1
    await run(superuser_url, "UPDATE jobs SET status = 'dead', finished_at = now()")
    await refresh_queue_figures(database)
    assert (shown("waiting"), shown("dead")) == (0, 1)
    await run(superuser_url, "DELETE FROM jobs")
    await refresh_queue_figures(database)
    assert (shown("waiting"), shown("oldest_seconds"), shown("dead")) == (0, 0, 0)
    assert shown("waiting", "inbox") == 0
