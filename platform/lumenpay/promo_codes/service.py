"""Managing promo codes; using them is `redemption`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import Actor, record
from lumenpay.db.counting import list_page
from lumenpay.db.narrowing import ANY_TIME, Span, containing, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of
from lumenpay.errors import LumenError
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoCodePlan
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.errors import PromoCodeNotFoundError, PromoCodeTakenError
from lumenpay.promo_codes.rules import normalize_code


class PromoCodeInvalidError(LumenError):
    """A code like this makes no sense; the fields say why."""

    code = "promo_code_invalid"


_MOST = {DiscountKind.PERCENT: 100, DiscountKind.EXTRA_DAYS: 3660}


@dataclass(frozen=True, slots=True)
class PromoCodeTerms:
    """What a code gives, to whom and when."""

    code: str
    discount_kind: DiscountKind
    discount_value: int
    currency: str | None
    max_uses: int | None
    max_uses_per_user: int | None
    is_first_purchase_only: bool
    is_active: bool
    valid_from_at: datetime | None
    valid_until_at: datetime | None
    plan_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class PromoCodeFilters:
    """Which codes a list shows; an empty field does not filter."""

    bot_id: UUID | None = None
    plan_id: UUID | None = None
    is_active: bool | None = None
    search: str | None = None
    created: Span = ANY_TIME


async def create_promo_code(
    session: TenantSession, *, bot_id: UUID, terms: PromoCodeTerms, actor: Actor, now: datetime
) -> PromoCode:
    """Store a code of a bot.

    Raises:
        PromoCodeInvalidError: It makes no sense.
        PromoCodeTakenError: The bot has it already.
        PlanNotFoundError: A plan is not one of this bot's.
    """
    promo_code = PromoCode(tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot_id, uses_count=0, created_at=now)
    await _apply(session, promo_code, terms)
    record(session, actor=actor, action="promo_code.created", subject_id=promo_code.id, now=now)
    return promo_code


async def change_promo_code(
    session: TenantSession, promo_code_id: UUID, *, terms: PromoCodeTerms, version: str | None = None, actor: Actor,
    now: datetime,
) -> PromoCode:  # fmt: skip
    """Store new terms; orders made before keep their price.

    Args:
        version: Of the code that the terms were made from; without one, whatever is stored is replaced.

    Raises:
        PromoCodeNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: The code has another version by now.
        PromoCodeInvalidError: It makes no sense.
        PromoCodeTakenError: The bot has another one like it.
        PlanNotFoundError: A plan is not one of this bot's.
    """
    promo_code = await get_promo_code(session, promo_code_id, is_locked=True)
    plan_ids = await list_plan_ids(session, [promo_code.id])
    require_version(version_of_promo_code(promo_code, plan_ids[promo_code.id]), version)
    await _apply(session, promo_code, terms)
    record(session, actor=actor, action="promo_code.changed", subject_id=promo_code.id, now=now)
    return promo_code


def version_of_promo_code(promo_code: PromoCode, plan_ids: Sequence[UUID]) -> str:
    """Return the version of a code with its plans; a use of the code makes no other one."""
    return version_of(promo_code, plan_ids, without={"uses_count"})


async def get_promo_code(session: TenantSession, promo_code_id: UUID, *, is_locked: bool = False) -> PromoCode:
    """Return a code.

    Args:
        is_locked: Read it anew and let nobody else change it until the end of the transaction.

    Raises:
        PromoCodeNotFoundError: Unknown to this tenant.
    """
    promo_code = await session.get(
        PromoCode, (session.tenant_id, promo_code_id), populate_existing=is_locked,
        with_for_update={"key_share": True} if is_locked else None,
    )  # fmt: skip
    if promo_code is None:
        raise PromoCodeNotFoundError
    return promo_code


async def list_promo_codes(
    session: TenantSession, filters: PromoCodeFilters, page: PageRequest
) -> CountedPage[PromoCode]:
    """Return codes, newest first; those that are good for one person only are left out.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where = [
        PromoCode.tenant_id == session.tenant_id,
        PromoCode.user_id.is_(None),
        *equal({PromoCode.bot_id: filters.bot_id, PromoCode.is_active: filters.is_active}),
        *containing(filters.search, PromoCode.code),
        *within(PromoCode.created_at, filters.created),
    ]
    if filters.plan_id is not None:
        of_plan = select(PromoCodePlan.promo_code_id).where(
            PromoCodePlan.tenant_id == session.tenant_id, PromoCodePlan.plan_id == filters.plan_id
        )
        where.append(PromoCode.id.in_(of_plan))
    is_narrowed, order = filters != PromoCodeFilters(), (PromoCode.id.desc(),)
    return await list_page(session, PromoCode, where, page, order=order, is_narrowed=is_narrowed)


async def list_plan_ids(session: TenantSession, promo_code_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return which plans several codes are limited to."""
    rows = await session.execute(
        select(PromoCodePlan.promo_code_id, PromoCodePlan.plan_id)
        .where(PromoCodePlan.tenant_id == session.tenant_id, PromoCodePlan.promo_code_id.in_(promo_code_ids))
        .order_by(PromoCodePlan.plan_id)
    )
    found: dict[UUID, list[UUID]] = {promo_code_id: [] for promo_code_id in promo_code_ids}
    for promo_code_id, plan_id in rows:
        found[promo_code_id].append(plan_id)
    return found


async def check_terms(session: TenantSession, bot_id: UUID, terms: PromoCodeTerms) -> None:
    """Return if a bot can have a code on these terms.

    Raises:
        PromoCodeInvalidError: They make no sense.
        PlanNotFoundError: A plan is not one of this bot's.
    """
    problems = _find_problems(terms)
    if problems:
        raise PromoCodeInvalidError(fields=problems)
    for plan_id in terms.plan_ids:
        if (await get_plan(session, plan_id)).bot_id != bot_id:
            raise PlanNotFoundError


async def _apply(session: TenantSession, promo_code: PromoCode, terms: PromoCodeTerms) -> None:
    await check_terms(session, promo_code.bot_id, terms)
    promo_code.code = normalize_code(terms.code)
    for name in (
        "discount_kind", "discount_value", "currency", "max_uses", "max_uses_per_user", "is_first_purchase_only",
        "is_active", "valid_from_at", "valid_until_at",
    ):  # fmt: skip
        setattr(promo_code, name, getattr(terms, name))
    session.add(promo_code)
    try:
        await session.flush()
    except IntegrityError as error:
        raise PromoCodeTakenError(fields={"code": "taken"}) from error
    await session.execute(
        delete(PromoCodePlan).where(
            PromoCodePlan.tenant_id == session.tenant_id, PromoCodePlan.promo_code_id == promo_code.id
        )
    )
    session.add_all(
        PromoCodePlan(tenant_id=session.tenant_id, promo_code_id=promo_code.id, plan_id=plan_id)
        for plan_id in dict.fromkeys(terms.plan_ids)
    )
    await session.flush()


def _find_problems(terms: PromoCodeTerms) -> dict[str, str]:
    problems: dict[str, str] = {}
    if terms.discount_value > _MOST.get(terms.discount_kind, terms.discount_value):
        problems["discount_value"] = "out_of_range"
    if (terms.discount_kind is DiscountKind.AMOUNT) != (terms.currency is not None):
        problems["currency"] = "only_with_amount"
    if terms.valid_from_at and terms.valid_until_at and terms.valid_from_at >= terms.valid_until_at:
        problems["valid_until_at"] = "before_valid_from_at"
    return problems
