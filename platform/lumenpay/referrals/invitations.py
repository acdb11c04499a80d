"""Coming by somebody's invitation link: written down once, with what both were promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.models.ids import BotId, PromoCodeId, UserId
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.referrals import Referral, ReferralState, RewardKind
from lumenpay.models.users import User
from lumenpay.promo_codes.personal import WELCOME_PREFIX, PersonalTerms, make_personal_code
from lumenpay.promo_codes.service import get_promo_code
from lumenpay.referrals.repository import find_referral, had_access, is_above
from lumenpay.referrals.rules import InvitationFacts, ReferralTerms, decide_refusal, read_payload
from lumenpay.referrals.settings import find_settings
from lumenpay.users.errors import UserNotFoundError
from lumenpay.users.repository import get_user

DISCOUNTS: Final = {RewardKind.DAYS: DiscountKind.EXTRA_DAYS, RewardKind.PERCENT: DiscountKind.PERCENT}


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody is invited; with the personal promo code that they came with, where there is one."""

    referral: Referral
    welcome: PromoCode | None


async def accept_invitation(
    session: TenantSession, *, user: User, payload: str, now: datetime
) -> Invitation | None:  # fmt: skip
    """Write down who invited a person; None where the link is nobody's, the programme is off, or they cannot be.

    The first inviter stays: a second link changes nothing. Nobody is invited who ever had access, by themselves, or by
    somebody whom they invited, directly or through others. Safe to repeat: who comes by the same link again before the
    first purchase is told the same.
    """
    inviter_id = read_payload(payload)
    if inviter_id is None:
        return None
    # The lock has people of one bot come one after another, so that two who invite each other do not pass together.
    terms = await find_settings(session, user.bot_id, is_locked=True)
    if not terms.is_on:
        return None
    try:
        inviter = await get_user(session, inviter_id)
    except UserNotFoundError:
        return None
    existing = await find_referral(session, user.id)
    facts = InvitationFacts(
        is_same_person=inviter.telegram_id == user.telegram_id,
        was_invited=existing is not None,
        had_access=await had_access(session, user.telegram_id),
        is_above_inviter=await is_above(session, user_id=user.id, inviter_id=inviter.id),
    )
    refusal = decide_refusal(facts)
    if existing is not None and refusal == "invited_already":
        return await _repeat(session, existing, inviter=inviter)
    if inviter.bot_id != user.bot_id or refusal:
        return None
    return await _write_down(session, user=user, inviter=inviter, terms=terms, now=now)


async def _repeat(session: TenantSession, referral: Referral, *, inviter: User) -> Invitation | None:
    if referral.inviter_id != inviter.id or referral.state != ReferralState.INVITED:
        return None
    code_id = referral.welcome_promo_code_id
    return Invitation(referral, await get_promo_code(session, code_id) if code_id is not None else None)


async def _write_down(
    session: TenantSession, *, user: User, inviter: User, terms: ReferralTerms, now: datetime
) -> Invitation:
    welcome: PromoCode | None = None
    if terms.welcome_kind is not None and terms.welcome_value is not None:
        promised = PersonalTerms(
            DISCOUNTS[terms.welcome_kind], terms.welcome_value, prefix=WELCOME_PREFIX, is_first_purchase_only=True
        )
        welcome = await make_personal_code(
            session, bot_id=BotId(user.bot_id), user_id=UserId(user.id), terms=promised, now=now
        )
    referral = Referral(
        tenant_id=session.tenant_id, invited_id=UserId(user.id), inviter_id=UserId(inviter.id),
        bot_id=BotId(user.bot_id), state=ReferralState.INVITED, reward_kind=terms.reward_kind,
        reward_value=terms.reward_value,
        welcome_promo_code_id=PromoCodeId(welcome.id) if welcome is not None else None, created_at=now,
    )  # fmt: skip
    session.add(referral)
    await session.flush()
    for subject_id in (user.id, inviter.id):
        details = {"invited_id": str(user.id), "inviter_id": str(inviter.id)}
        record(session, actor=SYSTEM, action="referral.invited", subject_id=subject_id, now=now, details=details)
    return Invitation(referral, welcome)
