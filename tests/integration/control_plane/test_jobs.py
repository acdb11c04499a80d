"""Dead jobs through the API: seen, put back to work together, and audited (F7)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lumenpay.db.session import Database
from lumenpay.models.audit import AuditEvent
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.tenants import Role
from tests.isolation.cast import Side
from tests.support.portal import Portal


async def test_dead_jobs_of_a_kind_are_replayed_together_and_the_audit_says_by_whom_f7(
    portal: Portal, alpha: Side, database: Database
) -> None:
    client = portal.browser(alpha.people[Role.MANAGER].token)
    base = f"/api/v1/tenants/{alpha.tenant_id}/jobs/dead"
    assert (await client.request("GET", base)).json()["total"] == 1
    other = await client.request("POST", f"{base}/replay", json={"kind": "payments.check"})
    assert (other.status, other.json()["replayed"]) == (202, 0)
    answer = await client.request("POST", f"{base}/replay", json={"kind": "bots.check_health"})
    assert (answer.status, answer.json()["replayed"]) == (202, 1)
    assert (await client.request("GET", base)).json()["total"] == 0
    async with database.tenant(alpha.tenant_id) as session:
        query = select(AuditEvent).where(AuditEvent.tenant_id == alpha.tenant_id, AuditEvent.action == "jobs.replayed")
        events = list((await session.execute(query.order_by(AuditEvent.created_at))).scalars())
    assert {event.actor_id for event in events} == {alpha.people[Role.MANAGER].admin_id}
    assert {"kind": "bots.check_health", "count": 1} in [event.details for event in events]


async def test_all_dead_jobs_are_counted_by_kind_and_replayed_together_f7(
    portal: Portal, alpha: Side, database: Database
) -> None:
    client = portal.browser(alpha.people[Role.MANAGER].token)
    base = f"/api/v1/tenants/{alpha.tenant_id}/jobs/dead"
    async with database.tenant(alpha.tenant_id) as session:
        for kind in ("payments.check", "payments.check", "access.deliver"):
            values = {"queue": "money", "payload": {}, "status": JobStatus.DEAD, "run_at": portal.clock.now()}
            session.add(Job(tenant_id=alpha.tenant_id, kind=kind, created_at=portal.clock.now(), **values))
    assert (await client.request("GET", f"{base}/kinds")).json() == {
        "kinds": [
            {"kind": "payments.check", "count": 2}, {"kind": "access.deliver", "count": 1},
            {"kind": "bots.check_health", "count": 1},
        ]
    }  # fmt: skip
    answer = await client.request("POST", f"{base}/replay", json={})
    assert (answer.status, answer.json()["replayed"]) == (202, 4)
    assert (await client.request("GET", f"{base}/kinds")).json() == {"kinds": []}
    again = await client.request("POST", f"{base}/replay", json={"kind": None})
    assert again.json()["replayed"] == 0


@pytest.mark.parametrize("kind", ["", "*", "payments", "x" * 60 + ".y", "a.b; DROP"])
async def test_a_kind_that_cannot_be_one_is_refused(portal: Portal, alpha: Side, kind: str) -> None:
    client = portal.browser(alpha.owner.token)
    path = f"/api/v1/tenants/{alpha.tenant_id}/jobs/dead/replay"
    assert (await client.request("POST", path, json={"kind": kind})).status == 422
