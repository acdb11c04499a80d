"""What campaigns brought: people who came first by them, how many of those bought, and what was paid.

Revenue is what it is in analytics: payments that succeeded, each currency by itself; refunds are not taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_

from lumenpay.db.session import TenantSession
from lumenpay.kit.money import Money
from lumenpay.models.campaigns import Campaign
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.users import User

Links: TypeAlias = dict[tuple[UUID, str | None], UUID]
"""Ids of campaigns by bot and source."""


@dataclass(slots=True)
class CampaignFigures:
    """What one campaign brought since it was there; empty lists where nothing was paid."""

    starts: int = 0
    """People whose first /start with a payload was this link's."""
    buyers: int = 0
    """How many of them paid."""
    revenue: list[Money] = field(default_factory=list)
    """What they paid, for anything, ever."""
    last_touch_orders: int = 0
    """Orders that were paid and made while this link was the latest that their person had followed."""
    last_touch_revenue: list[Money] = field(default_factory=list)


async def count_figures(
    session: TenantSession, campaigns: Sequence[Campaign], *, is_test: bool
) -> dict[UUID, CampaignFigures]:
    """Return what several campaigns brought, by id, in real money or in test payments."""
    by_link: Links = {(campaign.bot_id, campaign.source): campaign.id for campaign in campaigns}
    found: dict[UUID, CampaignFigures] = defaultdict(CampaignFigures)
    if not by_link:
        return found
    of_user = (User.tenant_id == session.tenant_id, tuple_(User.bot_id, User.source).in_(by_link))
    paid = (Payment.status == PaymentStatus.SUCCEEDED, Payment.amount_minor > 0, Payment.is_test == is_test)
    starts = select(User.bot_id, User.source, func.count()).where(*of_user).group_by(User.bot_id, User.source)
    for bot_id, source, count in await session.execute(starts):
        found[by_link[bot_id, source]].starts = count
    own = (Payment.tenant_id == User.tenant_id) & (Payment.user_id == User.id)
    buyers = (
        select(User.bot_id, User.source, func.count(User.id.distinct()))
        .join(Payment, own)
        .where(*of_user, *paid)
        .group_by(User.bot_id, User.source)
    )
    for bot_id, source, count in await session.execute(buyers):
        found[by_link[bot_id, source]].buyers = count
    summed = func.sum(Payment.amount_minor)
    first = (
        select(User.bot_id, User.source, Payment.currency, summed)
        .join(Payment, own)
        .where(*of_user, *paid)
        .group_by(User.bot_id, User.source, Payment.currency)
        .order_by(Payment.currency)
    )
    for bot_id, source, currency, amount in await session.execute(first):
        found[by_link[bot_id, source]].revenue.append(Money(int(amount), currency))
    await _add_last_touch(session, found, by_link, paid)
    return found


async def _add_last_touch(
    session: TenantSession,
    found: dict[UUID, CampaignFigures],
    by_link: Links,
    paid: tuple[ColumnElement[bool], ...],
) -> None:
    query = (
        select(Payment.bot_id, Payment.source, Payment.currency, func.count(), func.sum(Payment.amount_minor))
        .where(
            Payment.tenant_id == session.tenant_id,
            tuple_(Payment.bot_id, Payment.source).in_(by_link),
            *paid,
        )
        .group_by(Payment.bot_id, Payment.source, Payment.currency)
        .order_by(Payment.currency)
    )
    for bot_id, source, currency, count, amount in await session.execute(query):
        figures = found[by_link[bot_id, source]]
        figures.last_touch_orders += count
        figures.last_touch_revenue.append(Money(int(amount), currency))
