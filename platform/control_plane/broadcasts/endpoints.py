"""Broadcasts: writing one, looking at it in Telegram, sending it, and following it while it goes out.

How far one is comes with every answer; the stream of hints says `broadcast` and the id about once a second meanwhile.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from control_plane.broadcasts.calls import BroadcastCallsIn, BroadcastDraftsOut
from control_plane.broadcasts.schemas import (
    BroadcastAudienceOut,
    BroadcastChangeIn,
    BroadcastIn,
    BroadcastOut,
    BroadcastPreviewIn,
    BroadcastPreviewOut,
    BroadcastRecipientOut,
    BroadcastScheduleIn,
    BroadcastSendIn,
    BroadcastTestIn,
    read_segment,
    show_broadcast,
    show_recipient,
)
from control_plane.broadcasts.testing import send_test
from control_plane.broadcasts.uploading import FILE_BODY, BroadcastMediumOut, Given, take_file
from control_plane.dependencies import CursorDep, PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CursorPageOut, PageOut, Text, show_cursor_page
from lumenpay.bots.repository import get_bot
from lumenpay.broadcasts import repository, running, service
from lumenpay.broadcasts.audience import count_audience, within_bot
from lumenpay.broadcasts.calling_back import Call, write_calls
from lumenpay.broadcasts.message import Reader, preview_message
from lumenpay.broadcasts.readers_hours import find_later
from lumenpay.broadcasts.rules import limit_of
from lumenpay.messages.markup import visible_length
from lumenpay.models.broadcasts import BroadcastCategory, BroadcastStatus, MediumKind, RecipientState
from lumenpay.tenants.repository import get_own_tenant

router = APIRouter(prefix="/tenants/{tenant_id}/broadcasts", tags=["broadcasts"])


@router.get("")
async def list_(
    access: TenantDep, page: PageDep,
    status: Annotated[list[BroadcastStatus] | None, Query(description="In one of these states.")] = None,
) -> PageOut[BroadcastOut]:  # fmt: skip
    """List broadcasts, newest first."""
    async with access.unit() as session:
        found = await repository.list_broadcasts(session, page, statuses=status or ())
    items = [show_broadcast(row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("", status_code=201, responses=documented(409))
async def create(body: BroadcastIn, access: TenantDep) -> BroadcastOut:
    """Write a draft."""
    async with access.unit() as session:
        row = await service.create_broadcast(
            session, body.draft(), bot_id=body.bot_id, key=body.idempotence_key, actor=access.actor, now=access.now
        )
    return show_broadcast(row)


@router.post("/for-expired", status_code=201, responses=documented(409))
async def create_for_expired(body: BroadcastCallsIn, access: TenantDep) -> BroadcastDraftsOut:
    """Write drafts that call people back, each so many days after their access ended, in the tenant's language.

    They are drafts like any other: to be changed, tested and turned on one by one.
    """
    calls = [Call(call.after_days, call.promo_code_id) for call in body.calls]
    async with access.unit() as session:
        rows = await write_calls(
            session, calls, bot_id=body.bot_id, key=body.idempotence_key, actor=access.actor, now=access.now
        )
    return BroadcastDraftsOut(items=[show_broadcast(row) for row in rows])


@router.get("/audience/{bot_id}")
async def count(
    bot_id: UUID,
    access: TenantDep,
    category: Annotated[BroadcastCategory, Query()] = BroadcastCategory.NEWS,
    query: Annotated[Text, Query(max_length=2_000, description="Query string of the list of subscribers.")] = "",
) -> BroadcastAudienceOut:
    """Count whom a broadcast to a list would reach if it began now."""
    segment = read_segment(query)
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
        found = await count_audience(session, within_bot(segment, bot.id).filters, category, now=access.now)
    return BroadcastAudienceOut.model_validate(found)


@router.post("/media/{bot_id}", responses=documented(409, 411, 415), openapi_extra=FILE_BODY)
async def upload(
    bot_id: UUID, access: TenantDep, request: Request,
    kind: Annotated[MediumKind, Query(description="What it is sent as.")] = MediumKind.DOCUMENT,
    name: Annotated[Text, Query(max_length=255, description="What the file is called.")] = "",
) -> BroadcastMediumOut:  # fmt: skip
    """Send a file to one's own chat with the bot, and return Telegram's id of it, to be the `medium` of a message.

    Up to 10 MB for a photo (JPEG, PNG, WEBP), 50 MB for a video (MP4) or a document. Nothing of it is kept here.
    """
    medium = await take_file(access, request, bot_id, Given(kind, name))
    return BroadcastMediumOut(medium_kind=kind, medium=medium)


@router.post("/preview")
async def preview(body: BroadcastPreviewIn, access: TenantDep) -> BroadcastPreviewOut:
    """Show what a subscriber would be sent; nothing is stored."""
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
        await service.check_content(session, body.content(), bot)
        zone = (await get_own_tenant(session)).time_zone
    reader = Reader(body.name, body.locale, body.plan, body.paid_until_at)
    html, buttons = preview_message(body.content(), reader, time_zone=zone)
    return BroadcastPreviewOut(
        html=html, buttons=buttons, length=visible_length(html), max_length=limit_of(body.medium_kind)
    )


@router.get("/{broadcast_id}")
async def get(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Return a broadcast and how far it is."""
    async with access.unit() as session:
        row = await repository.get_broadcast(session, broadcast_id)
        return show_broadcast(row, later=await find_later(session, row, now=access.now))


@router.put("/{broadcast_id}", responses=documented(409))
async def change(broadcast_id: UUID, body: BroadcastChangeIn, access: TenantDep) -> BroadcastOut:
    """Replace what is written of a broadcast that has not begun.

    Another message has to be tested again; one that waits for its time becomes a draft then. With a `version`, only
    over what was read.
    """
    async with access.unit() as session:
        row = await service.change_broadcast(
            session, broadcast_id, body.draft(), version=body.version, actor=access.actor, now=access.now
        )
    return show_broadcast(row)


@router.delete("/{broadcast_id}", status_code=204, responses=documented(409))
async def discard(broadcast_id: UUID, access: TenantDep) -> None:
    """Throw away a broadcast that has not begun."""
    async with access.unit() as session:
        await service.discard_broadcast(session, broadcast_id, actor=access.actor, now=access.now)


@router.post("/{broadcast_id}/test", responses=documented(409))
async def test(broadcast_id: UUID, body: BroadcastTestIn, access: TenantDep) -> BroadcastOut:
    """Send the message to oneself, or to one subscriber: only what Telegram took so can be sent to others.

    A program has no account of its own: it names a subscriber (`user_id`), its owner's for example.
    """
    return show_broadcast(await send_test(access, broadcast_id, user_id=body.user_id))


@router.post("/{broadcast_id}/send", responses=documented(409))
async def send(broadcast_id: UUID, body: BroadcastSendIn, access: TenantDep) -> BroadcastOut:
    """Begin now. Asked again, by anybody, it changes nothing: a broadcast goes out once."""
    async with access.unit() as session:
        row = await running.start_broadcast(
            session, broadcast_id, version=body.version, actor=access.actor, now=access.now
        )
    return show_broadcast(row)


@router.post("/{broadcast_id}/schedule", responses=documented(409))
async def schedule(broadcast_id: UUID, body: BroadcastScheduleIn, access: TenantDep) -> BroadcastOut:
    """Have it begin by itself at a moment, or at that hour of each reader's day; asked again, the new one counts."""
    async with access.unit() as session:
        row = await running.schedule_broadcast(
            session, broadcast_id, at=body.at, version=body.version, actor=access.actor, now=access.now,
            in_readers_zones=body.in_readers_zones,
        )  # fmt: skip
    return show_broadcast(row)


@router.post("/{broadcast_id}/unschedule", responses=documented(409))
async def unschedule(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Make a draft of it again."""
    async with access.unit() as session:
        row = await running.unschedule_broadcast(session, broadcast_id, actor=access.actor, now=access.now)
    return show_broadcast(row)


@router.post("/{broadcast_id}/pause", responses=documented(409))
async def pause(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Write to nobody further until it is resumed."""
    async with access.unit() as session:
        row = await running.pause_broadcast(session, broadcast_id, actor=access.actor, now=access.now)
    return show_broadcast(row)


@router.post("/{broadcast_id}/resume", responses=documented(409))
async def resume(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Go on where it was paused."""
    async with access.unit() as session:
        row = await running.resume_broadcast(session, broadcast_id, actor=access.actor, now=access.now)
    return show_broadcast(row)


@router.post("/{broadcast_id}/stop", responses=documented(409))
async def stop(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Write to nobody further, for good."""
    async with access.unit() as session:
        row = await running.stop_broadcast(session, broadcast_id, actor=access.actor, now=access.now)
    return show_broadcast(row)


@router.post("/{broadcast_id}/retry-failed", responses=documented(409))
async def retry_failed(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Write again to everybody whose message Telegram refused; asked again, it changes nothing."""
    async with access.unit() as session:
        row = await running.send_again(
            session, broadcast_id, RecipientState.FAILED, actor=access.actor, now=access.now
        )  # fmt: skip
    return show_broadcast(row)


@router.post("/{broadcast_id}/resend-uncertain", responses=documented(409))
async def resend_uncertain(broadcast_id: UUID, access: TenantDep) -> BroadcastOut:
    """Write again to everybody who may have got the message already: some will get it twice."""
    async with access.unit() as session:
        row = await running.send_again(
            session, broadcast_id, RecipientState.UNCERTAIN, actor=access.actor, now=access.now
        )  # fmt: skip
    return show_broadcast(row)


@router.post("/{broadcast_id}/recipients/{user_id}/resend", responses=documented(409))
async def resend_to(broadcast_id: UUID, user_id: UUID, access: TenantDep) -> BroadcastOut:
    """Write again to one person whose message was refused, or may have arrived already; otherwise nothing changes."""
    async with access.unit() as session:
        row = await running.send_again_to(session, broadcast_id, user_id, actor=access.actor, now=access.now)
    return show_broadcast(row)


@router.get("/{broadcast_id}/recipients")
async def list_recipients(
    broadcast_id: UUID, access: TenantDep, page: CursorDep,
    state: Annotated[RecipientState | None, Query()] = None,
) -> CursorPageOut[BroadcastRecipientOut]:  # fmt: skip
    """List people of the audience, whose state changed last first."""
    async with access.unit() as session:
        await repository.get_broadcast(session, broadcast_id)
        found = await repository.list_recipients(session, broadcast_id, page, state=state)
    return show_cursor_page(found, [show_recipient(recipient, user) for recipient, user in found.items])
