"""Walks over the bots of all tenants and re-seals, or only looks; each row is a short transaction in its own tenant.

What is done stands in the rows themselves: a walk that was killed is gone on with by the next, and two at once do no
harm, since each looks again under the row's lock.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from lumenpay.admins.resealing import list_totp_keys, reseal_totp
from lumenpay.bots.resealing import list_seals, reseal_bot
from lumenpay.db.dispatch import TenantRow, list_bots_sealed_otherwise, list_sealing_keys
from lumenpay.db.session import Database
from lumenpay.db.webhook_dispatch import list_webhooks_sealed_otherwise
from lumenpay.kit.crypto import KeyRing, SealBrokenError
from lumenpay.models.ids import TenantId
from lumenpay.webhooks.secrets import find_fault, reseal_endpoint

PARALLEL_ROWS = 4
"""Few, so that the serving processes notice nothing."""
_PAGE = 500
_BEGINNING = TenantRow(TenantId(UUID(int=0)), UUID(int=0))
_NO_KEY = ""
_LOCK_NOT_AVAILABLE = "55P03"

Advance = Callable[[int, int], None]
"""Told how many rows were looked at, of how many."""


@dataclass
class Rotation:
    """What a walk over the bots did."""

    resealed: int = 0
    unopened: list[TenantRow] = field(default_factory=list)
    """A secret of these does not open with any key of the ring: they stay as they are."""
    left: int = 0
    """How many bots still have a secret under an older key, those that do not open included."""
    authenticators: int = 0
    """How many people's authenticators were re-sealed."""
    unopened_authenticators: int = 0
    webhooks: int = 0
    """How many endpoints of webhooks were re-sealed."""
    unopened_webhooks: list[TenantRow] = field(default_factory=list)
    removable: list[str] = field(default_factory=list)
    """Ids of keys of the ring that nothing is sealed with any more."""


@dataclass
class Inspection:
    """What is sealed with which key, and what does not open."""

    rows_by_key: Counter[str] = field(default_factory=Counter)
    """Bots by the id of the key; one with secrets under two keys counts for both."""
    faults: list[tuple[TenantRow, str, str]] = field(default_factory=list)
    """Bot, which secret, and what is wrong with it."""
    webhook_faults: list[tuple[TenantRow, str]] = field(default_factory=list)
    """Endpoint of a webhook, and what is wrong with its secret."""


async def rotate_keys(database: Database, ring: KeyRing, *, advance: Advance) -> Rotation:
    """Seal everything with the newest key that is not yet."""
    rotation = Rotation()
    waiting = await _list_rows(database, newest=ring.key_ids[0])

    async def reseal_one(row: TenantRow) -> None:
        try:
            async with database.tenant(row.tenant_id) as session:
                is_changed = await reseal_bot(session, row.id, ring=ring)
        except SealBrokenError:
            rotation.unopened.append(row)
        except DBAPIError as error:
            # Somebody held the row for seconds: it is counted as left, and the next walk takes it.
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
        else:
            rotation.resealed += is_changed

    async for looked_at in _walk(waiting, reseal_one):
        advance(looked_at, len(waiting))
    rotation.left = len(await _list_rows(database, newest=ring.key_ids[0]))
    rotation.authenticators, rotation.unopened_authenticators = await reseal_totp(database, ring)
    await _reseal_webhooks(database, ring, rotation)
    in_use = [*await list_sealing_keys(database), *await list_totp_keys(database)]
    rotation.removable = [key_id for key_id in ring.key_ids[1:] if key_id not in in_use]
    return rotation


async def _reseal_webhooks(database: Database, ring: KeyRing, rotation: Rotation) -> None:
    async def reseal_one(row: TenantRow) -> None:
        try:
            async with database.tenant(row.tenant_id) as session:
                rotation.webhooks += await reseal_endpoint(session, row.id, ring=ring)
        except SealBrokenError:
            rotation.unopened_webhooks.append(row)

    async for _ in _walk(await _list_webhooks(database, newest=ring.key_ids[0]), reseal_one):
        pass


async def inspect_keys(database: Database, ring: KeyRing, *, advance: Advance) -> Inspection:
    """Open every stored secret with the key that it names."""
    inspection = Inspection()
    rows = await _list_rows(database, newest=_NO_KEY)

    async def inspect_one(row: TenantRow) -> None:
        async with database.tenant(row.tenant_id) as session:
            seals = await list_seals(session, row.id, ring=ring)
        inspection.rows_by_key.update({seal.key_id for seal in seals})
        inspection.faults.extend((row, seal.slot, seal.fault) for seal in seals if seal.fault)

    async def inspect_webhook(row: TenantRow) -> None:
        async with database.tenant(row.tenant_id) as session:
            fault = await find_fault(session, row.id, ring=ring)
        if fault:
            inspection.webhook_faults.append((row, fault))

    async for looked_at in _walk(rows, inspect_one):
        advance(looked_at, len(rows))
    async for _ in _walk(await _list_webhooks(database, newest=_NO_KEY), inspect_webhook):
        pass
    return inspection


async def _list_rows(database: Database, *, newest: str) -> list[TenantRow]:
    return await _list_all(list_bots_sealed_otherwise, database, newest=newest)


async def _list_webhooks(database: Database, *, newest: str) -> list[TenantRow]:
    return await _list_all(list_webhooks_sealed_otherwise, database, newest=newest)


async def _list_all(
    list_page: Callable[..., Awaitable[list[TenantRow]]], database: Database, *, newest: str
) -> list[TenantRow]:
    rows: list[TenantRow] = []
    while True:
        after = rows[-1] if rows else _BEGINNING
        page = await list_page(database, newest=newest, after=after, limit=_PAGE)
        rows += page
        if len(page) < _PAGE:
            return rows


async def _walk(rows: list[TenantRow], visit: Callable[[TenantRow], Awaitable[None]]) -> AsyncIterator[int]:
    for start in range(0, len(rows), PARALLEL_ROWS):
        batch = rows[start : start + PARALLEL_ROWS]
        await asyncio.gather(*(visit(row) for row in batch))
        yield start + len(batch)
