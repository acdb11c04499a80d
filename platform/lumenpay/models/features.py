"""Switches of features: the platform's for all tenants, and those of single ones, which go before it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned


class Feature(StrEnum):
    """What can be switched off. Each is on where nobody has said anything."""

    WEBHOOKS = "webhooks"
    """Telling programs of a tenant what happens. While it is off nothing is told, and nothing is kept to be told."""
    TRIGGERS = "triggers"
    """Broadcasts that go to each person by themselves. While it is off none is made, and those that run stand still."""


class PlatformFeature(Base):
    """A switch for all tenants that have none of their own."""

    __tablename__ = "platform_features"

    feature: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_on: Mapped[bool]
    changed_at: Mapped[datetime]


class TenantFeature(TenantOwned, Base):
    """A switch of one tenant."""

    __tablename__ = "tenant_features"

    feature: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_on: Mapped[bool]
    changed_at: Mapped[datetime]
