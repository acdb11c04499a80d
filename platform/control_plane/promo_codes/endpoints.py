"""Promo codes."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.errors import documented
from control_plane.promo_codes.schemas import (
    GeneratedOut,
    GenerateIn,
    PromoCodeChangeIn,
    PromoCodeIn,
    PromoCodeOut,
    PromoCodeUseOut,
)
from control_plane.schemas import CountedPageOut, MoneyOut, Search, show_page
from lumenpay.bots.repository import get_bot, read_usernames
from lumenpay.db.session import TenantSession
from lumenpay.exports.rules import guard_formula
from lumenpay.kit.paging import PageRequest
from lumenpay.kit.qr import draw_qr
from lumenpay.models.promo_codes import PromoCode, PromoUseStatus
from lumenpay.promo_codes import service, uses
from lumenpay.promo_codes.generation import Batch, generate_promo_codes
from lumenpay.promo_codes.service import PromoCodeFilters
from lumenpay.promo_codes.uses import DescribedUse

router = APIRouter(prefix="/tenants/{tenant_id}/promo-codes", tags=["promo_codes"])


CSV_LIMIT: Final = 10_000
_CSV_COLUMNS = (
    "code", "discount_kind", "discount_value", "currency", "uses_count", "max_uses", "is_active", "valid_until_at",
)  # fmt: skip


def read_filters(
    created: CreatedDep,
    bot_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query(description="Codes that are good for this plan by name.")] = None,
    is_active: Annotated[bool | None, Query()] = None,
    search: Annotated[Search, Query(description="A part of the code.")] = None,
) -> PromoCodeFilters:
    """Return which codes are asked for."""
    return PromoCodeFilters(bot_id=bot_id, plan_id=plan_id, is_active=is_active, search=search, created=created)


FiltersDep = Annotated[PromoCodeFilters, Depends(read_filters)]


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "The file.", "content": {media_type: {"schema": {"type": "string"}}}}}


@router.get("")
async def list_(access: TenantDep, page: PageDep, filters: FiltersDep) -> CountedPageOut[PromoCodeOut]:
    """List codes, newest first."""
    async with access.unit() as session:
        found = await service.list_promo_codes(session, filters, page)
        items = await _promo_codes(session, found.items)
    return show_page(found, items, page)


@router.post("/generate", status_code=201, responses=documented(409))
async def generate(body: GenerateIn, access: TenantDep) -> GeneratedOut:
    """Make many codes at once."""
    batch = Batch(body.idempotence_key, terms=body.terms(), length=body.length, count=body.count)
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
        rows = await generate_promo_codes(session, batch, bot_id=bot.id, actor=access.actor, now=access.now)
        return GeneratedOut(items=await _promo_codes(session, rows))


@router.get("/csv/{bot_id}", response_class=Response, responses=_file("text/csv"))
async def get_csv(
    bot_id: UUID, access: TenantDep, search: Annotated[Search, Query(description="A part of the code.")] = None
) -> Response:
    """Return a bot's codes with their links as CSV, the newest ten thousand at most."""
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
        filters = PromoCodeFilters(bot_id=bot.id, search=search)
        found = await service.list_promo_codes(session, filters, PageRequest(1, CSV_LIMIT))
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([*_CSV_COLUMNS, "deep_link"])
    for row in found.items:
        cells = ["" if (value := getattr(row, name)) is None else str(value) for name in _CSV_COLUMNS]
        writer.writerow([guard_formula(cell) for cell in (*cells, _deep_link(bot.username, row))])
    headers = {"content-disposition": f'attachment; filename="promo-codes-{bot.username}.csv"'}
    return Response(text.getvalue().encode(), media_type="text/csv", headers=headers)


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
async def change(promo_code_id: UUID, body: PromoCodeChangeIn, access: TenantDep) -> PromoCodeOut:
    """Store new terms; orders made before keep their price. With a `version`, only over what was read."""
    async with access.unit() as session:
        row = await service.change_promo_code(
            session, promo_code_id, terms=body.terms(), version=body.version, actor=access.actor, now=access.now
        )
        return await _promo_code(session, row)


@router.get("/{promo_code_id}/qr", response_class=Response, responses=_file("image/svg+xml"))
async def get_qr(promo_code_id: UUID, access: TenantDep) -> Response:
    """Return the code's link as a QR code to be printed, in SVG."""
    async with access.unit() as session:
        shown = await _promo_code(session, await service.get_promo_code(session, promo_code_id))
    return Response(draw_qr(shown.deep_link), media_type="image/svg+xml")


@router.get("/{promo_code_id}/uses")
async def list_uses(
    promo_code_id: UUID,
    access: TenantDep,
    page: PageDep,
    status: Annotated[PromoUseStatus | None, Query()] = None,
) -> CountedPageOut[PromoCodeUseOut]:
    """List who used a code, newest first."""
    async with access.unit() as session:
        code = await service.get_promo_code(session, promo_code_id)
        found = await uses.list_uses(session, code.id, page, status=status)
    items = [_use(row) for row in found.items]
    return show_page(found, items, page)


def _use(row: DescribedUse) -> PromoCodeUseOut:
    values = {name: getattr(row, name) for name in PromoCodeUseOut.model_fields if name != "discount"}
    return PromoCodeUseOut(**values, discount=MoneyOut(amount_minor=row.discount_minor, currency=row.currency))


async def _promo_code(session: TenantSession, row: PromoCode) -> PromoCodeOut:
    return (await _promo_codes(session, [row]))[0]


async def _promo_codes(session: TenantSession, rows: list[PromoCode]) -> list[PromoCodeOut]:
    usernames = await read_usernames(session, {row.bot_id for row in rows})
    plan_ids = await service.list_plan_ids(session, [row.id for row in rows])
    names = [name for name in PromoCodeOut.model_fields if name not in {"plan_ids", "deep_link", "version"}]
    return [
        PromoCodeOut(
            **{name: getattr(row, name) for name in names}, plan_ids=plan_ids[row.id],
            deep_link=_deep_link(usernames[row.bot_id], row),
            version=service.version_of_promo_code(row, plan_ids[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def _deep_link(username: str, row: PromoCode) -> str:
    return f"https://t.me/{username}?start=promo_{row.code}"
