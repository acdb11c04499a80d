"""SQL of refunds. The state of one is changed here only, and each UPDATE names the states that it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import OPEN_REFUNDS, Refund, RefundStatus
from lumenpay.refunds.errors import RefundNotFoundError, RefundTransitionError
from lumenpay.refunds.rules import sources_of

_OVER = (RefundStatus.SUCCEEDED, RefundStatus.CANCELED)


async def get_refund(session: TenantSession, refund_id: UUID, *, is_locked: bool = False) -> Refund:
    """Return a refund, locked until the end of the transaction on request.

    Raises:
        RefundNotFoundError: Unknown to this tenant.
    """
    query = select(Refund).where(Refund.tenant_id == session.tenant_id, Refund.id == refund_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    refund = (await session.execute(query)).scalar_one_or_none()
    if refund is None:
        raise RefundNotFoundError
    return refund


async def list_of_payment(session: TenantSession, payment_id: UUID) -> list[Refund]:
    """Return the refunds of a payment, newest first, as they stand in the database now."""
    query = (
        select(Refund)
        .where(Refund.tenant_id == session.tenant_id, Refund.payment_id == payment_id)
        .order_by(Refund.created_at.desc(), Refund.id.desc())
        .execution_options(populate_existing=True)
    )
    return list((await session.execute(query)).scalars())


async def list_open_amounts(session: TenantSession, payment_id: UUID) -> list[int]:
    """Return what the refunds of a payment come to that are on their way, in minor units."""
    query = select(Refund.amount_minor).where(
        Refund.tenant_id == session.tenant_id, Refund.payment_id == payment_id, Refund.status.in_(OPEN_REFUNDS)
    )
    return list((await session.execute(query)).scalars())


async def find_by_request_key(session: TenantSession, key: str) -> Refund | None:
    """Return the refund that was asked for under a client's key."""
    query = select(Refund).where(Refund.tenant_id == session.tenant_id, Refund.request_key == key)
    return (await session.execute(query)).scalar_one_or_none()


async def find_by_provider_id(session: TenantSession, provider_refund_id: str) -> Refund | None:
    """Return the refund that the gateway knows under this id, as it stands in the database now."""
    query = select(Refund).where(
        Refund.tenant_id == session.tenant_id, Refund.provider_refund_id == provider_refund_id
    )  # fmt: skip
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def list_known(session: TenantSession, provider_refund_ids: Sequence[str]) -> set[str]:
    """Return which of the gateway's refunds are known here, so that nothing new can be learnt by listing them."""
    query = select(Refund.provider_refund_id).where(
        Refund.tenant_id == session.tenant_id, Refund.provider_refund_id.in_(provider_refund_ids)
    )
    return {str(found) for found in (await session.execute(query)).scalars()}


async def get_payment_of(session: TenantSession, refund: Refund) -> Payment:
    """Return the payment that a refund gives back."""
    return await session.get_one(Payment, (session.tenant_id, refund.payment_id))


async def move_refund(
    session: TenantSession,
    refund: Refund,
    status: RefundStatus,
    *,
    now: datetime,
    **values: Any,  # noqa: ANN401 - any columns
) -> None:
    """Put the refund into a state and store the values that come with it.

    Raises:
        RefundTransitionError: The state that the row has does not allow it.
    """
    if status in _OVER:
        values["settled_at"] = now
    if status not in OPEN_REFUNDS:
        values["next_check_at"] = None
    await session.flush()
    result = await session.execute(
        update(Refund)
        .where(Refund.tenant_id == session.tenant_id, Refund.id == refund.id, Refund.status.in_(sources_of(status)))
        .values(status=status, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", result).rowcount != 1:
        raise RefundTransitionError(f"{refund.status} -> {status}")
    await session.refresh(refund)
