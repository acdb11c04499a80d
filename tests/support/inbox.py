"""Inboxes filled as the ingress fills them, and an eye on the rows."""

from __future__ import annotations

import asyncpg
import pytest

from tests.factories.tenants import MadeBot

_INGEST = "SELECT ingest_updates($1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[], $5::bytea[], $6)"


@pytest.fixture
async def sql(database, superuser_url):
    """A connection that sees every tenant's rows."""
    connection = await asyncpg.connect(superuser_url)
    yield connection
    await connection.close()


@pytest.fixture
async def deliver(database, postgres_urls, clock):
    """Store raw updates of a bot, in the order given, with the application's role."""
    from control_plane.ingress.scanning import scan_update

    connection = await asyncpg.connect(postgres_urls.app.replace("+asyncpg", ""))

    async def ingest(bot: MadeBot, *bodies: bytes, lane: int | None = None) -> None:
        facts = [scan_update(body) or (number, 1) for number, body in enumerate(bodies, 900_000)]
        lanes = [lane if lane is not None else found for _, found in facts]
        count = len(bodies)
        await connection.execute(
            _INGEST, [bot.tenant_id] * count, [bot.id] * count, [number for number, _ in facts], lanes, list(bodies),
            clock.now(),
        )  # fmt: skip

    yield ingest
    await connection.close()
