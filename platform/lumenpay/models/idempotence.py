"""Requests that came with an `Idempotency-Key`, and what was answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned


class IdempotentRequest(TenantOwned, Base):
    """One request of one caller: claimed before it is carried out, answered afterwards, kept for a day."""

    __tablename__ = "idempotent_requests"
    __table_args__ = (Index(None, "created_at"),)

    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The person or the API key: nobody is given what another one was answered."""
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Of method, path, query and body: the same key with anything else is refused."""
    lease_id: Mapped[UUID]
    leased_until: Mapped[datetime]
    has_effect: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Written in the transaction that changed something: from then on it is not carried out again."""
    status: Mapped[int | None] = mapped_column(SmallInteger)
    """Nothing until it was answered with success."""
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Nothing where the answer shows a secret, or is too long to be kept."""
    created_at: Mapped[datetime]
