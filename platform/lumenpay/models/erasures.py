"""Who is to be forgotten and who was: ids and moments only, so that the list can be kept when its people are gone."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant, within_tenant
from lumenpay.models.ids import UserId


class Obstacle(StrEnum):
    """What of a person is still in the air, so that they cannot be forgotten yet."""

    PAYMENT = "payment"
    """An order that the gateway may still take money for, or that a human has to look at."""
    REFUND = "refund"
    RECEIPT = "receipt"
    """A fiscal receipt that is being registered with the address of its payer."""
    ACCESS = "access"
    """Money that came after the request opened access again; the team decides whether it goes back."""
    REMOVAL = "removal"
    """The person has not been taken out of a channel yet."""
    JOB = "job"
    """A piece of work about the person waits or goes on."""


class Erasure(TenantOwned, Base):
    """One person to be forgotten. The application cannot take a row away, nor say that it was about another person."""

    __tablename__ = "erasures"
    __table_args__ = (
        within_tenant("user_id", "users"),
        unique_in_tenant("user_id"),
        Index("ix_erasures_next_step_at", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
    )

    id: Mapped[UUID] = primary_id()
    user_id: Mapped[UserId]
    asked_by: Mapped[str] = mapped_column(String(16))
    """`user` (the person), `admin` (the team), `operator` (the journal, after a restore), or `system` (the
    tenant's rule for people who are long gone)."""
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """The person is forgotten by then, whatever is still in the air."""
    next_step_at: Mapped[datetime | None]
    """When it is looked at next whether it can be done; empty once it is done."""
    waits_for: Mapped[Obstacle | None] = mapped_column(String(32))
    erased_at: Mapped[datetime | None]


class GoneMonths(IntEnum):
    """How long somebody has to be gone before a tenant's rule forgets them, as its owner may choose."""

    HALF_YEAR = 6
    YEAR = 12
    TWO_YEARS = 24
    THREE_YEARS = 36


class ForgettingRule(TenantOwned, Base):
    """Whether a tenant forgets people who are long gone, and how far the daily look for them is."""

    __tablename__ = "forgetting_rules"
    __table_args__ = (
        unique_in_tenant(),
        CheckConstraint("months IN (6, 12, 24, 36)", "months"),
        CheckConstraint(
            "(months IS NULL) = (starts_at IS NULL) AND (months IS NULL) = (next_step_at IS NULL)", "off_is_still"
        ),
        Index("ix_forgetting_rules_due", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
    )

    id: Mapped[UUID] = primary_id()
    months: Mapped[int | None] = mapped_column(SmallInteger)
    """How long somebody has to be gone; empty while nobody is forgotten by it."""
    starts_at: Mapped[datetime | None]
    """Before this moment nobody is forgotten, so that whoever switched it on by mistake can switch it off."""
    began_at: Mapped[datetime | None]
    """When people were first looked for since it was switched on, and the owners were written to."""
    next_step_at: Mapped[datetime | None]
    """When the next share of people is looked at."""
    looked_user_id: Mapped[UUID | None]
    """Whom the look of this day has come to, in the order of ids; empty at its beginning."""
    changed_at: Mapped[datetime]


class PersonKey(TenantOwned, Base):
    """What a tenant hashes the Telegram ids of forgotten people with; only `mark_person` can read it."""

    __tablename__ = "person_keys"
    __table_args__ = (unique_in_tenant(),)

    id: Mapped[UUID] = primary_id()
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
