"""The only place that changes the state of a payment: each UPDATE names the states that it starts from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.webhooks import WebhookEventType
from lumenpay.payments.errors import PaymentTransitionError
from lumenpay.payments.rules import sources_of
from lumenpay.webhooks.facts import tell_payment
from lumenpay.webhooks.outbox import publish

_SETTLED = (PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED)


async def move_payment(
    session: TenantSession,
    payment: Payment,
    status: PaymentStatus,
    *,
    now: datetime,
    **values: Any,  # noqa: ANN401 - any columns
) -> None:
    """Put the payment into a state and store the values that come with it.

    Raises:
        PaymentTransitionError: The state that the row has does not allow it.
    """
    if status in _SETTLED:
        values["settled_at"] = now
        values["next_check_at"] = None
    result = await session.execute(
        update(Payment)
        .where(Payment.tenant_id == session.tenant_id, Payment.id == payment.id, Payment.status.in_(sources_of(status)))
        .values(status=status, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", result).rowcount != 1:
        raise PaymentTransitionError(f"{payment.status} -> {status}")
    await session.refresh(payment)
    if status is PaymentStatus.SUCCEEDED and payment.amount_minor:
        await publish(session, WebhookEventType.PAYMENT_SUCCEEDED, tell_payment(payment), now=now)
