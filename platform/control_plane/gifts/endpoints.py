"""Gifts: who bought what for whom, and what becomes of those that nobody took."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.payments.schemas import PayerOut, show_payer
from control_plane.schemas import CountedPageOut, Moment, MoneyOut, Output, show_page
from lumenpay.gifts import repository, service
from lumenpay.gifts.directory import GiftRow, list_rows, read_row
from lumenpay.gifts.repository import GiftFilters
from lumenpay.models.gifts import GiftStatus
from lumenpay.models.payments import DeliveryState

router = APIRouter(prefix="/tenants/{tenant_id}/gifts", tags=["gifts"])


class GiftOut(Output):
    """A gift. `waiting` can be taken by whoever opens its link until `expires_at`.

    `payment_id` is the giver's order, with the money; `claim_payment_id` the receiver's, which costs nothing and tells
    by `claim_delivery_state` how far the access got. `revoked` means that the team closed the link, `refunded` that the
    money went back: what was left was then taken from whoever took it.
    """

    id: UUID
    bot_id: UUID
    plan_id: UUID
    plan_title: str
    payment_id: UUID
    claim_payment_id: UUID | None
    claim_delivery_state: DeliveryState | None
    status: GiftStatus
    giver: PayerOut
    receiver: PayerOut | None
    amount: MoneyOut
    is_test: bool
    expires_at: Moment
    opened_at: Moment | None
    claimed_at: Moment | None
    closed_at: Moment | None
    created_at: Moment


@router.get("")
async def list_(
    access: TenantDep, page: PageDep,
    status: Annotated[GiftStatus | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
    user_id: Annotated[UUID | None, Query(description="Gifts that this subscriber gave or took.")] = None,
    payment_id: Annotated[UUID | None, Query(description="The gift of this order, its giver's or receiver's.")] = None,
) -> CountedPageOut[GiftOut]:  # fmt: skip
    """List gifts, newest first."""
    filters = GiftFilters(status=status, plan_id=plan_id, bot_id=bot_id, user_id=user_id, payment_id=payment_id)
    async with access.unit() as session:
        found = await repository.list_gifts(session, filters, page)
        rows = await list_rows(session, found.items)
    return show_page(found, [_show(row) for row in rows], page)


@router.get("/{gift_id}")
async def get(gift_id: UUID, access: TenantDep) -> GiftOut:
    """Return a gift."""
    async with access.unit() as session:
        return _show(await read_row(session, await repository.get_gift(session, gift_id)))


@router.post("/{gift_id}/send", status_code=202, responses=documented(409))
async def send(gift_id: UUID, access: TenantDep) -> GiftOut:
    """Have the giver get a link once more; those sent before go on working."""
    async with access.unit() as session:
        return _show(
            await read_row(session, await service.send_again(session, gift_id, actor=access.actor, now=access.now))
        )


@router.post("/{gift_id}/revoke", responses=documented(409))
async def revoke(gift_id: UUID, access: TenantDep) -> GiftOut:
    """Close the links of a gift that nobody took, for good. Its money stays: give it back by a refund."""
    async with access.unit() as session:
        return _show(
            await read_row(session, await service.revoke_gift(session, gift_id, actor=access.actor, now=access.now))
        )


def _show(row: GiftRow) -> GiftOut:
    gift = row.gift
    names = (
        "id", "bot_id", "plan_id", "payment_id", "claim_payment_id", "status", "expires_at", "opened_at", "claimed_at",
        "closed_at", "created_at",
    )  # fmt: skip
    return GiftOut(
        **{name: getattr(gift, name) for name in names}, plan_title=row.plan_title, giver=show_payer(row.giver),
        receiver=None if row.receiver is None else show_payer(row.receiver), is_test=row.order.is_test,
        amount=MoneyOut(amount_minor=row.order.amount_minor, currency=row.order.currency),
        claim_delivery_state=None if row.claim is None else DeliveryState(row.claim.delivery_state),
    )  # fmt: skip
