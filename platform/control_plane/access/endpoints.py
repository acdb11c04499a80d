"""The log of the doors."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.schemas import CountedPageOut, Moment, Output, show_page
from lumenpay.access.logs import AccessLogFilters, list_access_logs
from lumenpay.models.access import AccessAction

router = APIRouter(prefix="/tenants/{tenant_id}/access-logs", tags=["access_logs"])


class AccessLogOut(Output):
    """One event at a door."""

    id: UUID
    action: AccessAction
    reason: str
    telegram_id: int | None
    user_id: UUID | None
    channel_id: UUID | None
    payment_id: UUID | None
    subscription_id: UUID | None
    created_at: Moment


@router.get("")
async def list_(  # noqa: PLR0917 - query parameters
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    action: Annotated[AccessAction | None, Query()] = None,
    user_id: Annotated[UUID | None, Query()] = None,
    channel_id: Annotated[UUID | None, Query()] = None,
    payment_id: Annotated[UUID | None, Query()] = None,
    subscription_id: Annotated[UUID | None, Query()] = None,
    telegram_id: Annotated[int | None, Query(ge=1, lt=2**52, description="Also of people unknown to the bot.")] = None,
) -> CountedPageOut[AccessLogOut]:
    """List what happened at the doors, newest first."""
    filters = AccessLogFilters(
        action=action, user_id=user_id, channel_id=channel_id, payment_id=payment_id, subscription_id=subscription_id,
        telegram_id=telegram_id, created=created,
    )  # fmt: skip
    async with access.unit() as session:
        found = await list_access_logs(session, filters, page)
    items = [AccessLogOut.model_validate(row) for row in found.items]
    return show_page(found, items, page)
