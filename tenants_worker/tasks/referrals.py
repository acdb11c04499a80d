"""The jobs of the referral programme: deciding a reward, and telling the inviter of it."""

from __future__ import annotations

from lumenpay.jobs.catalogue import SettleReferral, TellReferral
from lumenpay.models.referrals import ReferralState
from lumenpay.referrals.repository import find_referral
from lumenpay.rewards.service import REWARDED, RewardOutcome, find_reward_code, settle_referral
from lumenpay.users.repository import get_user
from tenants_worker.bot.promo_in_hand import give_code
from tenants_worker.bot.views import invitations as views
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling import tell_user


async def settle(ctx: JobContext, job: SettleReferral) -> None:
    """Give the reward for an invited person's first purchase, or take it back. Safe to repeat."""
    async with ctx.unit() as session:
        outcome = await settle_referral(session, job.invited_id, now=ctx.worker.clock.now())
        referral = await find_referral(session, job.invited_id)
        if outcome is RewardOutcome.REWARDED and referral is not None:
            code = await find_reward_code(session, referral)
            if code is not None:
                # The next order is at its price, without anything to type.
                give_code(await get_user(session, referral.inviter_id), code.code)


async def tell_referral(ctx: JobContext, job: TellReferral) -> None:
    """Tell the inviter of a reward that waits, or that it is gone; nothing once it is not so any more."""
    wanted = ReferralState.REWARDED if job.about == REWARDED else ReferralState.TAKEN_BACK
    async with ctx.unit() as session:
        referral = await find_referral(session, job.invited_id)
        if referral is None or referral.state != wanted:
            return
        inviter = await get_user(session, referral.inviter_id)
        if inviter.blocked_bot_at is not None:
            return
        if job.about == REWARDED:
            code = await find_reward_code(session, referral)
            if code is None:
                return
            view = await views.rewarded(session, inviter, referral, code)
        else:
            view = await views.taken_back(session, inviter, referral)
    await tell_user(ctx, user=inviter, html=view.html, buttons=view.buttons)
