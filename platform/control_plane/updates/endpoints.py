"""Updates of a bot that failed too often, or that nobody can read, and wait for a human."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from control_plane.dependencies import PageDep, TenantDep
from control_plane.schemas import CountedPageOut, Moment, Output, show_page
from lumenpay.bots import quarantine
from lumenpay.bots.repository import get_bot

router = APIRouter(prefix="/tenants/{tenant_id}/bots/{bot_id}/updates", tags=["updates"])
UpdateNumber = Annotated[int, Path(ge=0, lt=2**62)]


class UpdateOut(Output):
    """An update and why it was set aside. What it says is somebody's private chat and is not shown.

    `kind` is Telegram's name of what happened, empty when the update cannot be read that far.
    """

    update_id: int
    kind: str
    reason: str
    attempts: int
    received_at: Moment


@router.get("/quarantined")
async def list_quarantined(bot_id: UUID, access: TenantDep, page: PageDep) -> CountedPageOut[UpdateOut]:
    """List the updates that were set aside, newest first."""
    async with access.unit() as session:
        await get_bot(session, bot_id)
        found = await quarantine.list_quarantined_updates(session, page, bot_id=bot_id)
    items = [UpdateOut.model_validate(row) for row in found.items]
    return show_page(found, items, page)


@router.post("/{update_id}/replay", status_code=202)
async def replay(bot_id: UUID, update_id: UpdateNumber, access: TenantDep) -> UpdateOut:
    """Have an update that was set aside handled again, as if it came now; it is answered a moment later."""
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
        row = await quarantine.replay_update(
            session, bot_id=bot.id, update_id=update_id, actor=access.actor, now=access.now
        )
    return UpdateOut.model_validate(row)
