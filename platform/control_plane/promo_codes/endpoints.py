"""Promo codes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import Currency, Input, Moment, MomentIn, MoneyOut, Output, PageOut, Search
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoUseStatus
from lumenpay.promo_codes import service, uses
from lumenpay.promo_codes.service import PromoCodeFilters, PromoCodeTerms
from lumenpay.promo_codes.uses import DescribedUse

router = APIRouter(prefix="/tenants/{tenant_id}/promo-codes", tags=["promo_codes"])
Uses = Annotated[int, Field(ge=1, le=10_000_000)]


class PromoCodeTermsIn(Input):
    """What a code gives: percent (1-100), minor units of `currency`, or days, by `discount_kind`."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{2,32}$")]
    discount_kind: DiscountKind
    discount_value: Annotated[int, Field(ge=1, le=10**12)]
    currency: Currency | None = None
    max_uses: Uses | None = None
    max_uses_per_user: Uses | None = None
    is_first_purchase_only: bool = False
    is_active: bool = True
    valid_from_at: MomentIn | None = None
    valid_until_at: MomentIn | None = None
    plan_ids: Annotated[list[UUID], Field(max_length=200)] = []  # noqa: RUF012 - pydantic copies defaults

    def terms(self) -> PromoCodeTerms:
        """Return what the use case takes."""
        return PromoCodeTerms(**{name: getattr(self, name) for name in PromoCodeTermsIn.model_fields})


class PromoCodeIn(PromoCodeTermsIn):
    """A new code of a bot."""

    bot_id: UUID


class PromoCodeOut(Output):
    """A code; `uses_count` counts reserved and paid uses, `deep_link` brings it to the bot."""

    id: UUID
    bot_id: UUID
    code: str
    discount_kind: DiscountKind
    discount_value: int
    currency: str | None
    max_uses: int | None
    max_uses_per_user: int | None
    uses_count: int
    is_first_purchase_only: bool
    is_active: bool
    valid_from_at: Moment | None
    valid_until_at: Moment | None
    plan_ids: list[UUID]
    deep_link: str
    created_at: Moment


class PromoCodeUseOut(Output):
    """A use of a code: by whom, for which payment, and what it took off (`discount`) or added (`extra_days`).

    A `reserved` use waits for the payer, a `released` one was given back; reserved and used ones count.
    """

    payment_id: UUID
    user_id: UUID
    first_name: str
    username: str | None
    status: PromoUseStatus
    discount: MoneyOut
    extra_days: int
    created_at: Moment


@router.get("")
async def list_(
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    bot_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query(description="Codes that are good for this plan by name.")] = None,
    is_active: Annotated[bool | None, Query()] = None,
    search: Annotated[Search, Query(description="A part of the code.")] = None,
) -> PageOut[PromoCodeOut]:
    """List codes, newest first."""
    filters = PromoCodeFilters(bot_id=bot_id, plan_id=plan_id, is_active=is_active, search=search, created=created)
    async with access.unit() as session:
        found = await service.list_promo_codes(session, filters, page)
        items = [await _promo_code(session, row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("", status_code=201, responses=documented(409))
async def create(body: PromoCodeIn, access: TenantDep) -> PromoCodeOut:
    """Make a code."""
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
        row = await service.create_promo_code(
            session, bot_id=bot.id, terms=body.terms(), actor=access.actor, now=access.now
        )
        return await _promo_code(session, row)


@router.get("/{promo_code_id}")
async def get(promo_code_id: UUID, access: TenantDep) -> PromoCodeOut:
    """Return a code."""
    async with access.unit() as session:
        return await _promo_code(session, await service.get_promo_code(session, promo_code_id))


@router.put("/{promo_code_id}", responses=documented(409))
async def change(promo_code_id: UUID, body: PromoCodeTermsIn, access: TenantDep) -> PromoCodeOut:
    """Store new terms; orders made before keep their price."""
    async with access.unit() as session:
        row = await service.change_promo_code(
            session, promo_code_id, terms=body.terms(), actor=access.actor, now=access.now
        )
        return await _promo_code(session, row)


@router.get("/{promo_code_id}/uses")
async def list_uses(
    promo_code_id: UUID,
    access: TenantDep,
    page: PageDep,
    status: Annotated[PromoUseStatus | None, Query()] = None,
) -> PageOut[PromoCodeUseOut]:
    """List who used a code, newest first."""
    async with access.unit() as session:
        code = await service.get_promo_code(session, promo_code_id)
        found = await uses.list_uses(session, code.id, page, status=status)
    items = [_use(row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


def _use(row: DescribedUse) -> PromoCodeUseOut:
    values = {name: getattr(row, name) for name in PromoCodeUseOut.model_fields if name != "discount"}
    return PromoCodeUseOut(**values, discount=MoneyOut(amount_minor=row.discount_minor, currency=row.currency))


async def _promo_code(session: TenantSession, row: PromoCode) -> PromoCodeOut:
    bot = await get_bot(session, row.bot_id)
    plan_ids = (await service.list_plan_ids(session, [row.id]))[row.id]
    values = {name: getattr(row, name) for name in PromoCodeOut.model_fields if name not in ("plan_ids", "deep_link")}
    return PromoCodeOut(**values, plan_ids=plan_ids, deep_link=f"https://t.me/{bot.username}?start=promo_{row.code}")
