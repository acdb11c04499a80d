"""SQL of reconciliations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.reconciliations import (
    FindingKind,
    FindingState,
    Reconciliation,
    ReconciliationFinding,
    ReconciliationSighting,
    ReconciliationStatus,
)
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.terms import YOOKASSA
from lumenpay.reconciliations.errors import ReconciliationNotFoundError

F, S = ReconciliationFinding, ReconciliationSighting
PAGE_OF_OURS = 200
_REPAIRED = (FindingKind.PAID_UNNOTICED, FindingKind.CLOSED_UNNOTICED, FindingKind.REFUND_UNNOTICED)
_CLEARABLE = tuple(kind for kind in FindingKind if kind not in _REPAIRED)
REASONS = ("amount", "currency", "shop", "test_flag", "metadata", "not_paid_at_gateway", "not_listed")
"""What a run writes down as the reason why a human has to look at a payment."""


async def get_run(session: TenantSession, run_id: UUID, *, is_locked: bool = False) -> Reconciliation:
    """Return a run.

    Raises:
        ReconciliationNotFoundError: Unknown to this tenant.
    """
    query = select(Reconciliation).where(Reconciliation.tenant_id == session.tenant_id, Reconciliation.id == run_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    run = (await session.execute(query)).scalar_one_or_none()
    if run is None:
        raise ReconciliationNotFoundError
    return run


async def find_running(session: TenantSession, bot_id: UUID, *, provider: str) -> Reconciliation | None:
    """Return the run that goes on over the bot's shop, or over its Stars."""
    query = select(Reconciliation).where(
        Reconciliation.tenant_id == session.tenant_id,
        Reconciliation.bot_id == bot_id,
        Reconciliation.provider == provider,
        Reconciliation.status == ReconciliationStatus.RUNNING,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def find_last_end(session: TenantSession, *, bot_id: UUID, shop_id: str) -> datetime | None:
    """Return how far runs over a shop that came to their end have looked."""
    query = select(func.max(Reconciliation.until_at)).where(
        Reconciliation.tenant_id == session.tenant_id,
        Reconciliation.bot_id == bot_id,
        Reconciliation.shop_id == shop_id,
        Reconciliation.status == ReconciliationStatus.DONE,
    )
    return (await session.execute(query)).scalar_one()


async def has_star_orders(session: TenantSession, bot_id: UUID) -> bool:
    """Tell whether anybody ever had an order in Stars of a bot."""
    query = select(Payment.id).where(
        Payment.tenant_id == session.tenant_id, Payment.bot_id == bot_id, Payment.provider == STARS
    )
    return (await session.execute(query.limit(1))).first() is not None


async def find_ours(
    session: TenantSession, *, gateway_ids: Collection[str], payment_ids: Collection[UUID], provider: str = YOOKASSA
) -> list[Payment]:
    """Return the payments that the gateway knows under these ids, or that are named by these ids of ours."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        or_(
            (Payment.provider == provider) & Payment.provider_payment_id.in_(gateway_ids),
            Payment.id.in_(payment_ids),
        ),
    )
    return list((await session.execute(query)).scalars())


async def add_sightings(session: TenantSession, run_id: UUID, payment_ids: Collection[UUID]) -> None:
    """Remember which payments of ours the gateway's list has shown. Safe to repeat."""
    if payment_ids:
        rows = [
            {"tenant_id": session.tenant_id, "reconciliation_id": run_id, "payment_id": payment_id}
            for payment_id in payment_ids
        ]
        await session.execute(insert(S).values(rows).on_conflict_do_nothing())


async def list_ours(
    session: TenantSession, run: Reconciliation, *, after: tuple[datetime, UUID] | None
) -> list[Payment]:
    """Return the next page of the shop's payments of ours that the gateway has given an id, oldest first."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        Payment.bot_id == run.bot_id,
        Payment.shop_id == run.shop_id,
        Payment.provider_payment_id.is_not(None),
        Payment.created_at >= run.from_at,
        Payment.created_at < run.until_at,
    )
    if after is not None:
        query = query.where(tuple_(Payment.created_at, Payment.id) > after)
    query = query.order_by(Payment.created_at, Payment.id).limit(PAGE_OF_OURS)
    return list((await session.execute(query)).scalars())


async def list_seen(session: TenantSession, run_id: UUID, payment_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these payments the gateway's list has shown to a run."""
    query = select(S.payment_id).where(
        S.tenant_id == session.tenant_id, S.reconciliation_id == run_id, S.payment_id.in_(payment_ids)
    )
    return set((await session.execute(query)).scalars())


async def drop_sightings(session: TenantSession, run_id: UUID, payment_ids: Collection[UUID] | None = None) -> None:
    """Forget what the gateway's list has shown of these payments, or of all."""
    sightings = delete(S).where(S.tenant_id == session.tenant_id, S.reconciliation_id == run_id)
    await session.execute(sightings if payment_ids is None else sightings.where(S.payment_id.in_(payment_ids)))


async def record_finding(
    session: TenantSession, run: Reconciliation, *, kind: FindingKind, state: FindingState, subject: str,
    payment_id: UUID | None, details: dict[str, Any], now: datetime,
) -> bool:  # fmt: skip
    """Write a difference down; True for a new one. Seen again it stays one row, and closed if a human closed it."""
    values = {
        "tenant_id": session.tenant_id, "id": new_uuid7(), "bot_id": run.bot_id, "reconciliation_id": run.id,
        "provider": run.provider, "kind": kind, "state": state, "subject": subject[:255],
        "payment_id": payment_id, "details": details, "found_at": now, "seen_at": now,
    }  # fmt: skip
    came_back = F.state == FindingState.CLEARED
    statement = insert(F).values(values)
    stored = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "bot_id", "kind", "subject"],
            set_={
                "reconciliation_id": run.id, "seen_at": now, "details": statement.excluded.details,
                "state": case((came_back, statement.excluded.state), else_=F.state),
                "closed_at": case((came_back, None), else_=F.closed_at),
            },
        ).returning(F.found_at)
    )  # fmt: skip
    return bool(stored.scalar_one() == now)


async def list_found_unnoticed(session: TenantSession, payment_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these payments a run has learnt of from the gateway's own list."""
    query = select(F.payment_id).where(
        F.tenant_id == session.tenant_id, F.payment_id.in_(payment_ids), F.kind == FindingKind.PAID_UNNOTICED
    )
    return {payment_id for payment_id in (await session.execute(query)).scalars() if payment_id is not None}


async def clear_findings(session: TenantSession, *, bot_id: UUID, subjects: Collection[str], now: datetime) -> None:
    """Close what was shown about payments in which both sides agree now."""
    if not subjects:
        return
    cleared = await session.execute(
        update(F)
        .where(
            F.tenant_id == session.tenant_id,
            F.bot_id == bot_id,
            F.kind.in_(_CLEARABLE),
            F.subject.in_(subjects),
            F.state == FindingState.OPEN,
        )
        .values(state=FindingState.CLEARED, closed_at=now)
        .returning(F.payment_id)
        .execution_options(synchronize_session=False)
    )
    await forget_reasons(session, [payment_id for payment_id in cleared.scalars() if payment_id is not None])


async def forget_reasons(session: TenantSession, payment_ids: Sequence[UUID]) -> None:
    """Take back that a human has to look at these paid payments, where it was a run that said so."""
    if payment_ids:
        await session.execute(
            update(Payment)
            .where(
                Payment.tenant_id == session.tenant_id,
                Payment.id.in_(payment_ids),
                Payment.status == PaymentStatus.SUCCEEDED,
                Payment.quarantine_reason.in_(REASONS),
            )
            .values(quarantine_reason=None)
            .execution_options(synchronize_session=False)
        )


async def count_findings(session: TenantSession, run_id: UUID) -> dict[str, int]:
    """Return how many differences that a run saw are in each state."""
    query = (
        select(F.state, func.count())
        .where(F.tenant_id == session.tenant_id, F.reconciliation_id == run_id)
        .group_by(F.state)
    )
    return {str(state): count for state, count in await session.execute(query)}
