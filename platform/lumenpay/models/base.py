"""The declarative base, naming of constraints, and the shape that every tenant-owned table shares."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, ForeignKeyConstraint, MetaData, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lumenpay.kit.ids import new_uuid7
from lumenpay.models import ids

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_ID_TYPES = (
    ids.TenantId, ids.AdminId, ids.BotId, ids.ChannelId, ids.PlanId, ids.PromoCodeId, ids.UserId, ids.PaymentId,
    ids.SubscriptionId, ids.MembershipId, ids.EntryLinkId, ids.NoticeId, ids.JobId, ids.LeaseId,
    ids.InvitationId,
)  # fmt: skip


class Base(DeclarativeBase):
    """All tables of LumenPay."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        StrEnum: String,
        **{id_type: Uuid() for id_type in _ID_TYPES},
    }


class TenantOwned:
    """A row that belongs to one tenant: its primary key starts with the tenant, and so does every key to it."""

    tenant_id: Mapped[ids.TenantId] = mapped_column(
        ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True, sort_order=-10
    )


def primary_id() -> Mapped[Any]:
    """Return the second column of a tenant-owned primary key: a time-ordered UUID."""
    return mapped_column(Uuid(), primary_key=True, default=new_uuid7, sort_order=-5)


def status_column(default: StrEnum, *, length: int = 32) -> Mapped[Any]:
    """Return a text column that holds a value of the enumeration of `default`."""
    return mapped_column(String(length), default=default, server_default=default.value)


def telegram_id_column(**options: Any) -> Mapped[Any]:  # noqa: ANN401 - column options
    """Return a 64-bit column: Telegram's ids take up to 52 bits."""
    return mapped_column(BigInteger, **options)


def within_tenant(column: str, target: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Return a foreign key that carries the tenant, so that a row cannot point into another one."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], ondelete=ondelete)


def unique_in_tenant(*columns: str, **options: Any) -> UniqueConstraint:  # noqa: ANN401 - constraint options
    """Return a UNIQUE constraint inside one tenant: it tells nothing about another one's rows."""
    return UniqueConstraint("tenant_id", *columns, **options)
