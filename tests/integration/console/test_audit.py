"""The audit log: filters and pages, and chains in which every change shows."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from lumenpay.audit.rules import Head
from lumenpay.audit.service import Actor, record
from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.tenants import Role
from operations.audit import read_heads, report, verify_database
from operations.embedded import DatabaseUrls
from operations.migrate import migration_config
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.services import run_sql


async def tell(database: Database, tenant_id: Any, number: int, seeder: Seeder) -> None:
    async with database.tenant(tenant_id) as session:
        details = {"number": number, "text": 'line\nbreak, "quotes" и ещё', "nested": {"b": 1, "a": 2.50}}
        record(
            session, actor=Actor("admin", new_uuid7()), action=f"plan.n{number}", subject_id=None, now=seeder.now,
            details=details,
        )  # fmt: skip


async def verify(urls: DatabaseUrls, known: dict[str, Head] | None = None) -> Any:
    return await verify_database(urls.staff, known or {})


async def break_it(superuser_url: str, statement: str) -> None:
    # No right and no key stands in the way of whoever owns the machine.
    await asyncio.to_thread(run_sql, superuser_url, f"SET session_replication_role = replica; {statement}")


async def test_events_of_many_transactions_at_once_stand_in_one_unbroken_chain(
    database: Database, seeder: Seeder, alpha: Side, postgres_urls: DatabaseUrls
) -> None:
    await asyncio.gather(*(tell(database, alpha.tenant_id, number, seeder) for number in range(40)))
    verdict = await verify(postgres_urls)
    assert (verdict.breaks, verdict.heads[str(alpha.tenant_id)].position) == ([], 41)


@pytest.mark.parametrize(
    ("change", "position", "words"),
    [
        ("UPDATE audit_events SET action = 'plan.other' WHERE action = 'plan.n2'", 4, "was changed"),
        ("UPDATE audit_events SET details = '{}' WHERE action = 'plan.n0'", 2, "was changed"),
        ("UPDATE audit_events SET actor_id = NULL WHERE action = 'plan.n3'", 5, "was changed"),
        ("DELETE FROM audit_events WHERE action = 'plan.n1'", 3, "was deleted"),
        ("DELETE FROM audit_links WHERE position = 3", 3, "is missing"),
        ("UPDATE audit_links SET hash = sha256('x') WHERE position = 4", 4, "was changed"),
    ],
)
async def test_the_first_broken_row_is_named_n1(
    database: Database, seeder: Seeder, alpha: Side, postgres_urls: DatabaseUrls, superuser_url: str,
    change: str, position: int, words: str,
) -> None:  # fmt: skip
    for number in range(5):
        await tell(database, alpha.tenant_id, number, seeder)
    await break_it(superuser_url, change)
    verdict = await verify(postgres_urls)
    first = verdict.breaks[0]
    assert (first.chain, first.position) == (str(alpha.tenant_id), position)
    assert words in first.fault
    assert report(verdict, None) == 1


async def test_a_cut_end_shows_against_the_heads_of_the_run_before_n1(
    database: Database, seeder: Seeder, alpha: Side, postgres_urls: DatabaseUrls, superuser_url: str, tmp_path: Path
) -> None:
    for number in range(3):
        await tell(database, alpha.tenant_id, number, seeder)
    heads = tmp_path / "heads.json"
    assert report(await verify(postgres_urls), heads) == 0
    assert json.loads(heads.read_text())[str(alpha.tenant_id)]["position"] == 4
    await break_it(
        superuser_url, "DELETE FROM audit_events WHERE action = 'plan.n2'; DELETE FROM audit_links WHERE position = 4"
    )
    assert not (await verify(postgres_urls)).breaks
    [found] = (await verify(postgres_urls, read_heads(heads))).breaks
    assert (found.position, "cut" in found.fault) == (4, True)


async def test_what_happens_to_the_platform_has_a_chain_of_its_own(
    sam: AsgiClient, postgres_urls: DatabaseUrls, superuser_url: str
) -> None:
    shown = (await sam.request("GET", "/api/v1/staff/audit-events")).json()["items"]
    assert [(event["action"], event["actor"]["kind"]) for event in shown] == [("staff.added", "operator")]
    assert not (await verify(postgres_urls)).breaks
    await break_it(superuser_url, "UPDATE platform_events SET subject_id = NULL")
    [found] = (await verify(postgres_urls)).breaks
    assert (found.chain, found.position) == ("platform", 1)


@pytest.mark.parametrize("role", ["app", "staff"])
async def test_nobody_but_the_owner_can_change_the_log_n1(alpha: Side, postgres_urls: DatabaseUrls, role: str) -> None:
    connection = await asyncpg.connect(getattr(postgres_urls, role).replace("+asyncpg", ""), timeout=10)
    for table in ("audit_events", "audit_links", "platform_events"):
        for change in (f"UPDATE {table} SET id = NULL", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedColumnError)):
                await connection.execute(change)
    await connection.close()


async def test_the_log_is_narrowed_and_goes_on_after_its_cursor(
    database: Database, seeder: Seeder, alpha: Side, owner: AsgiClient
) -> None:
    for number in range(5):
        await tell(database, alpha.tenant_id, number, seeder)
    log = f"/api/v1/tenants/{alpha.tenant_id}/audit-events"

    async def actions(**query: Any) -> list[str]:
        answer = await owner.request("GET", log, query=query)
        assert answer.status == 200, answer.body
        return [event["action"] for event in answer.json()["items"]]

    assert len(await actions()) == 6
    assert await actions(action="plan.n3") == ["plan.n3"]
    assert len(await actions(action="plan.")) == 5
    assert await actions(actor_id=alpha.owner.admin_id) == await actions(subject_id=alpha.ids["subject_id"])
    assert await actions(created_until=seeder.now.isoformat()) == []
    assert len(await actions(created_from=seeder.now.isoformat())) == 6
    seen, cursor = [], None
    while True:
        page = await owner.request("GET", log, query={"size": 2, **({"after": cursor} if cursor else {})})
        seen += [event["id"] for event in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert (len(seen), len(set(seen))) == (6, 6)


async def test_support_does_not_read_the_log(portal: Any, alpha: Side) -> None:
    client = portal.browser(alpha.people[Role.SUPPORT].token)
    answer = await client.request("GET", f"/api/v1/tenants/{alpha.tenant_id}/audit-events")
    assert (answer.status, answer.json()["code"]) == (403, "role_not_allowed")


def test_events_from_before_the_chains_begin_them(empty_database: DatabaseUrls, superuser_url: str) -> None:
    config = migration_config(empty_database.owner)
    script = ScriptDirectory.from_config(config)
    command.upgrade(config, str(script.get_revision("0013").down_revision))
    url = f"{superuser_url.rpartition('/')[0]}/{empty_database.owner.rpartition('/')[2]}"
    run_sql(
        url,
        """
        INSERT INTO tenants (id, name, created_at)
        SELECT gen_random_uuid(), 'T' || n, now() FROM generate_series(1, 2) n;
        INSERT INTO audit_events (tenant_id, id, actor_kind, action, details, created_at)
        SELECT t.id, gen_random_uuid(), 'system', 'plan.n' || n, '{"a": 1}', now() - n * interval '1 hour'
        FROM tenants t, generate_series(1, 3) n
        """,
    )
    command.upgrade(config, "head")
    verdict = asyncio.run(verify_database(empty_database.staff, {}))
    assert (verdict.breaks, verdict.links, {head.position for head in verdict.heads.values()}) == ([], 6, {3})
