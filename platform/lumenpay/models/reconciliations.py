"""Comparisons of a gateway's list with our payments: each run, and what it found."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import AdminId, BotId, PaymentId


class ReconciliationStatus(StrEnum):
    """Where a run is in its life. Legal moves stand in `lumenpay.reconciliations.rules`."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReconciliationStage(StrEnum):
    """What a run looks through; in this order."""

    GATEWAY = "gateway"
    """What the gateway lists, compared with ours."""
    OURS = "ours"
    """What we have and the list did not show."""


class FindingKind(StrEnum):
    """In what the two sides differ."""

    PAID_UNNOTICED = "paid_unnoticed"
    """Paid at the gateway and not by our books."""
    CLOSED_UNNOTICED = "closed_unnoticed"
    """Canceled at the gateway and still open in ours."""
    REFUND_UNNOTICED = "refund_unnoticed"
    """Stars went back by Telegram's list and not by our books."""
    UNKNOWN_PAYMENT = "unknown_payment"
    """Carries our mark, and we have no such order."""
    PAID_TWICE = "paid_twice"
    """A second paid payment of an order that has another one."""
    MISMATCH = "mismatch"
    """Amount, currency, shop, test flag, mark or payer differ."""
    NOT_PAID_AT_GATEWAY = "not_paid_at_gateway"
    """Paid by our books and not at the gateway."""
    NOT_LISTED = "not_listed"
    """The shop, or Telegram, does not know a payment of ours."""


class FindingState(StrEnum):
    """What became of a difference."""

    REPAIRED = "repaired"
    OPEN = "open"
    """Waits for a human."""
    CLEARED = "cleared"
    """A later look found both sides alike."""
    DISMISSED = "dismissed"
    """A human has dealt with it."""


class Reconciliation(TenantOwned, Base):
    """One run over one shop of a bot, or over its Stars, and how far it is."""

    __tablename__ = "reconciliations"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        Index(
            "uq_reconciliations_running", "tenant_id", "bot_id", "provider", unique=True,
            postgresql_where=text("status = 'running'"),
        ),
        Index(None, "tenant_id", "created_at", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    provider: Mapped[str] = mapped_column(String(16), default="yookassa", server_default="yookassa")
    """Whose list it is: `yookassa`, or `stars` of Telegram's."""
    shop_id: Mapped[str] = mapped_column(String(64))
    status: Mapped[ReconciliationStatus] = status_column(ReconciliationStatus.RUNNING)
    stage: Mapped[ReconciliationStage] = status_column(ReconciliationStage.GATEWAY)
    cursor: Mapped[str] = mapped_column(String(256), default="", server_default="")
    """Where the stage goes on: the gateway's own word or how many of Telegram's list lie before, then the last of our
    payments that was looked at."""
    steps_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Pages done; whoever stores the next one must have begun after this many."""
    from_at: Mapped[datetime]
    """Payments made at this moment or later, by the gateway's clock."""
    until_at: Mapped[datetime]
    """Payments made before this moment."""
    listed_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    foreign_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Payments of the shop that carry no mark of ours: its site's or another system's."""
    ours_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    repaired_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    open_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How many differences that this run saw wait for a human; counted at its end."""
    problem: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Why it failed."""
    requested_by: Mapped[AdminId | None]
    """Empty for the daily one."""
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ReconciliationFinding(TenantOwned, Base):
    """One difference, found once however often it is looked at."""

    __tablename__ = "reconciliation_findings"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        within_tenant("reconciliation_id", "reconciliations"),
        within_tenant("payment_id", "payments"),
        unique_in_tenant("bot_id", "kind", "subject"),
        Index(None, "tenant_id", "state", "found_at", "id"),
        Index(None, "tenant_id", "reconciliation_id", "state"),
        Index(
            "ix_reconciliation_findings_payment", "tenant_id", "payment_id",
            postgresql_where=text("payment_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    reconciliation_id: Mapped[UUID]
    """The last run that saw it."""
    provider: Mapped[str] = mapped_column(String(16), default="yookassa", server_default="yookassa")
    kind: Mapped[FindingKind] = mapped_column(String(32))
    state: Mapped[FindingState] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(255))
    """What it is about: the id of the gateway's payment, or of the charge in Stars."""
    payment_id: Mapped[PaymentId | None]
    """Our payment, where there is one."""
    details: Mapped[dict[str, Any]]
    """Both sides in short: states, sums and what differs."""
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[AdminId | None]


class ReconciliationSighting(TenantOwned, Base):
    """A payment of ours that the gateway's list has shown to a run; gone when the run is over."""

    __tablename__ = "reconciliation_sightings"
    __table_args__ = (within_tenant("reconciliation_id", "reconciliations", ondelete="CASCADE"),)

    reconciliation_id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[PaymentId] = mapped_column(primary_key=True)
