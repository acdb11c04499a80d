"""Going through what is due, row by row: one row that cannot be dealt with does not keep the others waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.kit.logs import get_logger
from lumenpay.models.ids import TenantId
from tenants_worker.context import WorkerContext

_log = get_logger(__name__)


async def sweep(
    ctx: WorkerContext,
    rows: Iterable[tuple[TenantId, UUID]],
    act: Callable[[TenantSession, UUID], Awaitable[object]],
) -> None:
    """Act on each row in a transaction of its own; a row that fails is logged and found again by the next sweep."""
    for tenant_id, row_id in rows:
        try:
            async with ctx.unit_in(tenant_id) as session:
                await act(session, row_id)
        except (LumenError, SQLAlchemyError) as error:
            _log.warning("sweep_left_a_row", row_id=str(row_id), tenant_id=str(tenant_id), exc_info=error)
