"""One subscriber: where they are, what they have, what they paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.kit.money import Money
from lumenpay.models.access import Membership
from lumenpay.models.autopays import Autopay, AutopayConsent
from lumenpay.models.channels import Channel
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.payments.consents import find_consent
from lumenpay.subscriptions.autopay import find_price, list_of_subscriptions
from lumenpay.subscriptions.change_records import list_changed_to
from lumenpay.subscriptions.repository import list_of_user
from lumenpay.users.labels import list_tags
from lumenpay.users.repository import get_user


@dataclass(frozen=True, slots=True)
class Paid:
    """What a person paid in one currency."""

    currency: str
    amount_minor: int
    count: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A subscriber with everything around them."""

    user: User
    tags: Sequence[str]
    subscriptions: Sequence[tuple[Subscription, Plan]]
    memberships: Sequence[tuple[Membership, Channel]]
    paid: Sequence[Paid]
    changed_to: Mapping[UUID, str]
    """Titles of the plans that took the place of subscriptions, by subscription."""
    autopays: Sequence[tuple[Autopay, Subscription, AutopayConsent | None, Money | None]]


async def read_profile(session: TenantSession, user_id: UUID) -> Profile:
    """Return a subscriber with everything around them.

    Raises:
        UserNotFoundError: Unknown to this tenant.
    """
    user = await get_user(session, user_id)
    places = await session.execute(
        select(Membership, Channel)
        .join(Channel, (Channel.tenant_id == Membership.tenant_id) & (Channel.id == Membership.channel_id))
        .where(Membership.tenant_id == session.tenant_id, Membership.user_id == user.id)
        .order_by(Channel.title, Membership.id)
    )
    subscriptions = await list_of_user(session, user.id)
    autopays = await list_of_subscriptions(session, [subscription.id for subscription, _ in subscriptions])
    return Profile(
        user=user,
        tags=await list_tags(session, user.id),
        subscriptions=subscriptions,
        memberships=[(row[0], row[1]) for row in places],
        paid=await _sum_paid(session, user.id),
        changed_to=await list_changed_to(session, user.id),
        autopays=[
            (
                autopays[row.id], row, await find_consent(session, autopays[row.id].consent_payment_id),
                await find_price(session, autopays[row.id]),
            )
            for row, _ in subscriptions
            if row.id in autopays
        ],
    )  # fmt: skip


async def _sum_paid(session: TenantSession, user_id: UUID) -> list[Paid]:
    rows = await session.execute(
        select(Payment.currency, func.sum(Payment.amount_minor), func.count())
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.amount_minor > 0,
        )
        .group_by(Payment.currency)
        .order_by(Payment.currency)
    )
    return [Paid(row[0], int(row[1]), int(row[2])) for row in rows]
