"""A connection that enters its tenant in the very message that begins the transaction: one round trip less for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine


class TenantConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg carries no types
    """asyncpg's connection; a transaction begins inside `next_tenant_id`, once, or in no tenant."""

    __slots__ = ("next_tenant_id",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - asyncpg's own arguments
        """Take what asyncpg takes."""
        super().__init__(*args, **kwargs)
        self.next_tenant_id: UUID | None = None

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ANN401, ASYNC109 - asyncpg
        """Run a command; `BEGIN` takes the tenant along."""
        if query.startswith("BEGIN") and self.next_tenant_id is not None:
            tenant_id, self.next_tenant_id = UUID(bytes=self.next_tenant_id.bytes), None
            # Several commands in one message take no parameters; the text of a UUID has nothing to escape.
            query = f"{query.rstrip(';')}; SELECT set_config('app.tenant_id', '{tenant_id}', true)"
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


def enter_tenant(connection: Connection, tenant_id: UUID) -> None:
    """Have the transaction that begins with the next statement see this tenant's rows, and only them."""
    _raw(connection.connection.dbapi_connection).next_tenant_id = tenant_id


def forget_tenants(engine: AsyncEngine) -> None:
    """Make sure that no connection comes out of the pool with the tenant of a session that never said anything."""

    @event.listens_for(engine.sync_engine, "checkin")
    @event.listens_for(engine.sync_engine, "checkout")
    def _forget(connection: DBAPIConnection | None, *_: object) -> None:
        if connection is not None:
            _raw(connection).next_tenant_id = None


def _raw(connection: Any) -> TenantConnection:  # noqa: ANN401 - SQLAlchemy's adapter
    raw = connection.driver_connection
    if not isinstance(raw, TenantConnection):
        raise TypeError("only connections of lumenpay.db can enter a tenant")
    return raw
