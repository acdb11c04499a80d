"""What must always be true is checked: each check is broken on purpose once, and says which row it is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from control_plane.queue_figures import refresh_queue_figures
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.staff.invariants import check_invariants
from lumenpay.staff.rules import INVARIANTS
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.services import run_sql

_DROP_WALL = "ALTER TABLE subscription_periods DROP CONSTRAINT ex_subscription_periods_overlap"
_BUILD_WALL = """
    ALTER TABLE subscription_periods ADD CONSTRAINT ex_subscription_periods_overlap
    EXCLUDE USING gist (tenant_id WITH =, subscription_id WITH =, during WITH &&)
"""
_NAMELESS = "a row whose id the cast does not keep"
BREAKS = {
    "ledger_unbalanced": (
        "UPDATE ledger_entries SET amount_minor = amount_minor + 1 WHERE amount_minor > 0", "tenant_id",
    ),
    "paid_without_grant": (
        "DELETE FROM grants; UPDATE payments SET settled_at = now() - interval '11 minutes'", "payment_id",
    ),
    "payment_not_booked": (
        """
        UPDATE ledger_entries SET amount_minor = 2 * amount_minor;
        UPDATE payments SET settled_at = now() - interval '11 minutes'
        """,
        "payment_id",
    ),
    "payment_unasked": ("UPDATE payments SET next_check_at = now() - interval '16 minutes'", "payment_id"),
    "grant_without_payment": ("UPDATE payments SET status = 'pending'", "payment_id"),
    "grant_without_period": ("DELETE FROM subscription_periods", "payment_id"),
    "period_without_grant": ("DELETE FROM grants", _NAMELESS),
    "periods_overlap": (
        f"""
        {_DROP_WALL};
        INSERT INTO subscription_periods (tenant_id, id, subscription_id, payment_id, during, created_at)
        SELECT tenant_id, payment_id, subscription_id, gen_random_uuid(),
               tstzrange(lower(during) + interval '1 day', upper(during)), created_at FROM subscription_periods
        """,
        "payment_id",
    ),
    "end_without_period": ("UPDATE subscriptions SET ends_at = NULL, access_ends_at = NULL", "subscription_id"),
    "access_cut_short": (
        "UPDATE subscriptions SET access_ends_at = ends_at - interval '1 second'", "subscription_id",
    ),
    "ended_early": ("UPDATE subscriptions SET status = 'expired', expired_at = now()", "subscription_id"),
    "pause_not_open": ("UPDATE subscription_pauses SET ended_at = NULL", "subscription_id"),
    "subscription_not_expired": (
        "UPDATE subscriptions SET access_ends_at = now() - interval '61 minutes'", "subscription_id",
    ),
    "reminder_overdue": (
        "UPDATE subscriptions SET next_reminder_at = now() - interval '16 minutes'", "subscription_id",
    ),
    "member_without_right": (
        """
        DELETE FROM subscriptions;
        UPDATE memberships SET actual = 'inside', wanted = 'outside', actual_seen_at = now() - interval '3 hours'
        """,
        "membership_id",
    ),
    "payer_put_out": ("UPDATE memberships SET wanted = 'outside', joined_at = now()", "membership_id"),
    "promo_uses_miscounted": ("UPDATE promo_codes SET uses_count = 2", "promo_code_id"),
    "gift_broken": ("UPDATE payments SET refunded_minor = amount_minor", "gift_id"),
    "gift_step_overdue": ("UPDATE gifts SET next_step_at = now() - interval '16 minutes'", "gift_id"),
    "job_stuck": (
        "UPDATE jobs SET status = 'ready', run_at = now() - interval '16 minutes' WHERE kind LIKE 'bots.%'", "job_id",
    ),
    "lease_forgotten": (
        """
        UPDATE jobs SET status = 'ready', run_at = now() - interval '12 minutes',
          leased_until = now() - interval '11 minutes' WHERE kind LIKE 'bots.%'
        """,
        "job_id",
    ),
    "inbox_stuck": ("UPDATE bot_inboxes SET waiting_since = now() - interval '16 minutes'", "bot_id"),
    "notice_stuck": (
        "UPDATE payment_notices SET status = 'new', received_at = now() - interval '16 minutes'", "notice_id",
    ),
    "audit_unchained": ("DELETE FROM audit_links", _NAMELESS),
}  # fmt: skip
"""For each check what breaks it, and the cast's name of the row that is to be named."""


@pytest.fixture
async def healthy(alpha: Side, superuser_url: str) -> Side:
    """The cast is made by hand: what would not pass for a healthy tenant is put right."""
    await asyncio.to_thread(
        run_sql, superuser_url,
        "UPDATE bot_inboxes SET waiting_since = NULL; DELETE FROM jobs WHERE status = 'ready'; "
        "UPDATE promo_codes SET uses_count = 1",
    )  # fmt: skip
    return alpha


async def test_there_is_a_break_for_every_check(database: Database) -> None:
    assert tuple(BREAKS) == INVARIANTS
    async with unscoped_session(database) as session:
        query = text("SELECT proname::text FROM pg_proc WHERE proname LIKE 'invariant\\_%'")
        known = set((await session.execute(query)).scalars())
    assert known == {f"invariant_{name}" for name in INVARIANTS}


@pytest.mark.parametrize("name", INVARIANTS)
async def test_a_check_finds_what_breaks_it_and_nothing_else_does(
    name: str, database: Database, seeder: Seeder, healthy: Side, sam: AsgiClient, superuser_url: str
) -> None:
    before = {row.name: row.violations for row in await check_invariants(database, now=seeder.now)}
    assert before == dict.fromkeys(INVARIANTS, 0)
    change, wanted = BREAKS[name]
    # By the clock that the check is asked with, which stands still while the run goes on.
    change = change.replace("now()", f"timestamptz '{seeder.now.isoformat()}'")
    try:
        await asyncio.to_thread(run_sql, superuser_url, f"SET session_replication_role = replica; {change}")
        found = {row.name: row for row in await check_invariants(database, now=seeder.now)}
    finally:
        if name == "periods_overlap":
            repair = f"DELETE FROM subscription_periods WHERE id = '{healthy.ids['payment_id']}'; {_BUILD_WALL}"
            await asyncio.to_thread(run_sql, superuser_url, repair)
    assert (found[name].violations, found[name].error) == (1, "")
    [sample] = found[name].samples
    assert sample["tenant_id"] == str(healthy.tenant_id)
    assert wanted == _NAMELESS or sample["id"] == str(healthy.ids[wanted])
    await shown_everywhere(name, database, sam)


async def shown_everywhere(name: str, database: Database, sam: AsgiClient) -> None:
    answer = await sam.request("GET", "/api/v1/staff/invariants")
    shown: dict[str, Any] = {row["name"]: row for row in answer.json()["items"]}
    assert shown.keys() == set(INVARIANTS)
    assert (shown[name]["violations"], len(shown[name]["samples"])) == (1, 1)
    await refresh_queue_figures(database)
    assert REGISTRY.get_sample_value("lumenpay_invariant_violations", {"check": name}) == 1


async def test_a_check_that_cannot_be_made_says_so_and_stops_no_other(
    database: Database, seeder: Seeder, healthy: Side, superuser_url: str
) -> None:
    forbid, allow = (
        f"{verb} SELECT ON grants {to} lumenpay_dispatch" for verb, to in (("REVOKE", "FROM"), ("GRANT", "TO"))
    )
    columns = "(tenant_id, payment_id)"
    try:
        await asyncio.to_thread(run_sql, superuser_url, forbid.replace("SELECT", f"SELECT {columns}"))
        found = {row.name: row for row in await check_invariants(database, now=seeder.now)}
    finally:
        await asyncio.to_thread(run_sql, superuser_url, allow.replace("SELECT", f"SELECT {columns}"))
    assert found["paid_without_grant"].error
    assert [row.name for row in found.values() if not row.error] == [
        name for name in sorted(INVARIANTS) if "grant" not in name and name != "gift_broken"
    ]
