"""Drafts of broadcasts: writing them, changing them, throwing them away, and that one was looked at in Telegram."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import Actor, record
from lumenpay.bots.repository import get_bot
from lumenpay.broadcasts.audience import Segment, within_bot
from lumenpay.broadcasts.errors import BroadcastInvalidError, BroadcastStateError
from lumenpay.broadcasts.repository import find_by_key, get_broadcast
from lumenpay.broadcasts.rules import ALWAYS, Action, Content, SendingHours, find_problems, may
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.features.service import require_on
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import BroadcastCategory, BroadcastStatus, BroadcastTrigger, Repeats, ScheduledBroadcast
from lumenpay.models.features import Feature
from lumenpay.models.ids import BotId
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.errors import PromoCodeNotFoundError
from lumenpay.promo_codes.service import get_promo_code


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that people write of a broadcast."""

    title: str
    content: Content
    segment: Segment
    category: BroadcastCategory = BroadcastCategory.NEWS
    hours: SendingHours = ALWAYS
    repeats: Repeats | None = None
    trigger: BroadcastTrigger | None = None
    delay_minutes: int = 0


def version_of_draft(broadcast: ScheduledBroadcast) -> str:
    """Return a word that differs whenever what is sent, to whom or when does."""
    return version_of_facts(
        broadcast.title, broadcast.text, broadcast.segment, broadcast.category, broadcast.medium_kind,
        broadcast.medium, broadcast.buttons, broadcast.name_fallback, broadcast.from_hour, broadcast.until_hour,
        broadcast.scheduled_at, broadcast.plan_fallback, broadcast.paid_until_fallback, broadcast.repeats,
        broadcast.trigger, broadcast.delay_minutes, broadcast.readers_hour_at,
    )  # fmt: skip


async def create_broadcast(
    session: TenantSession, draft: Draft, *, bot_id: UUID, key: str, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Store a draft. Safe to repeat with the same `key`.

    Raises:
        BroadcastInvalidError: It could not be sent.
        BotNotFoundError: No such bot.
        IdempotenceKeyReusedError: The key was used for another draft.
        FeatureOffError: It would go to each person by itself, and the platform has switched that off.
    """
    bot = await get_bot(session, bot_id)
    await _require_trigger(session, draft)
    await check_content(session, draft.content, bot, hours=draft.hours)
    broadcast = ScheduledBroadcast(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=BotId(bot_id), status=BroadcastStatus.DRAFT,
        idempotence_key=key, sent_count=0, failed_count=0, blocked_count=0, uncertain_count=0, skipped_count=0,
        rate_per_minute=0, created_at=now,
    )  # fmt: skip
    _apply(broadcast, draft)
    present = await find_by_key(session, key)
    if present is None:
        try:
            async with session.begin_nested():
                session.add(broadcast)
        except IntegrityError:
            # Somebody asked the same at the same moment.
            present = await find_by_key(session, key)
            if present is None:
                raise
    if present is not None:
        if version_of_draft(present) != version_of_draft(broadcast) or present.bot_id != bot_id:
            raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
        return present
    record(session, actor=actor, action="broadcast.created", subject_id=broadcast.id, now=now)
    return broadcast


async def change_broadcast(
    session: TenantSession, broadcast_id: UUID, draft: Draft, *, version: str | None, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Replace what is written of a broadcast that has not begun; it has to be looked at in Telegram again.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It has begun.
        ChangedMeanwhileError: It has another version by now.
        BroadcastInvalidError: It could not be sent.
        FeatureOffError: It would go to each person by itself, and the platform has switched that off.
    """
    broadcast = await get_for(session, broadcast_id, Action.CHANGE)
    require_version(version_of_draft(broadcast), version)
    await _require_trigger(session, draft)
    await check_content(session, draft.content, await get_bot(session, broadcast.bot_id), hours=draft.hours)
    said = _said(broadcast)
    _apply(broadcast, draft)
    if _said(broadcast) != said:
        broadcast.tested_at = None
        if broadcast.status == BroadcastStatus.SCHEDULED:
            # What nobody has looked at does not go out by itself.
            broadcast.status, broadcast.next_step_at = BroadcastStatus.DRAFT, None
    record(session, actor=actor, action="broadcast.changed", subject_id=broadcast.id, now=now)
    await session.flush()
    return broadcast


async def discard_broadcast(session: TenantSession, broadcast_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Throw a broadcast away that has not begun.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It has begun.
    """
    broadcast = await get_for(session, broadcast_id, Action.DISCARD)
    await session.execute(
        delete(ScheduledBroadcast).where(
            ScheduledBroadcast.tenant_id == session.tenant_id, ScheduledBroadcast.id == broadcast.id
        )
    )
    record(session, actor=actor, action="broadcast.discarded", subject_id=broadcast_id, now=now)


async def note_tested(
    session: TenantSession, broadcast_id: UUID, *, version: str, medium: str | None, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Store that Telegram took a broadcast's message, if it still is the one that was sent.

    Args:
        version: Of the draft when it was sent.
        medium: The file id that Telegram told, to be used from now on instead of an address.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: It was changed while it was on its way.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    require_version(version_of_draft(broadcast), version)
    broadcast.tested_at = now
    if medium is not None and broadcast.medium is not None and "://" in broadcast.medium:
        broadcast.medium = medium
    record(session, actor=actor, action="broadcast.tested", subject_id=broadcast.id, now=now)
    await session.flush()
    return broadcast


async def get_for(session: TenantSession, broadcast_id: UUID, action: Action) -> ScheduledBroadcast:
    """Return a broadcast, locked, with which something can be done.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: Its state does not allow it.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    status, has_started = BroadcastStatus(broadcast.status), broadcast.started_at is not None
    if not may(action, status, has_started=has_started):
        raise BroadcastStateError(fields={"status": status.value})
    return broadcast


async def _require_trigger(session: TenantSession, draft: Draft) -> None:
    if draft.trigger is not None:
        await require_on(session, Feature.TRIGGERS)


def _said(broadcast: ScheduledBroadcast) -> tuple[object, ...]:
    fallbacks = (broadcast.name_fallback, broadcast.plan_fallback, broadcast.paid_until_fallback)
    return broadcast.text, broadcast.medium_kind, broadcast.medium, broadcast.buttons, fallbacks


def _apply(broadcast: ScheduledBroadcast, draft: Draft) -> None:
    if draft.repeats is not None and draft.trigger is not None:
        raise BroadcastInvalidError(fields={"repeats": "not_with_trigger"})
    content = draft.content
    broadcast.title, broadcast.text, broadcast.category = draft.title, content.text, draft.category
    broadcast.segment = within_bot(draft.segment, broadcast.bot_id).dump()
    broadcast.medium_kind, broadcast.medium = content.medium_kind, content.medium
    broadcast.buttons = [button.dump() for button in content.buttons]
    broadcast.name_fallback, broadcast.plan_fallback = content.name_fallback, content.plan_fallback
    broadcast.paid_until_fallback = content.paid_until_fallback
    broadcast.repeats, broadcast.trigger, broadcast.delay_minutes = draft.repeats, draft.trigger, draft.delay_minutes
    if draft.trigger is not None and broadcast.readers_hour_at is not None:
        # Each has a moment of their own by it.
        broadcast.readers_hour_at, broadcast.next_step_at = None, broadcast.scheduled_at
    if draft.repeats is None:
        broadcast.repeats_since_at = None
    elif broadcast.scheduled_at is not None:
        broadcast.repeats_since_at = broadcast.repeats_since_at or broadcast.scheduled_at
    broadcast.from_hour, broadcast.until_hour = draft.hours.from_hour, draft.hours.until_hour


async def check_content(session: TenantSession, content: Content, bot: Bot, *, hours: SendingHours = ALWAYS) -> None:
    """Return if the message can be sent by the bot.

    Raises:
        BroadcastInvalidError: It cannot; the fields say why.
    """
    problems = find_problems(content, hours)
    for number, button in enumerate(content.buttons):
        try:
            if button.plan_id is not None and (await get_plan(session, button.plan_id)).bot_id != bot.id:
                problems[f"buttons.{number}.plan_id"] = "another_bot"
            if button.promo_code_id is not None:
                code = await get_promo_code(session, button.promo_code_id)
                if code.bot_id != bot.id:
                    problems[f"buttons.{number}.promo_code_id"] = "another_bot"
        except (PlanNotFoundError, PromoCodeNotFoundError):
            problems[f"buttons.{number}.{'plan_id' if button.plan_id is not None else 'promo_code_id'}"] = "not_found"
    if problems:
        raise BroadcastInvalidError(fields=problems)
