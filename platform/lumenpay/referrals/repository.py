"""SQL of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import aliased

from lumenpay.db.counting import count_cap, find_page
from lumenpay.db.narrowing import equal
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.bots import Bot
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.referrals import Referral, ReferralState
from lumenpay.models.subscriptions import Grant, Subscription
from lumenpay.models.users import User
from lumenpay.referrals.rules import can_move


@dataclass(frozen=True, slots=True)
class ReferralCounts:
    """How many people were invited, how many of them bought, and how many rewards stand."""

    invited: int
    bought: int
    rewarded: int
    taken_back: int


@dataclass(frozen=True, slots=True)
class DescribedReferral:
    """A referral with both people, and the code that was given as a reward."""

    referral: Referral
    inviter: User
    invited: User
    reward_code: str | None


async def find_referral(session: TenantSession, invited_id: UUID, *, is_locked: bool = False) -> Referral | None:
    """Return who invited a person, as it stands now; locked until the end of the transaction on request."""
    query = select(Referral).where(Referral.tenant_id == session.tenant_id, Referral.invited_id == invited_id)
    if is_locked:
        query = query.with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def find_by_reward(session: TenantSession, payment_id: UUID) -> Referral | None:
    """Return the referral whose reward an order is."""
    query = select(Referral).where(Referral.tenant_id == session.tenant_id, Referral.reward_payment_id == payment_id)
    return (await session.execute(query)).scalar_one_or_none()


async def move_referral(
    session: TenantSession, invited_id: UUID, old: ReferralState, new: ReferralState, **values: object
) -> bool:
    """Move a referral on; False when it is not in the old state any more."""
    assert can_move(old, new)  # noqa: S101 - callers name constants
    moved = await session.execute(
        update(Referral)
        .where(Referral.tenant_id == session.tenant_id, Referral.invited_id == invited_id, Referral.state == old)
        .values(state=new, **values)
        .returning(Referral.invited_id)
        .execution_options(synchronize_session=False)
    )
    return moved.scalar_one_or_none() is not None


async def is_of_referral(session: TenantSession, payment_id: UUID) -> bool:
    """Tell whether a payment is the first purchase of somebody who was invited."""
    query = select(exists().where(Referral.tenant_id == session.tenant_id, Referral.payment_id == payment_id))
    return bool((await session.execute(query)).scalar_one())


async def had_access(session: TenantSession, telegram_id: int) -> bool:
    """Tell whether somebody ever had access with one of the tenant's bots: bought, tried, given or brought in."""
    query = (
        select(Grant.payment_id)
        .join(
            Subscription, (Subscription.tenant_id == Grant.tenant_id) & (Subscription.id == Grant.subscription_id)
        )
        .join(User, (User.tenant_id == Subscription.tenant_id) & (User.id == Subscription.user_id))
        .where(
            Grant.tenant_id == session.tenant_id,
            # Named, so that the index by bot and Telegram's id is used.
            User.bot_id.in_(select(Bot.id).where(Bot.tenant_id == session.tenant_id)),
            User.telegram_id == telegram_id,
        )
        .limit(1)
    )  # fmt: skip
    return (await session.execute(query)).first() is not None


async def is_above(session: TenantSession, *, user_id: UUID, inviter_id: UUID) -> bool:
    """Tell whether a person invited the inviter, directly or through others."""
    chain = (
        select(Referral.inviter_id)
        .where(Referral.tenant_id == session.tenant_id, Referral.invited_id == inviter_id)
        .cte("chain", recursive=True)
    )
    higher = select(Referral.inviter_id).join(chain, Referral.invited_id == chain.c.inviter_id)
    chain = chain.union(higher.where(Referral.tenant_id == session.tenant_id))
    query = select(exists().where(chain.c.inviter_id == user_id))
    return bool((await session.execute(query)).scalar_one())


async def has_earlier_purchase(session: TenantSession, payment: Payment) -> bool:
    """Tell whether a person paid for something before this payment was settled."""
    query = select(
        exists().where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == payment.user_id,
            Payment.id != payment.id,
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.amount_minor > 0,
            ~Payment.is_test,
            Payment.settled_at < payment.settled_at,
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def count_rewards(session: TenantSession, inviter_id: UUID, *, since: datetime) -> int:
    """Return how many rewards that still stand a person got since a moment."""
    query = select(func.count()).where(
        Referral.tenant_id == session.tenant_id,
        Referral.inviter_id == inviter_id,
        Referral.state == ReferralState.REWARDED,
        Referral.rewarded_at >= since,
    )
    return (await session.execute(query)).scalar_one()


async def count_referrals(
    session: TenantSession, *, inviter_id: UUID | None = None, bot_id: UUID | None = None
) -> ReferralCounts:
    """Return what came of invitations: of one person, of one bot, or of all."""
    count, state = func.count(), Referral.state
    query = select(
        count, count.filter(state != ReferralState.INVITED), count.filter(state == ReferralState.REWARDED),
        count.filter(state == ReferralState.TAKEN_BACK),
    ).where(
        Referral.tenant_id == session.tenant_id, *equal({Referral.inviter_id: inviter_id, Referral.bot_id: bot_id})
    )  # fmt: skip
    return ReferralCounts(*(await session.execute(query)).one())


async def list_referrals(
    session: TenantSession, page: PageRequest, *, state: ReferralState | None = None, bot_id: UUID | None = None
) -> CountedPage[DescribedReferral]:
    """Return referrals, newest first.

    Raises:
        PageTooDeepError: The page lies beyond what is counted.
    """
    where = [Referral.tenant_id == session.tenant_id, *equal({Referral.state: state, Referral.bot_id: bot_id})]
    order = (Referral.created_at.desc(), Referral.invited_id.desc())
    keys = select(Referral.invited_id).where(*where)
    found = await find_page(session, keys, page, order=order, cap=count_cap(is_narrowed=True))
    inviter, invited = aliased(User), aliased(User)
    rows = await session.execute(
        select(Referral, inviter, invited, PromoCode.code)
        .join(inviter, (inviter.tenant_id == Referral.tenant_id) & (inviter.id == Referral.inviter_id))
        .join(invited, (invited.tenant_id == Referral.tenant_id) & (invited.id == Referral.invited_id))
        .outerjoin(
            PromoCode, (PromoCode.tenant_id == Referral.tenant_id) & (PromoCode.id == Referral.reward_promo_code_id)
        )
        .where(Referral.tenant_id == session.tenant_id, Referral.invited_id.in_(found.items))
        .order_by(*order)
    )
    return CountedPage([DescribedReferral(*row) for row in rows], found.total, found.is_total_exact)
