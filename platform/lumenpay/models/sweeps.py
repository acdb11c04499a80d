"""Slow looks through the people of a channel, and who was found inside without a right."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, within_tenant
from lumenpay.models.ids import AdminId, ChannelId, MembershipId


class SweepStatus(StrEnum):
    """Where a sweep is in its life. Legal moves stand in `lumenpay.access.sweep_rules`."""

    LOOKING = "looking"
    """Telegram is asked about one share of the people after another."""
    BRAKED = "braked"
    """So many would be removed that a human has to say so first."""
    REMOVING = "removing"
    KEEPING = "keeping"
    """A human said that they stay: from now on they are not ours to move."""
    DONE = "done"
    KEPT = "kept"


class MembershipSweep(TenantOwned, Base):
    """One look through the people whom we know in a channel."""

    __tablename__ = "membership_sweeps"
    __table_args__ = (
        within_tenant("channel_id", "channels"),
        Index(
            "uq_membership_sweeps_unfinished", "tenant_id", "channel_id", unique=True,
            postgresql_where=text("status NOT IN ('done', 'kept')"),
        ),
        Index(None, "tenant_id", "created_at", "id"),
        Index("ix_membership_sweeps_braked", "tenant_id", "id", postgresql_where=text("status = 'braked'")),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    channel_id: Mapped[ChannelId]
    status: Mapped[SweepStatus] = status_column(SweepStatus.LOOKING)
    last_telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    """The last person who was looked at; the next share begins after them."""
    looked_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    inside_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    mended_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """People who were elsewhere than we thought."""
    to_remove_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """When the looking, and the removing, was over."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[AdminId | None]


class SweptMember(TenantOwned, Base):
    """Somebody whom a sweep found inside without a right; gone once they are dealt with."""

    __tablename__ = "swept_members"
    __table_args__ = (
        within_tenant("sweep_id", "membership_sweeps", ondelete="CASCADE"),
        within_tenant("membership_id", "memberships"),
    )

    sweep_id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[MembershipId] = mapped_column(primary_key=True)
