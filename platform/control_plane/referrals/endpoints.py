"""The referral programme: its settings, who invited whom, and what came of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.schemas import CountedPageOut, Input, Moment, Output, show_page
from lumenpay.bots.repository import get_bot
from lumenpay.models.referrals import ReferralState, RewardKind
from lumenpay.models.users import User
from lumenpay.referrals import repository
from lumenpay.referrals.repository import DescribedReferral
from lumenpay.referrals.rules import ReferralTerms
from lumenpay.referrals.settings import find_settings
from lumenpay.referrals.settings import set_settings as store

router = APIRouter(prefix="/tenants/{tenant_id}", tags=["referrals"])
Value = Annotated[int | None, Field(ge=1, le=366, description="Days, or percent (100 at most), by the kind.")]


class ReferralSettingsIn(Input):
    """Who gets what when an invited person buys for the first time; each part can be left out, but not both.

    `rewards_a_month` limits how many rewards one person gets in a calendar month.
    """

    is_on: bool
    reward_kind: RewardKind | None = None
    reward_value: Value = None
    welcome_kind: RewardKind | None = None
    welcome_value: Value = None
    rewards_a_month: Annotated[int | None, Field(ge=1, le=10_000)] = None


class ReferralSettingsOut(Output):
    """Who gets what when an invited person buys for the first time."""

    is_on: bool
    reward_kind: RewardKind | None
    reward_value: int | None
    welcome_kind: RewardKind | None
    welcome_value: int | None
    rewards_a_month: int | None


class ReferralCountsOut(Output):
    """What came of all invitations of a bot."""

    invited: int
    bought: int
    rewarded: int
    taken_back: int


class ReferralPersonOut(Output):
    """One of the two people."""

    id: UUID
    first_name: str
    username: str | None


class ReferralOut(Output):
    """Somebody who came by an invitation.

    `reason` says why nothing was given (`cap`, `refunded`, `not_first`, `no_reward`), or that a promo code could not be
    taken back (`used`). A reward is either an order that cost nothing (`reward_payment_id`) or a personal promo code
    (`reward_code`).
    """

    bot_id: UUID
    inviter: ReferralPersonOut
    invited: ReferralPersonOut
    state: ReferralState
    reason: str
    reward_kind: RewardKind | None
    reward_value: int | None
    payment_id: UUID | None
    reward_payment_id: UUID | None
    reward_code: str | None
    created_at: Moment
    bought_at: Moment | None
    rewarded_at: Moment | None
    taken_back_at: Moment | None


@router.get("/bots/{bot_id}/referrals")
async def get_settings(bot_id: UUID, access: TenantDep) -> ReferralSettingsOut:
    """Return the referral programme of a bot; there is none until somebody says so."""
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
        return ReferralSettingsOut.model_validate(await find_settings(session, bot.id))


@router.put("/bots/{bot_id}/referrals")
async def set_settings(bot_id: UUID, body: ReferralSettingsIn, access: TenantDep) -> ReferralSettingsOut:
    """Store what holds from now on; whoever was invited before keeps what was promised."""
    terms = ReferralTerms(**{name: getattr(body, name) for name in ReferralSettingsIn.model_fields})
    async with access.unit() as session:
        stored = await store(session, bot_id, terms=terms, actor=access.actor, now=access.now)
    return ReferralSettingsOut.model_validate(stored)


@router.get("/bots/{bot_id}/referrals/counts")
async def count(bot_id: UUID, access: TenantDep) -> ReferralCountsOut:
    """Count what came of all invitations of a bot."""
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
        return ReferralCountsOut.model_validate(await repository.count_referrals(session, bot_id=bot.id))


@router.get("/referrals")
async def list_(
    access: TenantDep,
    page: PageDep,
    state: Annotated[ReferralState | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
) -> CountedPageOut[ReferralOut]:
    """List who came by an invitation, newest first."""
    async with access.unit() as session:
        found = await repository.list_referrals(session, page, state=state, bot_id=bot_id)
        items = [_show(row) for row in found.items]
    return show_page(found, items, page)


def _show(row: DescribedReferral) -> ReferralOut:
    shown = {
        name: getattr(row.referral, name)
        for name in ReferralOut.model_fields
        if name not in {"inviter", "invited", "reward_code"}
    }
    return ReferralOut(
        **shown, inviter=_person(row.inviter), invited=_person(row.invited), reward_code=row.reward_code
    )  # fmt: skip


def _person(user: User) -> ReferralPersonOut:
    return ReferralPersonOut(id=user.id, first_name=user.first_name, username=user.username)
