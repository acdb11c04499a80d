"""Gifts: a period that one person paid for and another one takes by a link, once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PaymentId, PlanId, UserId


class GiftStatus(StrEnum):
    """Where a gift is. Legal moves stand in `lumenpay.gifts.rules`; nothing leads back to `waiting`."""

    WAITING = "waiting"
    """Paid; whoever opens the link can take it."""
    CLAIMED = "claimed"
    EXPIRED = "expired"
    """Nobody took it in time."""
    REVOKED = "revoked"
    """The team closed its link."""
    REFUNDED = "refunded"
    """Its money went back, before or after somebody took it."""


class Gift(TenantOwned, Base):
    """What one paid order gives away. Its key is the order, and the receiver's order is its claim: each there once."""

    __tablename__ = "gifts"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        within_tenant("plan_id", "plans"),
        within_tenant("payment_id", "payments"),
        within_tenant("claim_payment_id", "payments"),
        within_tenant("giver_id", "users"),
        within_tenant("receiver_id", "users"),
        unique_in_tenant("payment_id"),
        unique_in_tenant("claim_payment_id"),
        CheckConstraint(
            "status <> 'claimed' OR (receiver_id IS NOT NULL AND claim_payment_id IS NOT NULL)", "claimed_by_somebody"
        ),
        Index(
            "ix_gifts_due", "next_step_at",
            postgresql_where=text("status = 'waiting' AND next_step_at IS NOT NULL"),
        ),
        # Those that wait keep a place of their plan.
        Index("ix_gifts_waiting", "tenant_id", "plan_id", postgresql_where=text("status = 'waiting'")),
        Index(None, "tenant_id", "created_at"),
        Index(None, "tenant_id", "giver_id"),
        Index(None, "tenant_id", "receiver_id", postgresql_where=text("receiver_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    plan_id: Mapped[PlanId]
    payment_id: Mapped[PaymentId]
    """The giver's order: its money, and the period that it gives."""
    giver_id: Mapped[UserId]
    status: Mapped[GiftStatus] = status_column(GiftStatus.WAITING, length=16)
    expires_at: Mapped[datetime]
    """Until when it can be taken."""
    next_step_at: Mapped[datetime | None]
    """When the giver is reminded next, or the gift expires."""
    reminders_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    opened_at: Mapped[datetime | None]
    """When somebody else than the giver opened the link first."""
    receiver_id: Mapped[UserId | None]
    claim_payment_id: Mapped[PaymentId | None]
    """The receiver's order, which costs nothing and takes the way of every order."""
    claimed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class GiftLink(TenantOwned, Base):
    """A link to a gift. Only a hash is kept, so that each message carries one of its own; all open the same gift."""

    __tablename__ = "gift_links"
    __table_args__ = (within_tenant("gift_id", "gifts", ondelete="CASCADE"), Index(None, "tenant_id", "gift_id"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    gift_id: Mapped[UUID]
    created_at: Mapped[datetime]
