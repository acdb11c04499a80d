"""Promo codes, the plans they are good for, and who used them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PaymentId, PlanId, PromoCodeId, UserId


class DiscountKind(StrEnum):
    """What a code gives."""

    PERCENT = "percent"
    AMOUNT = "amount"
    EXTRA_DAYS = "extra_days"


class PromoUseStatus(StrEnum):
    """Whether a use counts against the limits: reserved and used ones do."""

    RESERVED = "reserved"
    USED = "used"
    RELEASED = "released"


class PersonalKind(StrEnum):
    """What a personal code was made for."""

    WELCOME = "welcome"
    """For somebody who was invited by a subscriber."""
    REWARD = "reward"
    """For whoever invited somebody."""
    WIN_BACK = "win_back"


class PromoCode(TenantOwned, Base):
    """A code that changes the price or adds days. The code is stored in upper case."""

    __tablename__ = "promo_codes"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        unique_in_tenant("bot_id", "code"),
        CheckConstraint("discount_value > 0", "discount_value_positive"),
        CheckConstraint("uses_count >= 0", "uses_count_not_negative"),
        within_tenant("batch_id", "promo_code_batches"),
        within_tenant("user_id", "users"),
        Index("ix_promo_codes_batch", "tenant_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        Index("ix_promo_codes_user", "tenant_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
        Index("ix_promo_codes_everybody", "tenant_id", "id", postgresql_where=text("user_id IS NULL")),
    )

    id: Mapped[PromoCodeId] = primary_id()
    bot_id: Mapped[BotId]
    batch_id: Mapped[UUID | None]
    """Generated together with others."""
    user_id: Mapped[UserId | None]
    """Good for this person only; such codes stand in no list."""
    code: Mapped[str] = mapped_column(String(32))
    discount_kind: Mapped[DiscountKind] = mapped_column(String(16))
    discount_value: Mapped[int] = mapped_column(BigInteger)
    """Percent (1-100), minor units of `currency`, or days, by `discount_kind`."""
    currency: Mapped[str | None] = mapped_column(String(3))
    max_uses: Mapped[int | None] = mapped_column(Integer)
    max_uses_per_user: Mapped[int | None] = mapped_column(Integer)
    uses_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Reserved and used; changed only by a conditional UPDATE against `max_uses`."""
    is_first_purchase_only: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default="true")
    valid_from_at: Mapped[datetime | None]
    valid_until_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PromoCodeBatch(TenantOwned, Base):
    """Codes that were generated together; its key makes a repeated request generate them once."""

    __tablename__ = "promo_code_batches"
    __table_args__ = (within_tenant("bot_id", "bots"), unique_in_tenant("idempotence_key"))

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    idempotence_key: Mapped[str] = mapped_column(String(48))
    request: Mapped[dict[str, Any]]
    """What was asked for: the same key with anything else is refused."""
    created_at: Mapped[datetime]


class PromoCodePlan(TenantOwned, Base):
    """A plan that a code is good for; a code without any is good for all."""

    __tablename__ = "promo_code_plans"
    __table_args__ = (
        within_tenant("promo_code_id", "promo_codes", ondelete="CASCADE"),
        within_tenant("plan_id", "plans", ondelete="CASCADE"),
    )

    promo_code_id: Mapped[PromoCodeId] = mapped_column(primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(primary_key=True)


class PromoCodeUse(TenantOwned, Base):
    """One use of a code by one payment."""

    __tablename__ = "promo_code_uses"
    __table_args__ = (
        within_tenant("payment_id", "payments"),
        within_tenant("promo_code_id", "promo_codes"),
        within_tenant("user_id", "users"),
        Index(None, "tenant_id", "promo_code_id", "user_id"),
        Index(None, "tenant_id", "promo_code_id", "payment_id"),
    )

    payment_id: Mapped[PaymentId] = mapped_column(primary_key=True)
    promo_code_id: Mapped[PromoCodeId]
    user_id: Mapped[UserId]
    status: Mapped[PromoUseStatus] = status_column(PromoUseStatus.RESERVED)
    created_at: Mapped[datetime]
