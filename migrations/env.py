"""Runs migrations with the owner's role; the address comes from the settings or from `-x url=…`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from lumenpay.config import get_settings
from lumenpay.models import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection


def database_url() -> str:
    """Return the owner's address, with the asynchronous driver."""
    given = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
    return str(given or get_settings().database_owner_url.get_secret_value())


def run_on(connection: Connection) -> None:
    """Run what was asked for on one connection, each revision in its own transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    """Connect and run; a migration that cannot get a lock within five seconds gives up instead of blocking traffic."""
    engine = create_async_engine(
        database_url(), poolclass=NullPool, connect_args={"server_settings": {"lock_timeout": "5000"}}
    )
    async with engine.connect() as connection:
        await connection.run_sync(run_on)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(url=database_url(), target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(run_online())
