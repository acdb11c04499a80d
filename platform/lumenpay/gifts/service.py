"""A gift's own life: opened by its payment, sent to its giver, reminded of, closed. Taking it is a subscription's."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.gifts.errors import GiftNotWaitingError
from lumenpay.gifts.repository import add_link, get_gift, move_gift
from lumenpay.gifts.rules import decide_expiry, decide_next_step
from lumenpay.jobs.catalogue import TellGift
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment

GIFT_PREFIX: Final = "gift_"
"""Of the payload of a link's /start."""
READY: Final = "ready"
CARD: Final = "card"
"""What the giver hands on."""
REMINDER: Final = "reminder"
CLAIMED: Final = "claimed"
CLOSED: Final = "closed"


async def open_gift(session: TenantSession, payment: Payment, *, now: datetime) -> bool:
    """Have a paid order wait for whoever takes it; its giver gets the link. False for one that does already."""
    expires_at = decide_expiry(now, fixed_end_at=payment.fixed_end_at)
    gift_id = new_uuid7()
    opened = await session.execute(
        insert(Gift)
        .values(
            tenant_id=session.tenant_id, id=gift_id, bot_id=payment.bot_id, plan_id=payment.plan_id,
            payment_id=payment.id, giver_id=payment.user_id, status=GiftStatus.WAITING, expires_at=expires_at,
            next_step_at=decide_next_step(now, expires_at=expires_at, reminders_count=0), created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Gift.id)
    )  # fmt: skip
    if opened.scalar_one_or_none() is None:
        return False
    details = {"payment_id": str(payment.id), "expires_at": expires_at.isoformat()}
    record(session, actor=SYSTEM, action="gift.bought", subject_id=gift_id, now=now, details=details)
    await tell(session, await get_gift(session, gift_id), READY, now=now)
    return True


async def make_link(session: TenantSession, gift: Gift, *, bot_username: str, now: datetime) -> str:
    """Return a fresh link to a gift; those sent before go on working."""
    token = secrets.token_urlsafe(16)
    add_link(session, gift, token=token, now=now)
    await session.flush()
    return f"https://t.me/{bot_username}?start={GIFT_PREFIX}{token}"


async def note_opened(session: TenantSession, gift: Gift, *, now: datetime) -> None:
    """Keep when somebody else than the giver opened the link first. Safe to repeat."""
    if gift.opened_at is None:
        gift.opened_at = now
        await session.flush()


async def send_again(session: TenantSession, gift_id: UUID, *, actor: Actor, now: datetime) -> Gift:
    """Have the giver get a link once more.

    Raises:
        GiftNotFoundError: Unknown to this tenant.
        GiftNotWaitingError: There is nothing to take any more.
    """
    gift = await get_gift(session, gift_id, is_locked=True)
    if gift.status != GiftStatus.WAITING or gift.expires_at <= now:
        raise GiftNotWaitingError
    record(session, actor=actor, action="gift.sent_again", subject_id=gift.id, now=now)
    await tell(session, gift, READY, now=now)
    return gift


async def revoke_gift(session: TenantSession, gift_id: UUID, *, actor: Actor, now: datetime) -> Gift:
    """Close the links of a gift that nobody took. Money stays where it is. Safe to repeat.

    Raises:
        GiftNotFoundError: Unknown to this tenant.
        GiftNotWaitingError: Somebody took it, it expired, or its money went back.
    """
    gift = await get_gift(session, gift_id, is_locked=True)
    if gift.status == GiftStatus.REVOKED:
        return gift
    await move_gift(session, gift, GiftStatus.REVOKED, closed_at=now)
    record(session, actor=actor, action="gift.revoked", subject_id=gift.id, now=now)
    await tell(session, gift, CLOSED, now=now)
    return gift


async def close_refunded(session: TenantSession, gift: Gift, *, now: datetime) -> None:
    """Keep of a locked gift that its money went back, and let nobody take it. Safe to repeat."""
    if gift.status == GiftStatus.REFUNDED:
        return
    was = str(gift.status)
    await move_gift(session, gift, GiftStatus.REFUNDED, closed_at=now)
    record(session, actor=SYSTEM, action="gift.refunded", subject_id=gift.id, now=now, details={"was": was})


async def take_due_step(session: TenantSession, *, gift_id: UUID, now: datetime) -> None:
    """Remind the giver of a gift that nobody took, or end its time. Safe to repeat: each happens once."""
    gift = await get_gift(session, gift_id, is_locked=True)
    if gift.status != GiftStatus.WAITING or gift.next_step_at is None or gift.next_step_at > now:
        return
    if gift.expires_at <= now:
        await move_gift(session, gift, GiftStatus.EXPIRED, closed_at=now)
        record(session, actor=SYSTEM, action="gift.expired", subject_id=gift.id, now=now)
        await tell(session, gift, CLOSED, now=now)
        return
    # However many moments passed while nothing ran: one message.
    while gift.next_step_at <= now:
        gift.reminders_count += 1
        gift.next_step_at = decide_next_step(
            gift.created_at, expires_at=gift.expires_at, reminders_count=gift.reminders_count
        )
    await tell(session, gift, REMINDER, now=now)
    await session.flush()


async def tell(session: TenantSession, gift: Gift, about: str, *, now: datetime) -> None:
    """Have the giver told something of a gift."""
    payload, key = TellGift(gift.id, about), f"{gift.id}:{about}"
    await enqueue(session, payload, now=now, bot_id=BotId(gift.bot_id), dedupe_key=key)
