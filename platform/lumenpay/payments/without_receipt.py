"""Orders and refunds whose receipt the gateway would not take: they go on without it, and it is caught up on later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.following import note_refused
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.refunds import Refund, RefundStatus
from lumenpay.payments.errors import GatewayRefusedError


def is_about_receipt(error: GatewayRefusedError, body: dict[str, object] | None) -> bool:
    """Tell whether the gateway refused a call because of the receipt in its body."""
    return "receipt" in (body or {}) and error.parameter.partition(".")[0].partition("[")[0] == "receipt"


async def drop_receipt_of_order(
    session: TenantSession, payment: Payment, *, error: GatewayRefusedError, now: datetime
) -> None:
    """Have an order sent without its receipt. A refused call made nothing, so it gets a key of its own."""
    body = {name: value for name, value in (payment.request_body or {}).items() if name != "receipt"}
    await session.execute(
        update(Payment)
        .where(
            Payment.tenant_id == session.tenant_id, Payment.id == payment.id, Payment.status == PaymentStatus.CREATED,
            Payment.idempotence_key == payment.idempotence_key,
        )
        .values(request_body=body, idempotence_key=str(new_uuid7()), key_first_sent_at=None)
    )  # fmt: skip
    await note_refused(session, payment, failure=_tell(error), now=now)


async def drop_receipt_of_refund(
    session: TenantSession, payment: Payment, refund: Refund, *, error: GatewayRefusedError, now: datetime
) -> None:
    """Have a refund sent without its receipt. A refused call made nothing, so it gets a key of its own."""
    body = {name: value for name, value in (refund.request_body or {}).items() if name != "receipt"}
    await session.execute(
        update(Refund)
        .where(
            Refund.tenant_id == session.tenant_id, Refund.id == refund.id, Refund.status == RefundStatus.CREATED,
            Refund.idempotence_key == refund.idempotence_key,
        )
        .values(request_body=body, idempotence_key=str(new_uuid7()), key_first_sent_at=None)
    )  # fmt: skip
    await note_refused(session, payment, refund_id=refund.id, failure=_tell(error), now=now)


def _tell(error: GatewayRefusedError) -> str:
    return f"refused:{error.reason} {error.parameter}".strip()
