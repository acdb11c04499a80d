"""Sessions bound to one tenant: the row-level-security setting is set when the transaction begins."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from lumenpay.db.connection import TenantConnection, enter_tenant, forget_tenants

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import SessionTransaction

    from lumenpay.models.ids import TenantId


PLAIN_SECONDS = 10.0
"""How long one of the connections without SQLAlchemy is waited for."""
_PLAIN_CONNECTIONS = 8
_SQLALCHEMYS_OWN = frozenset({"prepared_statement_cache_size", "prepared_statement_name_func", "async_creator_fn"})
"""Parts of a database's address that asyncpg does not know."""
_READ_ONLY = text("SET TRANSACTION READ ONLY")


class TenantSyncSession(Session):
    """The synchronous half of a tenant session."""


@event.listens_for(TenantSyncSession, "after_begin")
def _enter_tenant(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    enter_tenant(connection, session.info["tenant_id"])


class TenantSession(AsyncSession):
    """An ORM session that sees one tenant's rows, for one unit of work."""

    sync_session_class = TenantSyncSession

    def __init__(self, engine: AsyncEngine, tenant_id: TenantId, *, is_billed: bool = False) -> None:
        """Bind to a tenant for good: one session never serves two."""
        super().__init__(engine, expire_on_commit=False, info={"tenant_id": tenant_id})
        self.is_billed = is_billed
        """Whether this installation bills its tenants, so that the limits of their plans hold."""

    @property
    def tenant_id(self) -> TenantId:
        """The tenant whose rows this session sees."""
        return cast("TenantId", self.info["tenant_id"])


class Database:
    """The connection pool of a process, with the application role."""

    def __init__(
        self, url: str, *, pool_size: int = 10, application_name: str = "lumenpay", is_billed: bool = False
    ) -> None:
        """Make the pool; nothing connects yet.

        Args:
            url: `postgresql+asyncpg://…` with the application role.
            is_billed: Whether the installation bills its tenants; its sessions know.
        """
        self._is_billed = is_billed
        self._options = connect_options(application_name)
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_recycle=1800,
            pool_pre_ping=False,
            hide_parameters=True,
            connect_args=self._options | {"connection_class": TenantConnection},
        )
        forget_tenants(self.engine)
        self.engine_of_single_statements = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        """The same connections, for statements that are transactions of their own (see `lumenpay.db.unscoped`)."""
        self._plain: asyncpg.Pool[asyncpg.Record] | None = None
        self._making_plain = asyncio.Lock()

    @asynccontextmanager
    async def tenant(self, tenant_id: TenantId, *, is_read_only: bool = False) -> AsyncIterator[TenantSession]:
        """Open one transaction inside a tenant; it is committed at the end, rolled back on an error.

        Args:
            is_read_only: The database refuses every change in it.
        """
        async with TenantSession(self.engine, tenant_id, is_billed=self._is_billed) as session, session.begin():
            if is_read_only:
                await session.execute(_READ_ONLY)
            yield session

    async def plain_pool(self) -> asyncpg.Pool[asyncpg.Record]:
        """Return a few connections without SQLAlchemy, made at the first call (see `lumenpay.db.unscoped`)."""
        if self._plain is not None:
            return self._plain
        async with self._making_plain:
            if self._plain is None:
                _, address = self.engine.dialect.create_connect_args(self.engine.url)
                known = {name: value for name, value in address.items() if name not in _SQLALCHEMYS_OWN}
                if address.get("prepared_statement_cache_size") == 0:
                    known["statement_cache_size"] = 0
                self._plain = await asyncpg.create_pool(
                    **self._options, **known, min_size=0, max_size=_PLAIN_CONNECTIONS, reset=_keep
                )
        return self._plain

    async def close(self) -> None:
        """Close every connection."""
        try:
            if self._plain is not None:
                async with asyncio.timeout(PLAIN_SECONDS):
                    await self._plain.close()
        finally:
            await self.engine.dispose()


async def _keep(_connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Leave a connection that comes back as it is: each statement on it is a transaction of its own."""


def connect_options(application_name: str) -> dict[str, Any]:
    """Return asyncpg's options: bounded waits everywhere, so that a stuck database becomes an error, not a hang."""
    return {
        "timeout": 10,
        "command_timeout": 30,
        "server_settings": {
            "application_name": application_name,
            "statement_timeout": "20000",
            "lock_timeout": "5000",
            "idle_in_transaction_session_timeout": "30000",
            "jit": "off",
        },
    }
