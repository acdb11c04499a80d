"""The only place that changes the state of a payment: each UPDATE names the states that it starts from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.webhooks import WebhookEventType
from lumenpay.payments.errors import PaymentTransitionError
from lumenpay.payments.rules import sources_of
from lumenpay.webhooks.facts import tell_payment
from lumenpay.webhooks.outbox import find_listeners, note_listeners, publish

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
    moved = await session.execute(
        update(Payment)
        .where(Payment.tenant_id == session.tenant_id, Payment.id == payment.id, Payment.status.in_(sources_of(status)))
        .values(status=status, **values)
        # What the row is now and who is told of it come along: each would be a query more.
        .returning(Payment, find_listeners(session.tenant_id))
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    row = moved.one_or_none()
    if row is None:
        raise PaymentTransitionError(f"{payment.status} -> {status}")
    note_listeners(session, row[1])
    if status is PaymentStatus.SUCCEEDED and payment.amount_minor:
        await publish(session, WebhookEventType.PAYMENT_SUCCEEDED, tell_payment(payment), now=now)
