"""What the platform checks of itself: the latest result of each check."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base


class InvariantResult(Base):
    """One check over all tenants: how many rows break it, and which, up to a hundred."""

    __tablename__ = "invariant_results"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    checked_at: Mapped[datetime]
    violations: Mapped[int] = mapped_column(Integer)
    """As many as the limit of samples means that there may be more."""
    samples: Mapped[list[Any]] = mapped_column(JSONB)
    """Objects with `tenant_id` and `id`."""
    error: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """Why the check could not be made; empty when it was."""
