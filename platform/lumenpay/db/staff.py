"""The console's own connections: a role that reads every tenant's rows, no secret among them, and writes nothing.

What staff changes is changed inside one tenant, with the application's role, as everything else is.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class StaffDatabase:
    """A small pool with the staff role."""

    def __init__(self, url: str, *, pool_size: int = 3, application_name: str = "lumenpay-console") -> None:
        """Make the pool; nothing connects yet.

        Args:
            url: `postgresql+asyncpg://…` with the staff role.
        """
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args={
                "timeout": 10,
                "command_timeout": 30,
                "server_settings": {
                    "application_name": application_name,
                    "default_transaction_read_only": "on",
                    "statement_timeout": "20000",
                    "idle_in_transaction_session_timeout": "30000",
                    "jit": "off",
                },
            },
        )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open one transaction that sees every tenant and changes nothing."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
