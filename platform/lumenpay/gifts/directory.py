"""Gifts as the portal lists them, with their people and orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from lumenpay.db.session import TenantSession
from lumenpay.models.gifts import Gift
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan
from lumenpay.models.users import User


@dataclass(frozen=True, slots=True)
class GiftRow:
    """A gift with what it names: the giver's order and the giver, and those of the receiver once there is one."""

    gift: Gift
    plan_title: str
    order: Payment
    giver: User
    claim: Payment | None
    receiver: User | None


async def list_rows(session: TenantSession, gifts: Sequence[Gift]) -> list[GiftRow]:
    """Return gifts with what they name, in the same order."""
    order, claim, giver, receiver = aliased(Payment), aliased(Payment), aliased(User), aliased(User)
    own = Gift.tenant_id
    query = (
        select(Gift, Plan.title, order, giver, claim, receiver)
        .join(Plan, and_(Plan.tenant_id == own, Plan.id == Gift.plan_id))
        .join(order, and_(order.tenant_id == own, order.id == Gift.payment_id))
        .join(giver, and_(giver.tenant_id == own, giver.id == Gift.giver_id))
        .outerjoin(claim, and_(claim.tenant_id == own, claim.id == Gift.claim_payment_id))
        .outerjoin(receiver, and_(receiver.tenant_id == own, receiver.id == Gift.receiver_id))
        .where(own == session.tenant_id, Gift.id.in_([gift.id for gift in gifts]))
    )
    found = {row[0].id: GiftRow(*row) for row in await session.execute(query)}
    return [found[gift.id] for gift in gifts if gift.id in found]


async def read_row(session: TenantSession, gift: Gift) -> GiftRow:
    """Return one gift with what it names."""
    return (await list_rows(session, [gift]))[0]
