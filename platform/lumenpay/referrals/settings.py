"""The settings of a bot's referral programme."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.models.referrals import ReferralSettings, RewardKind
from lumenpay.referrals.errors import ReferralSettingsInvalidError
from lumenpay.referrals.rules import ReferralTerms, find_problems


async def find_settings(session: TenantSession, bot_id: UUID, *, is_locked: bool = False) -> ReferralTerms:
    """Return what holds for a bot now; a bot whose owner never set anything has no programme.

    Args:
        is_locked: Let nobody else who asks for this lock go on until the end of the transaction.
    """
    query = select(ReferralSettings).where(
        ReferralSettings.tenant_id == session.tenant_id, ReferralSettings.bot_id == bot_id
    )
    if is_locked:
        query = query.with_for_update()
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if row is None:
        return ReferralTerms()
    return ReferralTerms(
        row.is_on, RewardKind(row.reward_kind) if row.reward_kind else None, row.reward_value,
        RewardKind(row.welcome_kind) if row.welcome_kind else None, row.welcome_value, row.rewards_a_month,
    )  # fmt: skip


async def set_settings(
    session: TenantSession, bot_id: UUID, *, terms: ReferralTerms, actor: Actor, now: datetime
) -> ReferralTerms:
    """Store what holds from now on; whoever was invited before keeps what was promised. Safe to repeat.

    Raises:
        BotNotFoundError: Unknown to this tenant.
        ReferralSettingsInvalidError: They make no sense.
    """
    bot = await get_bot(session, bot_id)
    problems = find_problems(terms)
    if problems:
        raise ReferralSettingsInvalidError(fields=problems)
    values = asdict(terms)
    await session.execute(
        insert(ReferralSettings)
        .values(tenant_id=session.tenant_id, bot_id=bot.id, changed_at=now, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "bot_id"], set_=values | {"changed_at": now})
    )
    details = {name: value for name, value in values.items() if value is not None}
    record(session, actor=actor, action="bot.referral_settings_set", subject_id=bot.id, now=now, details=details)
    return await find_settings(session, bot.id)
