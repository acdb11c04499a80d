"""What happened on each local day of a tenant, added up: only changes are stored, so a level is the sum of its days.

Days are those of `tenants.analytics_time_zone`, closed once they are over and never changed afterwards. A figure of
test payments never mixes with one of real money, nor one currency with another.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned


def _count() -> Mapped[int]:
    return mapped_column(Integer, default=0, server_default="0")


def _sum() -> Mapped[int]:
    return mapped_column(BigInteger, default=0, server_default="0")


class PeopleDay(TenantOwned, Base):
    """How many people of one cohort got and lost access on one day."""

    __tablename__ = "people_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_test: Mapped[bool] = mapped_column(primary_key=True)
    cohort: Mapped[date] = mapped_column(primary_key=True)
    """First day of the local month of the first payment."""
    began: Mapped[int] = _count()
    """Got access for the first time."""
    returned: Mapped[int] = _count()
    churned_voluntary: Mapped[int] = _count()
    churned_failed_payment: Mapped[int] = _count()
    churned_not_renewed: Mapped[int] = _count()


class MoneyDay(TenantOwned, Base):
    """What one cohort paid on one day in one currency, and how that moved the monthly recurring revenue."""

    __tablename__ = "money_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_test: Mapped[bool] = mapped_column(primary_key=True)
    cohort: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    revenue_minor: Mapped[int] = _sum()
    """Before anything went back."""
    refunded_minor: Mapped[int] = _sum()
    """What went back on this day, whenever it had been paid."""
    payments: Mapped[int] = _count()
    first_payers: Mapped[int] = _count()
    """People who paid in this currency for the first time."""
    mrr_new_minor: Mapped[int] = _sum()
    mrr_expansion_minor: Mapped[int] = _sum()
    mrr_contraction_minor: Mapped[int] = _sum()
    """Not above zero, like what churned."""
    mrr_churned_minor: Mapped[int] = _sum()
    mrr_reactivated_minor: Mapped[int] = _sum()
    mrr_people_gained: Mapped[int] = _count()
    mrr_people_lost: Mapped[int] = _count()


class SourceDay(TenantOwned, Base):
    """What was paid on one day by people who came from one source, with one promo code."""

    __tablename__ = "source_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_test: Mapped[bool] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Payload of the person's first /start."""
    promo_code_id: Mapped[UUID] = mapped_column(primary_key=True)
    """Zeros where the payment had none."""
    revenue_minor: Mapped[int] = _sum()
    """Before anything went back."""
    refunded_minor: Mapped[int] = _sum()
    """What went back on this day, whenever it had been paid."""
    payments: Mapped[int] = _count()
    first_payers: Mapped[int] = _count()


class FunnelDay(TenantOwned, Base):
    """How far the people got who started the bot on one day, until the last closed one."""

    __tablename__ = "funnel_days"

    started_on: Mapped[date] = mapped_column(primary_key=True)
    is_test: Mapped[bool] = mapped_column(primary_key=True)
    started: Mapped[int] = _count()
    saw_plan: Mapped[int] = _count()
    checked_out: Mapped[int] = _count()
    paid: Mapped[int] = _count()
    joined: Mapped[int] = _count()
