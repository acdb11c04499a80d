"""The checklist: what is done, what is next, and how to do it, by what there really is."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.bots.chats import find_chats
from control_plane.dependencies import TenantAccess, TenantDep
from control_plane.onboarding.checks import check_everything
from control_plane.schemas import Output
from lumenpay.models.admins import Admin
from lumenpay.onboarding.hints import write_hint
from lumenpay.onboarding.repository import find_first_bot, load_standing
from lumenpay.onboarding.rules import StepCode, StepState, find_next, list_steps

router = APIRouter(prefix="/tenants/{tenant_id}/onboarding", tags=["onboarding"])


class StepOut(Output):
    """A step: its state, a code that says why, and what to do in the language of the person asking."""

    code: StepCode
    state: StepState
    reason: str
    hint: str
    missing_rights: list[str]


class OnboardingOut(Output):
    """The steps in order; `next` is the first that is not done, nothing when people can buy.

    All but the first are of the bot that was connected first. `bot_link` is where to buy from oneself.
    """

    steps: list[StepOut]
    done: int
    total: int
    next: StepCode | None
    bot_id: UUID | None
    bot_link: str | None


@router.get("")
async def get(access: TenantDep) -> OnboardingOut:
    """Return the checklist as it stands now."""
    return await _show(access)


@router.post("/check")
async def check(access: TenantDep) -> OnboardingOut:
    """Ask Telegram and the gateway again, and return the checklist as it stands then.

    The webhook is compared by a worker: its answer shows a moment later, and `events` tell of it.
    """
    await check_everything(access)
    return await _show(access)


async def _show(access: TenantAccess) -> OnboardingOut:
    async with access.unit() as session:
        bot = await find_first_bot(session)
        standing = await load_standing(session, bot, is_email_verified=_is_verified(access.identity.admin))
    steps, locale = list_steps(standing), access.identity.admin.locale
    shown = [
        StepOut(
            code=step.code, state=step.state, reason=step.reason, missing_rights=list(step.missing_rights),
            hint=write_hint(step.reason, locale=locale, missing_rights=step.missing_rights),
        )
        for step in steps
    ]  # fmt: skip
    return OnboardingOut(
        steps=shown,
        done=sum(step.state is StepState.DONE for step in steps),
        total=len(steps),
        next=find_next(steps),
        bot_id=None if bot is None else bot.id,
        bot_link=None if bot is None else (await find_chats(access)).of_bot(bot.username),
    )


def _is_verified(admin: Admin) -> bool | None:
    # Installations without verified addresses have no such column, and no such step.
    return admin.email_verified_at is not None if hasattr(admin, "email_verified_at") else None
