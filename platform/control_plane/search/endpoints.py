"""One search over everything, for the command palette."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import TenantDep
from control_plane.payments.schemas import PaymentRowOut, show_row
from control_plane.schemas import MoneyOut, Output, Text
from lumenpay.search.service import find_anything

router = APIRouter(prefix="/tenants/{tenant_id}/search", tags=["search"])


class FoundUserOut(Output):
    """A subscriber."""

    id: UUID
    telegram_id: int
    first_name: str
    last_name: str
    username: str | None


class FoundPlanOut(Output):
    """A plan."""

    id: UUID
    title: str
    price: MoneyOut


class FoundPromoCodeOut(Output):
    """A promo code."""

    id: UUID
    code: str


class FindingsOut(Output):
    """What was found, five of each at most, the newest first."""

    users: list[FoundUserOut]
    payments: list[PaymentRowOut]
    plans: list[FoundPlanOut]
    promo_codes: list[FoundPromoCodeOut]


@router.get("")
async def find(
    access: TenantDep,
    text: Annotated[
        Text, Query(max_length=64, description="A part of a name, an @name, a title or a code; an id.")
    ] = "",
) -> FindingsOut:
    """Find subscribers, payments, plans and promo codes; nothing for an empty text."""
    async with access.unit() as session:
        found = await find_anything(session, text)
    plans = [
        FoundPlanOut(
            id=plan.id, title=plan.title, price=MoneyOut(amount_minor=plan.price_minor, currency=plan.currency)
        )
        for plan in found.plans
    ]  # fmt: skip
    return FindingsOut(
        users=[FoundUserOut.model_validate(user) for user in found.users],
        payments=[show_row(row) for row in found.payments],
        plans=plans,
        promo_codes=[FoundPromoCodeOut.model_validate(code) for code in found.promo_codes],
    )
