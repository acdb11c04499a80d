"""What narrows the list of payments, as query parameters."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from control_plane.schemas import MomentIn, Search, Text
from lumenpay.db.narrowing import Span
from lumenpay.models.fiscal_receipts import ReceiptState
from lumenpay.models.payments import DeliveryState, PaymentStatus
from lumenpay.payments.directory import PaymentFilters

_SEARCH = "The beginning of the gateway's id, our own id, or a part of the payer's name, @name or Telegram id."


def read_payment_filters(  # noqa: PLR0917 - query parameters
    status: Annotated[PaymentStatus | None, Query()] = None,
    delivery_state: Annotated[
        list[DeliveryState] | None, Query(description="Paid but not inside: paid, granted, link_sent, link_opened.")
    ] = None,
    provider: Annotated[Literal["yookassa", "stars", "free", "manual", "import", "gift"] | None, Query()] = None,
    method: Annotated[Text | None, Query(max_length=32, description="bank_card, sbp, yoo_money, …")] = None,
    user_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
    promo_code_id: Annotated[UUID | None, Query()] = None,
    is_test: Annotated[bool | None, Query()] = None,
    receipt_state: Annotated[ReceiptState | None, Query(description="How far the fiscal receipt is.")] = None,
    search: Annotated[Search, Query(description=_SEARCH)] = None,
    created_from: Annotated[MomentIn | None, Query(description="Made at this moment or later.")] = None,
    created_until: Annotated[MomentIn | None, Query(description="Made before this moment.")] = None,
    settled_from: Annotated[MomentIn | None, Query(description="Paid or canceled at this moment or later.")] = None,
    settled_until: Annotated[MomentIn | None, Query(description="Paid or canceled before this moment.")] = None,
) -> PaymentFilters:
    """Return which payments are asked for."""
    return PaymentFilters(
        status=status, delivery_states=tuple(delivery_state or ()), provider=provider, method=method, user_id=user_id,
        plan_id=plan_id, bot_id=bot_id, promo_code_id=promo_code_id, is_test=is_test,
        receipt_state=receipt_state, search=search or None,
        created=Span(created_from, created_until), settled=Span(settled_from, settled_until),
    )  # fmt: skip


PaymentFiltersDep = Annotated[PaymentFilters, Depends(read_payment_filters)]
