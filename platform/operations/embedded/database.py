"""The roles and the database that LumenPay needs, made by a superuser once and safe to make again."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import quote, urlsplit

import asyncpg

OWNER_ROLE: Final = "lumenpay_owner"
APP_ROLE: Final = "lumenpay_app"
STAFF_ROLE: Final = "lumenpay_staff"
"""Reads what the console shows, no secret among it, and writes nothing."""
BACKUP_ROLE: Final = "lumenpay_backup"
"""Reads every row, past the walls, and writes none: pg_dump refuses to save half a table."""

_T = TypeVar("_T")
_CONNECT_SECONDS = 5.0
_BOOTSTRAP_LOCK = 7_236_114  # Any constant: two bootstraps of one server must not race for the shared role catalogue.

_ROLE_ATTRIBUTES = {
    OWNER_ROLE: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB CREATEROLE NOREPLICATION",
    APP_ROLE: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
    STAFF_ROLE: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
    BACKUP_ROLE: "LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
}


@dataclass(frozen=True)
class DatabaseUrls:
    """SQLAlchemy URLs of one database; they hold passwords and do not show them."""

    app: str = field(repr=False)
    owner: str = field(repr=False)
    backup: str = field(repr=False)
    staff: str = field(repr=False)


def bootstrap_database(
    superuser_url: str, *, name: str, owner_password: str, app_password: str, backup_password: str,
    staff_password: str,
) -> DatabaseUrls:  # fmt: skip
    """Make four roles and the database; repeating it sets the passwords and changes nothing else.

    The application role owns nothing and can see nothing until a migration, run as the owner, grants it something.
    """
    passwords = {
        OWNER_ROLE: owner_password, APP_ROLE: app_password, BACKUP_ROLE: backup_password, STAFF_ROLE: staff_password,
    }  # fmt: skip
    _run(_bootstrap(superuser_url, name=name, passwords=passwords))
    return DatabaseUrls(
        app=_sqlalchemy_url(superuser_url, role=APP_ROLE, password=app_password, database=name),
        owner=_sqlalchemy_url(superuser_url, role=OWNER_ROLE, password=owner_password, database=name),
        backup=_sqlalchemy_url(superuser_url, role=BACKUP_ROLE, password=backup_password, database=name),
        staff=_sqlalchemy_url(superuser_url, role=STAFF_ROLE, password=staff_password, database=name),
    )


def fetch_value(url: str, query: str) -> object:
    """Return the first value that the query gives on a connection of its own."""

    async def fetch() -> object:
        connection = await asyncpg.connect(_plain(url), timeout=_CONNECT_SECONDS)
        try:
            return await connection.fetchval(query, timeout=_CONNECT_SECONDS)
        finally:
            await connection.close(timeout=_CONNECT_SECONDS)

    return _run(fetch())


async def _bootstrap(superuser_url: str, *, name: str, passwords: dict[str, str]) -> None:
    connection = await asyncpg.connect(_plain(superuser_url), timeout=_CONNECT_SECONDS)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _BOOTSTRAP_LOCK)
        for role, password in passwords.items():
            await _ensure_role(connection, role=role, password=password)
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(
                f"CREATE DATABASE {_identifier(name)} OWNER {OWNER_ROLE} TEMPLATE template0 ENCODING 'UTF8'"
            )
        await connection.execute(f"ALTER DATABASE {_identifier(name)} OWNER TO {OWNER_ROLE}")
        await connection.execute(f"REVOKE ALL ON DATABASE {_identifier(name)} FROM PUBLIC")
        connecting = f"{APP_ROLE}, {BACKUP_ROLE}, {STAFF_ROLE}"
        await connection.execute(f"GRANT CONNECT ON DATABASE {_identifier(name)} TO {connecting}")
        await connection.execute(f"GRANT pg_read_all_data TO {BACKUP_ROLE}")
        await connection.execute(f"ALTER ROLE {BACKUP_ROLE} SET default_transaction_read_only = on")
    finally:
        await connection.close(timeout=_CONNECT_SECONDS)


async def _ensure_role(connection: "asyncpg.Connection[asyncpg.Record]", *, role: str, password: str) -> None:
    exists = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    # A utility statement takes no parameters, so the server quotes the password for us. It is never written to the log.
    quoted = await connection.fetchval("SELECT quote_literal($1::text)", password)
    async with connection.transaction():
        await connection.execute("SET LOCAL log_statement = 'none'; SET LOCAL log_min_error_statement = 'panic'")
        await connection.execute(f"{verb} ROLE {role} {_ROLE_ATTRIBUTES[role]} PASSWORD {quoted}")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def _sqlalchemy_url(superuser_url: str, *, role: str, password: str, database: str) -> str:
    address = urlsplit(_plain(superuser_url)).netloc.rpartition("@")[2]
    return f"postgresql+asyncpg://{role}:{quote(password, safe='')}@{address}/{quote(database, safe='')}"


def _run(work: Coroutine[object, object, _T]) -> _T:
    # A thread of its own, because the caller may already be inside an event loop.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()
