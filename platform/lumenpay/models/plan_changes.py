"""Changes of plan: what of one plan's time an order of another was quoted to carry over, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, within_tenant
from lumenpay.models.ids import PaymentId, PlanId, SubscriptionId, UserId


class ChangeKind(StrEnum):
    """How what is left of the old plan is used."""

    PAID = "paid"
    """Credited against the price of the new plan, whose whole period is bought."""
    TURNED = "turned"
    """Turned into time of the new plan; nothing is paid."""
    BY_VALUE = "by_value"
    """Turned into time by the team."""
    SAME_END = "same_end"
    """The team gives the new plan until the old one would have ended, whatever either costs."""


class PlanChange(TenantOwned, Base):
    """The quote of an order that changes a plan. Its key is the payment: it is applied once, or never."""

    __tablename__ = "plan_changes"
    __table_args__ = (
        within_tenant("payment_id", "payments"),
        within_tenant("subscription_id", "subscriptions"),
        within_tenant("user_id", "users"),
        within_tenant("from_plan_id", "plans"),
        within_tenant("to_plan_id", "plans"),
        CheckConstraint("credit_minor >= 0", "credit_not_negative"),
        CheckConstraint("applied_credit_minor BETWEEN 0 AND credit_minor", "applied_within_quote"),
        Index("ix_plan_changes_applied", "tenant_id", "user_id", "applied_at"),
    )

    payment_id: Mapped[PaymentId] = mapped_column(primary_key=True)
    subscription_id: Mapped[SubscriptionId]
    """The one that is left."""
    user_id: Mapped[UserId]
    from_plan_id: Mapped[PlanId]
    to_plan_id: Mapped[PlanId]
    kind: Mapped[ChangeKind] = mapped_column(String(16))
    credit_minor: Mapped[int] = mapped_column(BigInteger)
    """What the time that is carried over is worth, in the new plan's currency."""
    currency: Mapped[str] = mapped_column(String(3))
    kept_seconds: Mapped[int] = mapped_column(BigInteger)
    """How much time of the old plan that is."""
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What each payment of the old plan brings in: `payment_id`, `credit_minor`, and once applied `taken_minor`."""
    renews: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """The person agreed that the saved method of the old plan renews the new one; of orders that cost nothing."""
    quoted_at: Mapped[datetime]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    applied_credit_minor: Mapped[int | None] = mapped_column(BigInteger)
    """What was left of the credit when the order was granted."""
    undone_at: Mapped[datetime | None]
    """The payment went back, and what was carried over with it."""
