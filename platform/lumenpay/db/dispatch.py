"""The narrow functions that look across tenants: each returns `(tenant_id, id)` and the work happens inside the tenant.

They are SECURITY DEFINER functions owned by the role `lumenpay_dispatch` (see `migrations/sql`). What is due comes in
turns: the first of every tenant before the second of any, the longest overdue first (`migrations/fairness.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import SmallInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from lumenpay.db.unscoped import call_function
from lumenpay.models.ids import AdminId, BotId, ChannelId, JobId, LeaseId, PaymentId, SubscriptionId, TenantId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lumenpay.db.session import Database


class TenantRow(NamedTuple):
    """A row somewhere: which tenant, which id."""

    tenant_id: TenantId
    id: UUID


class HeldRow(NamedTuple):
    """A job, or (with a lane) a lane of a bot's inbox, and the lease that holds it."""

    tenant_id: TenantId
    row_id: UUID
    lane: int | None
    lease_id: LeaseId


_RENEW = text(
    "SELECT id, lease_id FROM renew_leases(:tenant_ids, :row_ids, :lanes, :lease_ids, :lease_seconds)"
).bindparams(
    *(bindparam(name, type_=ARRAY(Uuid())) for name in ("tenant_ids", "row_ids", "lease_ids")),
    bindparam("lanes", type_=ARRAY(SmallInteger())),
)


async def list_tenants_of_admin(database: Database, *, admin_id: AdminId) -> list[tuple[TenantId, str]]:
    """Return the tenants that a person works for, with the role in each."""
    rows = await _call(database, "SELECT tenant_id, role FROM tenants_of_admin(:admin_id)", admin_id=admin_id)
    return [(TenantId(row[0]), str(row[1])) for row in rows]


async def claim_inboxes(
    database: Database, *, lane: int, lease_id: LeaseId, lease_seconds: int, limit: int
) -> list[tuple[TenantId, BotId]]:
    """Lease up to `limit` bots whose inbox lane waits longest; nobody else gets them until the lease ends."""
    rows = await _call(
        database,
        "SELECT tenant_id, bot_id FROM claim_inboxes(:lane, :lease_id, :lease_seconds, :max_rows)",
        lane=lane, lease_id=lease_id, lease_seconds=lease_seconds, max_rows=limit,
    )  # fmt: skip
    return [(TenantId(row[0]), BotId(row[1])) for row in rows]


async def claim_jobs(
    database: Database, *, queue: str, lease_id: LeaseId, lease_seconds: int, limit: int, per_tenant: int
) -> list[tuple[TenantId, JobId]]:
    """Lease up to `limit` due jobs of a queue, at most `per_tenant` of one tenant, starting at a random tenant."""
    rows = await _call(
        database,
        "SELECT tenant_id, id FROM claim_jobs(:queue, :lease_id, :lease_seconds, :max_rows, :per_tenant)",
        queue=queue, lease_id=lease_id, lease_seconds=lease_seconds, max_rows=limit, per_tenant=per_tenant,
    )  # fmt: skip
    return [(TenantId(row[0]), JobId(row[1])) for row in rows]


async def list_due_expiries(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, SubscriptionId]]:
    """Return active subscriptions whose access ended by `now`."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_expiries(:now, :max_rows)", now=now, max_rows=limit)
    return [(TenantId(row[0]), SubscriptionId(row[1])) for row in rows]


async def list_due_reminders(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, SubscriptionId]]:
    """Return active subscriptions whose next reminder is due by `now`."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_reminders(:now, :max_rows)", now=now, max_rows=limit)
    return [(TenantId(row[0]), SubscriptionId(row[1])) for row in rows]


async def list_due_autopays(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, SubscriptionId]]:
    """Return subscriptions whose next step of autopay, a notice or a charge, is due by `now`."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_autopays(:now, :max_rows)", now=now, max_rows=limit)
    return [(TenantId(row[0]), SubscriptionId(row[1])) for row in rows]


async def list_due_pauses(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, SubscriptionId]]:
    """Return paused subscriptions whose person is to be told that they run again soon, or that run again, by `now`."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_pauses(:now, :max_rows)", now=now, max_rows=limit)
    return [(TenantId(row[0]), SubscriptionId(row[1])) for row in rows]


async def list_due_win_backs(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return ends of subscriptions whose person is to be offered something by `now`."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_win_backs(:now, :max_rows)", now=now, max_rows=limit)
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_broadcasts(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return broadcasts that are to begin or to be looked after by `now`, longest overdue first."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_broadcasts(:now, :max_rows)", now=now, max_rows=limit)
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_gifts(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, UUID]]:
    """Return gifts whose giver is to be reminded, or whose time is over."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_gifts(:now, :max_rows)", now=now, max_rows=limit)
    return [(TenantId(row[0]), row[1]) for row in rows]


async def list_due_payment_checks(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, PaymentId]]:
    """Return payments that the gateway should be asked about by `now`."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_payment_checks(:now, :max_rows)", now=now, max_rows=limit
    )
    return [(TenantId(row[0]), PaymentId(row[1])) for row in rows]


async def list_due_channel_checks(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, ChannelId]]:
    """Return channels in which the bot's rights should be looked at by `now`."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_channel_checks(:now, :max_rows)", now=now, max_rows=limit
    )
    return [(TenantId(row[0]), ChannelId(row[1])) for row in rows]


async def list_due_reconciliations(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, BotId]]:
    """Return bots whose shop should be compared with the gateway's list by `now`."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_reconciliations(:now, :max_rows)", now=now, max_rows=limit
    )
    return [(TenantId(row[0]), BotId(row[1])) for row in rows]


async def list_due_star_reconciliations(
    database: Database, *, now: datetime, limit: int
) -> list[tuple[TenantId, BotId]]:
    """Return bots whose Stars should be compared with Telegram's list by `now`, longest overdue first."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_star_reconciliations(:now, :max_rows)", now=now, max_rows=limit
    )
    return [(TenantId(row[0]), BotId(row[1])) for row in rows]


async def list_due_sweeps(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, ChannelId]]:
    """Return channels in which Telegram should be asked about a share of the people by `now`."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_sweeps(:now, :max_rows)", now=now, max_rows=limit)
    return [(TenantId(row[0]), ChannelId(row[1])) for row in rows]


async def list_due_analytics(database: Database, *, now: datetime, limit: int) -> list[TenantId]:
    """Return tenants of which days are over by `now` that are not added up, longest overdue first."""
    rows = await _call(database, "SELECT tenant_id FROM due_analytics(:now, :max_rows)", now=now, max_rows=limit)
    return [TenantId(row[0]) for row in rows]


async def _call(database: Database, statement: str, **values: Any) -> Sequence[Any]:  # noqa: ANN401 - bound values
    query = text(statement).bindparams(*(bindparam(name, type_=Uuid()) for name in values if name.endswith("_id")))
    return await call_function(database, query, values)


async def list_due_refund_checks(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return refunds that the gateway is to be asked about by `now`."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_refund_checks(:now, :max_rows)", now=now, max_rows=limit
    )
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_refund_sweeps(database: Database, *, before: datetime, limit: int) -> list[TenantRow]:
    """Return bots whose shop was last asked for unknown refunds before a moment."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_refund_sweeps(:before, :max_rows)", before=before, max_rows=limit
    )
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_shop_checks(database: Database, *, before: datetime, limit: int) -> list[TenantRow]:
    """Return bots whose shop's keys the gateway refused, and that were last tried before a moment."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_shop_checks(:before, :max_rows)", before=before, max_rows=limit
    )
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_fiscal_receipts(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return fiscal receipts about which something is to be done by `now`."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_fiscal_receipts(:now, :max_rows)", now=now, max_rows=limit
    )
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_billings(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return what tenants have of the platform about which Stripe is to be asked by `now`, longest overdue first."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_billings(:now, :max_rows)", now=now, max_rows=limit)
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_active_bots(database: Database, *, after: UUID, limit: int) -> list[TenantRow]:
    """Return active bots in order of id, beginning after one."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM list_active_bots(:after_id, :max_rows)", after_id=after, max_rows=limit
    )
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def wake_forgotten_inboxes(database: Database, *, now: datetime) -> int:
    """Make every lane with unhandled updates known to the workers; return how many were not."""
    rows = await _call(database, "SELECT wake_forgotten_inboxes(:now)", now=now)
    return int(rows[0][0])


async def list_due_test_drives(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return test drives that are to be ended or removed by `now`, longest overdue first."""
    rows = await _call(database, "SELECT tenant_id, id FROM due_test_drives(:now, :max_rows)", now=now, max_rows=limit)
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def count_test_drives(database: Database) -> int:
    """Return how many test drives there are in the whole installation, until their removal."""
    return int((await _call(database, "SELECT count_test_drives()"))[0][0])


async def remove_test_drive(database: Database, drive_tenant_id: TenantId) -> bool:
    """Remove the tenant of a test drive with all that is in it; no other tenant can be removed. Safe to repeat."""
    return bool((await _call(database, "SELECT remove_test_drive(:drive_id)", drive_id=drive_tenant_id))[0][0])


async def read_database_clock(database: Database) -> datetime:
    """Return what time it is by the database's clock."""
    [(moment,)] = await _call(database, "SELECT clock_timestamp()")
    found: datetime = moment
    return found


async def read_queue_figures(database: Database) -> list[tuple[str, int, float, int]]:
    """Return for each queue how many jobs wait, for how many seconds the oldest does, and how many are dead."""
    rows = await _call(database, "SELECT queue, waiting, oldest_seconds, dead FROM queue_figures()")
    return [(row[0], int(row[1]), float(row[2]), int(row[3])) for row in rows]


async def list_sealing_keys(database: Database) -> list[str]:
    """Return the ids of the secret keys that stored secrets are sealed with; costs about one look-up a key."""
    return [str(row[0]) for row in await _call(database, "SELECT key_id FROM list_sealing_keys()")]


async def list_bots_sealed_otherwise(
    database: Database, *, newest: str, after: TenantRow, limit: int
) -> list[TenantRow]:
    """Return bots, deleted ones too, with a secret that another key than `newest` sealed, in order of their key."""
    rows = await _call(
        database,
        "SELECT tenant_id, id FROM list_bots_sealed_otherwise(:newest, :tenant_id, :bot_id, :max_rows)",
        newest=newest, tenant_id=after.tenant_id, bot_id=after.id, max_rows=limit,
    )  # fmt: skip
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def renew_leases(database: Database, *, rows: Sequence[HeldRow], lease_seconds: int) -> set[tuple[UUID, LeaseId]]:
    """Prolong leases that have not ended, counted from now; return (row, lease) of those that are still held."""
    values = {
        "tenant_ids": [row.tenant_id for row in rows], "row_ids": [row.row_id for row in rows],
        "lanes": [row.lane for row in rows], "lease_ids": [row.lease_id for row in rows],
        "lease_seconds": lease_seconds,
    }  # fmt: skip
    return {(row[0], LeaseId(row[1])) for row in await call_function(database, _RENEW, values)}


async def list_broken_rows(database: Database, *, check: str, now: datetime, limit: int) -> list[TenantRow]:
    """Return the rows, up to `limit`, that break one of the invariants of `lumenpay.staff.invariants`."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM list_broken_rows(:check, :now, :max_rows)", check=check, now=now,
        max_rows=limit,
    )  # fmt: skip
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_impersonations(database: Database, *, now: datetime, limit: int) -> list[tuple[TenantId, UUID]]:
    """Return impersonations whose time is over and whose end is not written yet."""
    rows = await _call(
        database, "SELECT tenant_id, id FROM due_impersonations(:now, :max_rows)", now=now, max_rows=limit
    )
    return [(TenantId(row[0]), row[1]) for row in rows]
