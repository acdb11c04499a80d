"""Offers in the hands of their people: what is written, whether one still stands, and wanting no more of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBackEnd, WinBackOffer
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.service import get_promo_code, list_plan_ids
from lumenpay.users.repository import get_user
from lumenpay.win_backs import repository
from lumenpay.win_backs.errors import WinBackOfferNotFoundError


@dataclass(frozen=True, slots=True)
class StandingOffer:
    """An offer, the person's own code behind it, and the plans that it is good for."""

    offer: WinBackOffer
    promo_code: PromoCode
    plans: list[Plan]
    ended_plan: Plan


async def load_offer(session: TenantSession, offer_id: UUID, *, user_id: UUID) -> StandingOffer:
    """Return an offer to a person.

    Raises:
        WinBackOfferNotFoundError: Unknown to this tenant, or made to somebody else.
    """
    offer = await repository.find_offer(session, offer_id)
    if offer is None or offer.user_id != user_id:
        raise WinBackOfferNotFoundError
    win_back = await repository.find_win_back(session, offer.win_back_id)
    assert win_back is not None  # noqa: S101 - a foreign key
    promo_code = await get_promo_code(session, offer.promo_code_id)
    plan_ids = (await list_plan_ids(session, [promo_code.id]))[promo_code.id]
    plans = [await get_plan(session, plan_id) for plan_id in plan_ids]
    return StandingOffer(offer, promo_code, plans, await get_plan(session, win_back.plan_id))


async def load_unsent(session: TenantSession, offer_id: UUID, *, now: datetime) -> tuple[User, StandingOffer] | None:
    """Return whom to write about an offer; nothing where it was sent, or nothing is to be offered any more."""
    offer = await repository.find_offer(session, offer_id)
    if offer is None or offer.sent_at is not None or offer.valid_until_at <= now:
        return None
    user = await get_user(session, offer.user_id)
    is_unwanted = user.blocked_bot_at is not None or await repository.has_opted_out(session, user.id)
    if is_unwanted or await repository.has_running(session, user.id):
        return None
    standing = await load_offer(session, offer_id, user_id=user.id)
    # A better one has taken its place, while this one waited to be told.
    return (user, standing) if standing.promo_code.is_active else None


async def note_sent(session: TenantSession, offer_id: UUID, *, now: datetime) -> None:
    """Store that a person was written to about an offer."""
    offer = await repository.find_offer(session, offer_id)
    if offer is not None and offer.sent_at is None:
        offer.sent_at = now
        await session.flush()


async def opt_out(session: TenantSession, *, user_id: UUID, now: datetime) -> None:
    """Offer a person nothing any more after an end; an offer that was made stays good. Safe to repeat."""
    if not await repository.opt_out(session, user_id, now=now):
        return
    await repository.stop_open(session, user_id, because=WinBackEnd.OPTED_OUT, now=now)
    record(session, actor=Actor("user", user_id), action="win_back.opted_out", subject_id=user_id, now=now)
