"""Use cases of plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.channels.errors import ChannelNotFoundError
from lumenpay.channels.repository import get_channel
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.fiscal_receipts import PaymentMode, PaymentSubject
from lumenpay.models.plans import Audience, PeriodUnit, Plan
from lumenpay.plans.errors import PlanInvalidError
from lumenpay.plans.repository import get_plan, list_channel_ids, replace_channels
from lumenpay.plans.rules import PlanDraft, find_plan_problems, normalize_access_code


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan promises and costs."""

    title: str
    description: str
    price_minor: int
    currency: str
    period_unit: PeriodUnit
    period_count: int
    position: int
    is_on_sale: bool
    is_hidden: bool
    channel_ids: Sequence[UUID]
    access_code: str | None = None
    is_trial: bool = False
    audience: Audience = Audience.EVERYONE
    audience_plan_ids: Sequence[UUID] = ()
    allows_changes: bool = False
    capacity: int | None = None
    sale_starts_at: datetime | None = None
    sale_ends_at: datetime | None = None
    fixed_end_at: datetime | None = None
    is_recurring: bool = False
    receipt_vat_code: int | None = None
    receipt_subject: PaymentSubject | None = None
    receipt_mode: PaymentMode | None = None
    stars: int | None = None
    is_giftable: bool = False


async def create_plan(
    session: TenantSession, *, bot_id: UUID, terms: PlanTerms, are_minutes_allowed: bool, actor: Actor, now: datetime
) -> Plan:
    """Store a plan of a bot.

    Raises:
        PlanInvalidError: It cannot be sold like this.
        ChannelNotFoundError: A channel is not one of this bot's.
        PlanNotFoundError: A plan of the audience is unknown to this tenant.
    """
    plan = Plan(tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot_id, created_at=now)
    await _apply(session, plan, terms, are_minutes_allowed=are_minutes_allowed)
    record(session, actor=actor, action="plan.created", subject_id=plan.id, now=now)
    return plan


async def change_plan(
    session: TenantSession, plan_id: UUID, *, terms: PlanTerms, version: str | None = None, are_minutes_allowed: bool,
    actor: Actor, now: datetime
) -> Plan:  # fmt: skip
    """Store new terms; orders made before keep theirs.

    Args:
        version: Of the plan that the terms were made from; without one, whatever is stored is replaced.

    Raises:
        PlanNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: The plan has another version by now.
        PlanInvalidError: It cannot be sold like this.
        ChannelNotFoundError: A channel is not one of this bot's.
    """
    plan = await get_plan(session, plan_id, is_locked=True)
    require_version(version_of(plan, (await list_channel_ids(session, [plan.id]))[plan.id]), version)
    await _apply(session, plan, terms, are_minutes_allowed=are_minutes_allowed)
    record(session, actor=actor, action="plan.changed", subject_id=plan.id, now=now)
    return plan


async def archive_plan(session: TenantSession, plan_id: UUID, *, actor: Actor, now: datetime) -> Plan:
    """Take a plan off sale for good; who has bought it keeps what was paid for. Safe to repeat."""
    plan = await get_plan(session, plan_id)
    if plan.archived_at is None:
        plan.archived_at, plan.is_on_sale = now, False
        record(session, actor=actor, action="plan.archived", subject_id=plan.id, now=now)
        await session.flush()
    return plan


async def _apply(session: TenantSession, plan: Plan, terms: PlanTerms, *, are_minutes_allowed: bool) -> None:
    draft = PlanDraft(
        price_minor=terms.price_minor, period_unit=terms.period_unit, period_count=terms.period_count,
        channels_count=len(terms.channel_ids), is_trial=terms.is_trial, sale_starts_at=terms.sale_starts_at,
        sale_ends_at=terms.sale_ends_at, fixed_end_at=terms.fixed_end_at, is_recurring=terms.is_recurring,
        currency=terms.currency, stars=terms.stars, is_giftable=terms.is_giftable, audience=terms.audience,
        audience_plans_count=len(terms.audience_plan_ids), allows_changes=terms.allows_changes,
    )  # fmt: skip
    problems = find_plan_problems(draft, are_minutes_allowed=are_minutes_allowed)
    code = terms.access_code and normalize_access_code(terms.access_code)
    if terms.access_code and not code:
        problems["access_code"] = "invalid"
    if problems:
        raise PlanInvalidError(fields=problems)
    for channel_id in terms.channel_ids:
        if (await get_channel(session, channel_id)).bot_id != plan.bot_id:
            raise ChannelNotFoundError
    for plan_id in terms.audience_plan_ids:
        await get_plan(session, plan_id)
    plan.title, plan.description = terms.title, terms.description
    plan.price_minor, plan.currency = terms.price_minor, terms.currency
    plan.period_unit, plan.period_count = terms.period_unit, terms.period_count
    plan.position, plan.is_on_sale, plan.is_hidden = terms.position, terms.is_on_sale, terms.is_hidden
    plan.is_recurring, plan.stars = terms.is_recurring, terms.stars
    plan.is_giftable = terms.is_giftable
    plan.access_code, plan.is_trial, plan.audience = code or None, terms.is_trial, terms.audience
    plan.audience_plan_ids, plan.allows_changes = list(dict.fromkeys(terms.audience_plan_ids)), terms.allows_changes
    plan.capacity, plan.fixed_end_at = terms.capacity, terms.fixed_end_at
    plan.sale_starts_at, plan.sale_ends_at = terms.sale_starts_at, terms.sale_ends_at
    plan.receipt_vat_code = terms.receipt_vat_code
    plan.receipt_subject, plan.receipt_mode = terms.receipt_subject, terms.receipt_mode
    session.add(plan)
    await session.flush()
    await replace_channels(session, plan, terms.channel_ids)
