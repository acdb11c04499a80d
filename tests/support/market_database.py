"""A migrated database for one test session, on a server that the environment names or on an embedded one."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from operations.embedded import EmbeddedPostgres
from operations.embedded.database import bootstrap_database
from operations.migrate import upgrade_database

SERVER_VARIABLE = "LUMENPAY_TEST_POSTGRES_URL"
"""Superuser address of a PostgreSQL server with trust authentication; empty: an embedded one."""


@contextmanager
def migrated_database() -> Iterator[str]:
    """Yield the address of a fresh database at the newest schema, with the application role."""
    name = f"lp_market_{uuid4().hex[:8]}"
    with ExitStack() as cleanup:
        given = os.environ.get(SERVER_VARIABLE)
        if given:
            owner, app = _make_database(given, name)
            cleanup.callback(asyncio.run, _execute(given, f'DROP DATABASE "{name}" WITH (FORCE)'))
        else:
            folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="lumenpay-test-"))
            server = EmbeddedPostgres(Path(folder))
            cleanup.callback(server.destroy)
            server.start()
            urls = bootstrap_database(server.superuser_url(), name=name, owner_password="o", app_password="a")
            owner, app = urls.owner, urls.app
        upgrade_database(owner, app)
        yield app


def _make_database(server_url: str, name: str) -> tuple[str, str]:
    asyncio.run(_execute(server_url, f'CREATE DATABASE "{name}" OWNER lumenpay_owner'))
    address = server_url.rpartition("@")[2].partition("/")[0]
    owner, app = (f"postgresql+asyncpg://{role}@{address}/{name}" for role in ("lumenpay_owner", "lumenpay_app"))
    return owner, app


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
