"""Referrals: who invited whom, and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PaymentId, PromoCodeId, UserId


class RewardKind(StrEnum):
    """What somebody gets."""

    DAYS = "days"
    PERCENT = "percent"
    """Off one payment."""


class ReferralState(StrEnum):
    """How far an invitation got. Legal moves stand in `lumenpay.referrals.rules`."""

    INVITED = "invited"
    BOUGHT = "bought"
    """The invited person's first purchase was paid; the reward is decided next."""
    REWARDED = "rewarded"
    PASSED = "passed"
    """Nothing is given; `reason` says why."""
    TAKEN_BACK = "taken_back"
    """The purchase was refunded, and the reward with it."""


class ReferralSettings(TenantOwned, Base):
    """The referral programme of one bot; a bot without a row has none."""

    __tablename__ = "referral_settings"
    __table_args__ = (within_tenant("bot_id", "bots"),)

    bot_id: Mapped[BotId] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(Boolean)
    reward_kind: Mapped[RewardKind | None] = mapped_column(String(16))
    reward_value: Mapped[int | None] = mapped_column(Integer)
    """Days or percent for who invites."""
    welcome_kind: Mapped[RewardKind | None] = mapped_column(String(16))
    welcome_value: Mapped[int | None] = mapped_column(Integer)
    """Days or percent for who was invited, with the first purchase."""
    rewards_a_month: Mapped[int | None] = mapped_column(Integer)
    """How many rewards one person can get in a calendar month of the tenant; empty for any number."""
    changed_at: Mapped[datetime]


class Referral(TenantOwned, Base):
    """One invited person: the key is that person, so nobody is invited, bought or rewarded twice."""

    __tablename__ = "referrals"
    __table_args__ = (
        within_tenant("invited_id", "users"),
        within_tenant("inviter_id", "users"),
        within_tenant("bot_id", "bots"),
        within_tenant("welcome_promo_code_id", "promo_codes"),
        within_tenant("payment_id", "payments"),
        within_tenant("reward_payment_id", "payments"),
        within_tenant("reward_promo_code_id", "promo_codes"),
        unique_in_tenant("payment_id"),
        unique_in_tenant("reward_payment_id"),
        CheckConstraint("invited_id <> inviter_id", "not_oneself"),
        CheckConstraint("reward_payment_id IS NULL OR reward_promo_code_id IS NULL", "one_reward"),
        Index("ix_referrals_inviter", "tenant_id", "inviter_id", "state", "rewarded_at"),
        Index("ix_referrals_list", "tenant_id", "created_at", "invited_id"),
    )

    invited_id: Mapped[UserId] = mapped_column(primary_key=True)
    inviter_id: Mapped[UserId]
    bot_id: Mapped[BotId]
    state: Mapped[ReferralState] = status_column(ReferralState.INVITED)
    reason: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Why nothing was given, or what could not be taken back; empty where nothing is to be said."""
    reward_kind: Mapped[RewardKind | None] = mapped_column(String(16))
    reward_value: Mapped[int | None] = mapped_column(Integer)
    """What the inviter was promised when the person came; later settings change nothing of it."""
    welcome_promo_code_id: Mapped[PromoCodeId | None]
    """The personal promo code that the invited person came with."""
    payment_id: Mapped[PaymentId | None]
    """The invited person's first purchase."""
    reward_payment_id: Mapped[PaymentId | None]
    """The order that costs nothing and gave the days."""
    reward_promo_code_id: Mapped[PromoCodeId | None]
    """The personal promo code for the inviter's next payment."""
    created_at: Mapped[datetime]
    bought_at: Mapped[datetime | None]
    rewarded_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
