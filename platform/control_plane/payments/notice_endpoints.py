"""What the gateway reported of payments, and what became of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import PageDep, TenantDep
from control_plane.schemas import CountedPageOut, Moment, Output, show_page
from lumenpay.models.inbox import InboxStatus
from lumenpay.payments import notices

router = APIRouter(prefix="/tenants/{tenant_id}/payments/notices", tags=["payments"])


class NoticeOut(Output):
    """A notice of the gateway, and what became of it."""

    id: UUID
    bot_id: UUID
    event: str
    object_id: str
    status: InboxStatus
    reason: str
    arrivals: int
    received_at: Moment


@router.get("")
async def list_notices(
    access: TenantDep,
    page: PageDep,
    status: Annotated[InboxStatus | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
) -> CountedPageOut[NoticeOut]:
    """List what the gateway reported, newest first; quarantined ones need a look."""
    async with access.unit() as session:
        found = await notices.list_notices(session, page, status=status, bot_id=bot_id)
    items = [NoticeOut.model_validate(row) for row in found.items]
    return show_page(found, items, page)


@router.post("/{notice_id}/check", status_code=202)
async def check_notice(notice_id: UUID, access: TenantDep) -> NoticeOut:
    """Have the gateway asked again about a notice that was set aside; the answer shows in it a moment later."""
    async with access.unit() as session:
        row = await notices.check_notice_again(session, notice_id, actor=access.actor, now=access.now)
    return NoticeOut.model_validate(row)
