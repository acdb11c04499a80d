"""Who is to be forgotten and who was: ids and moments only, so that the list can be kept when its people are gone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, text
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
    """`user` (the person), `admin` (the team), or `operator` (the journal, after a restore)."""
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """The person is forgotten by then, whatever is still in the air."""
    next_step_at: Mapped[datetime | None]
    """When it is looked at next whether it can be done; empty once it is done."""
    waits_for: Mapped[Obstacle | None] = mapped_column(String(32))
    erased_at: Mapped[datetime | None]


class PersonKey(TenantOwned, Base):
    """What a tenant hashes the Telegram ids of forgotten people with; only `mark_person` can read it."""

    __tablename__ = "person_keys"
    __table_args__ = (unique_in_tenant(),)

    id: Mapped[UUID] = primary_id()
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
