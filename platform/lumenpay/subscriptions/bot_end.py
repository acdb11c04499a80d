"""What renews by itself ends with its bot: saved methods are forgotten, and Telegram is told to charge nobody more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select

from lumenpay.admins.letters import LetterKind
from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.letters import write_to_owners
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import EndStarSubscription
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.bots import Bot
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.payments import Payment
from lumenpay.models.users import User
from lumenpay.payments.providers.stars.facts import STARS_SHOP
from lumenpay.subscriptions.autopay import BOT_DELETED, turn_off


@dataclass(frozen=True, slots=True)
class StarRenewal:
    """A subscription that Telegram renews: who pays, and the charge that began it."""

    subscription_id: UUID
    payer_id: int
    charge_id: str


async def turn_off_charges(session: TenantSession, bot_id: UUID, *, limit: int, now: datetime) -> int:
    """Turn off up to `limit` renewals of a deleted bot that are charged from here; return how many there were."""
    query = select(Autopay.subscription_id).where(*_running(session, bot_id), Autopay.shop_id != STARS_SHOP)
    found = (await session.execute(query.limit(limit))).scalars().all()
    for subscription_id in found:
        await turn_off(session, subscription_id, reason=BOT_DELETED, actor=SYSTEM, now=now)
    return len(found)


async def list_star_renewals(session: TenantSession, bot_id: UUID, *, limit: int) -> list[StarRenewal]:
    """Return up to `limit` subscriptions of a bot that Telegram renews, as far as anybody knows."""
    query = (
        select(Autopay.subscription_id, User.telegram_id, Payment.provider_payment_id)
        .join(User, (User.tenant_id == Autopay.tenant_id) & (User.id == Autopay.user_id))
        .join(Payment, (Payment.tenant_id == Autopay.tenant_id) & (Payment.id == Autopay.consent_payment_id))
        .where(*_running(session, bot_id), Autopay.shop_id == STARS_SHOP)
        .limit(limit)
    )
    rows = await session.execute(query)
    return [StarRenewal(row.subscription_id, row.telegram_id, row.provider_payment_id or "") for row in rows]


async def record_ended(session: TenantSession, renewal: StarRenewal, *, now: datetime) -> None:
    """Keep that Telegram charges nothing more for a subscription of a deleted bot. Safe to repeat."""
    await turn_off(session, renewal.subscription_id, reason=BOT_DELETED, actor=SYSTEM, now=now)


async def has_running(session: TenantSession, bot_id: UUID) -> bool:
    """Tell whether something of a bot still renews by itself."""
    query = select(Autopay.subscription_id).where(*_running(session, bot_id)).limit(1)
    return (await session.execute(query)).first() is not None


async def has_ends_to_tell(session: TenantSession, bot_id: UUID) -> bool:
    """Tell whether Telegram still has to hear of the end of a subscription that was turned off before."""
    query = select(Job.id).where(
        Job.tenant_id == session.tenant_id, Job.queue == EndStarSubscription.queue.value,
        Job.status == JobStatus.READY, Job.kind == EndStarSubscription.kind, Job.bot_id == bot_id,
    )  # fmt: skip
    return (await session.execute(query.limit(1))).first() is not None


async def record_left_running(session: TenantSession, bot: Bot, *, now: datetime) -> None:
    """Tell the owners that Telegram goes on charging for a deleted bot, whose token it refuses, and what they can do.

    Those subscriptions stay on: that is how it is, and a bot that is connected anew can end them.
    """
    query = select(func.count()).where(*_running(session, bot.id), Autopay.shop_id == STARS_SHOP)
    count = (await session.execute(query)).scalar_one()
    if not count:
        return
    record_left(session, bot, count=count, now=now)
    names = {"bot": f"@{bot.username}", "count": str(count)}
    await write_to_owners(
        session, LetterKind.BOT_RENEWALS_LEFT, lambda _locale: names, path=f"/t/{session.tenant_id}/bots", now=now
    )


def record_left(session: TenantSession, bot: Bot, *, count: int, now: datetime) -> None:
    """Leave an event about subscriptions in Stars that nobody can end at Telegram."""
    details = {"count": count, "bot": bot.username}
    record(session, actor=SYSTEM, action="bot.renewals_left", subject_id=bot.id, now=now, details=details)


def _running(session: TenantSession, bot_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Autopay.tenant_id == session.tenant_id, Autopay.bot_id == bot_id,
        # Said in the statement itself, so that the index of those alone is used.
        Autopay.status == literal(AutopayStatus.ON.value, literal_execute=True),
    )  # fmt: skip
