"""Brings a database to the newest schema and gives the application role what it needs."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote, urlsplit

import asyncpg
from alembic import command
from alembic.config import Config

import migrations
from lumenpay.errors import LumenError

GROUP_ROLE = "lumenpay_app"
STAFF_GROUP_ROLE = "lumenpay_staff"


class MigrationRefusedError(LumenError):
    """The database cannot be prepared with these addresses; the message says what to change."""

    code = "migration_refused"


def migration_config(owner_url: str) -> Config:
    """Return Alembic's configuration for a database, wherever the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(next(iter(migrations.__path__))))
    config.attributes["url"] = owner_url
    return config


def upgrade_database(owner_url: str, app_url: str, staff_url: str = "") -> None:
    """Leave the database at the newest schema and the application role able to log in and to work.

    So is the staff role, where its address is known. Safe to repeat and to run beside serving processes.

    Raises:
        MigrationRefusedError: Both addresses name one role, or the application cannot log in.
    """
    owner, app = urlsplit(owner_url), urlsplit(app_url)
    if owner.username == app.username:
        msg = "LUMENPAY_DATABASE_URL and LUMENPAY_DATABASE_OWNER_URL must name two roles: the application owns nothing"
        raise MigrationRefusedError(msg)
    command.upgrade(migration_config(owner_url), "head")
    asyncio.run(_ensure_login(_plain(owner_url), _plain(app_url), group=GROUP_ROLE, setting="LUMENPAY_DATABASE_URL"))
    if staff_url:
        setting = "LUMENPAY_DATABASE_STAFF_URL"
        asyncio.run(_ensure_login(_plain(owner_url), _plain(staff_url), group=STAFF_GROUP_ROLE, setting=setting))


def downgrade_database(owner_url: str, revision: str) -> None:
    """Take the database back to a revision; `base` removes everything of ours but the roles."""
    command.downgrade(migration_config(owner_url), revision)


async def _ensure_login(owner_url: str, url: str, *, group: str, setting: str) -> None:
    parts = urlsplit(url)
    role, password = unquote(parts.username or ""), unquote(parts.password or "")
    owner = await asyncpg.connect(owner_url, timeout=10)
    try:
        quoted_role = await owner.fetchval("SELECT quote_ident($1)", role)
        quoted_password = await owner.fetchval("SELECT quote_literal($1::text)", password)
        can_log_in = await owner.fetchval("SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", role)
        try:
            if can_log_in is None:
                await owner.execute(f"CREATE ROLE {quoted_role} LOGIN NOSUPERUSER PASSWORD {quoted_password}")
            elif not can_log_in:
                await owner.execute(f"ALTER ROLE {quoted_role} LOGIN PASSWORD {quoted_password}")
            name = await owner.fetchval("SELECT quote_ident(current_database())")
            await owner.execute(f"GRANT CONNECT ON DATABASE {name} TO {quoted_role}")
            if role != group:
                await owner.execute(f"GRANT {group} TO {quoted_role}")
        except asyncpg.InsufficientPrivilegeError as error:
            msg = f"the owner may not create roles: make {role} yourself, with LOGIN, as a member of {group}"
            raise MigrationRefusedError(msg) from error
    finally:
        await owner.close()
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        msg = f"the role {role} cannot log in: check its password in {setting}"
        raise MigrationRefusedError(msg) from error
    await connection.close()


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)
