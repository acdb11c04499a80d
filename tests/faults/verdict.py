"""Compares what the gateway took with what the product gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import asyncpg

from operations.story.doors import Doors
from tests.support.waiting import until

_GIVEN = """
    SELECT p.provider_payment_id AS id, p.status, p.delivery_state,
           (SELECT count(*) FROM grants g WHERE (g.tenant_id, g.payment_id) = (p.tenant_id, p.id)) AS grants,
           (SELECT count(*) FROM subscription_periods s
            WHERE (s.tenant_id, s.payment_id) = (p.tenant_id, p.id)) AS periods
    FROM payments p
"""


@dataclass(frozen=True)
class Verdict:
    """Figures of a run; a sound one has nothing but `payments`."""

    payments: int
    lost: int
    duplicates: int
    unpaid_grants: int
    ledger_difference: int
    unbalanced: int
    undelivered: int

    @property
    def is_sound(self) -> bool:
        """Whether everyone got exactly what they paid for."""
        return not any((
            self.lost, self.duplicates, self.unpaid_grants, self.ledger_difference, self.unbalanced, self.undelivered
        ))  # fmt: skip


async def judge(doors: Doors, superuser_url: str) -> Verdict:
    """Look at the gateway and at the database."""
    listed = await doors.yookassa("GET", "/payments?limit=100000")
    taken = {one["id"]: one for one in listed["payments"] if one["status"] == "succeeded"}
    connection = await until(lambda: _connect(superuser_url), seconds=60, what="a database that the last kill ended")
    try:
        given = {row["id"]: row for row in await connection.fetch(_GIVEN) if row["id"]}
        await until(lambda: _is_delivered(connection, len(taken)), seconds=60, what="every order to be joined")
        given = {row["id"]: row for row in await connection.fetch(_GIVEN) if row["id"]}
        unbalanced = await connection.fetch(
            "SELECT transaction_id FROM ledger_entries GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0"
        )
        booked = await connection.fetchval(
            "SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_entries WHERE account = 'gateway'"
        )
    finally:
        await connection.close()
    return _compare(taken, given, booked=booked, unbalanced=len(unbalanced))


async def _connect(url: str) -> asyncpg.Connection | None:
    try:
        return await asyncpg.connect(url, timeout=10)
    except (OSError, asyncpg.CannotConnectNowError):
        return None


async def _is_delivered(connection: asyncpg.Connection, payments: int) -> bool:
    joined = await connection.fetchval("SELECT count(*) FROM payments WHERE delivery_state = 'joined'")
    return bool(joined >= payments)


def _compare(taken: dict[str, Any], given: dict[str, Any], *, booked: int, unbalanced: int) -> Verdict:
    grants = Counter({key: row["grants"] for key, row in given.items()})
    periods = Counter({key: row["periods"] for key, row in given.items()})
    money = sum(round(float(one["amount"]["value"]) * 100) for one in taken.values())
    return Verdict(
        payments=len(taken),
        lost=sum(1 for key in taken if not grants[key] or not periods[key]),
        duplicates=sum(1 for key in taken if grants[key] > 1 or periods[key] > 1),
        unpaid_grants=sum(1 for key, count in grants.items() if count and key not in taken),
        ledger_difference=booked - money,
        unbalanced=unbalanced,
        undelivered=sum(1 for key in taken if key not in given or given[key]["delivery_state"] != "joined"),
    )
