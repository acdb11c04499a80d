"""PostgreSQL and Valkey of a test run: started once, shared by all its processes, gone at the end."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from operations.embedded import DatabaseUrls, EmbeddedPostgres, EmbeddedValkey, bootstrap_database
from operations.migrate import upgrade_database

TEMPLATE = "lumenpay_template"
PASSWORD = "lumenpay-tests"
_OWN_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version'
"""


class Servers:
    """The servers under one folder; every process of the run finds the same ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.postgres = EmbeddedPostgres(folder)
        self.valkey = EmbeddedValkey(folder)

    def start_postgres(self) -> None:
        """Leave PostgreSQL running, with a migrated template that nobody is connected to."""
        self.postgres.start()
        _let_go(self.postgres)
        done = self._folder / "template.done"
        with _locked(self._folder / "template.lock"):
            if not done.exists():
                urls = self._bootstrap(TEMPLATE)
                upgrade_database(urls.owner, urls.app)
                done.touch()

    def start_valkey(self) -> None:
        """Leave Valkey running."""
        self.valkey.start()
        _let_go(self.valkey)

    def clone_database(self, name: str) -> DatabaseUrls:
        """Return the addresses of a fresh copy of the template."""
        with _locked(self._folder / "template.lock"):
            run_sql(self.superuser_url(), f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
            # Tests end processes, never the machine: what the kernel was handed stays, so nobody waits for a disk.
            run_sql(self.superuser_url(), f'ALTER DATABASE "{name}" SET synchronous_commit = off')
            return self._bootstrap(name)

    def create_database(self, name: str) -> DatabaseUrls:
        """Return the addresses of a fresh database without any table."""
        return self._bootstrap(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        run_sql(self.superuser_url(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def superuser_url(self, name: str = "postgres") -> str:
        """Return the address of the superuser, who alone sees past the walls."""
        return self.postgres.superuser_url(name)

    def destroy(self) -> None:
        """Stop everything and leave nothing behind."""
        if (self._folder / "postgres.port").exists():
            self.postgres.destroy()
        if (self._folder / "valkey.port").exists():
            self.valkey.destroy()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _bootstrap(self, name: str) -> DatabaseUrls:
        return bootstrap_database(
            self.superuser_url(), name=name, owner_password=f"{PASSWORD}-owner", app_password=PASSWORD,
            backup_password=f"{PASSWORD}-backup", staff_password=f"{PASSWORD}-staff",
        )  # fmt: skip


def _let_go(server: EmbeddedPostgres | EmbeddedValkey) -> None:
    # The server outlives the process that happened to start it: it is found again by its pid file.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        server._child = None


def run_sql(url: str, statement: str) -> None:
    """Run a statement on a connection of its own, from ordinary (not async) code."""

    async def run() -> None:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


class Sweeper:
    """Empties a database again and again over one connection: logging in takes ten times as long as sweeping."""

    def __init__(self, superuser_url: str) -> None:
        self._url = superuser_url
        self._connection: asyncpg.Connection[Any] | None = None

    async def sweep(self) -> None:
        """Remove every row of every table but the schema's version."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await _connect_to_sweep(self._url)
        await self._connection.execute("SELECT pg_temp.sweep()")

    async def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            await self._connection.close()


async def _connect_to_sweep(url: str) -> asyncpg.Connection[Any]:
    """Return a connection that obeys no foreign key and keeps the plans of its deletions."""
    connection = await asyncpg.connect(url, timeout=10)
    # Setting the role anew for each sweep would throw the plans away.
    await connection.execute("SET session_replication_role = replica")
    deletions = " ".join(f'DELETE FROM "{row["relname"]}";' for row in await connection.fetch(_OWN_TABLES))
    await connection.execute(
        f"CREATE FUNCTION pg_temp.sweep() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {deletions} END $$"
    )
    return connection


def database_name(url: str) -> str:
    """Return the name of the database in an address."""
    return urlsplit(url).path.lstrip("/")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
