"""By the clock: the platform is checked every five minutes, and views whose time is over are ended in the log."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.audit import AuditEvent
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Impersonation
from tenants_worker.context import WorkerContext
from tenants_worker.tasks.ticks import TICKS
from tests.isolation.cast import Seeder, Side


async def test_the_end_of_a_view_is_written_once_when_its_time_is_over(
    worker_context: WorkerContext, database: Database, seeder: Seeder, alpha: Side
) -> None:
    [tick] = [tick for tick in TICKS if tick.name == "console.end_impersonations"]
    over = new_uuid7()
    async with database.tenant(alpha.tenant_id) as session:
        session.add(
            Impersonation(
                tenant_id=alpha.tenant_id, id=over, staff_id=AdminId(alpha.owner.admin_id), staff_name="Sam",
                reason="because", started_at=seeder.now - timedelta(hours=1), ends_at=seeder.now,
            )
        )  # fmt: skip
    for _ in range(2):
        await tick.run(worker_context, seeder.now)
    async with database.tenant(alpha.tenant_id) as session:
        ended = [row.id for row in (await session.execute(select(Impersonation))).scalars() if row.ended_at is not None]
        events = (await session.execute(select(AuditEvent).where(AuditEvent.action == "impersonation.ended"))).scalars()
        assert [event.actor_kind for event in events] == ["system"]
    assert ended == [over]


def test_the_platform_is_checked_every_five_minutes() -> None:
    assert {tick.name: tick.every_seconds for tick in TICKS}["console.check_invariants"] == 300
