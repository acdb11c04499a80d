"""SQL of figures: computing the facts of some days, storing them, reading what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.analytics.facts import NO_CODE, CodeName, Facts, FunnelFact, MoneyFact, PeopleFact, SourceFact
from lumenpay.analytics.statements import FIRST_MOMENT, FUNNEL, MOVEMENT, REVENUE
from lumenpay.db.session import TenantSession
from lumenpay.models.analytics import FunnelDay, MoneyDay, PeopleDay, SourceDay
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.promo_codes import PromoCode
from lumenpay.promo_codes.personal import classify_personal

DECLINES = (
    "3d_secure_failed", "call_issuer", "card_expired", "country_forbidden", "fraud_suspected", "general_decline",
    "identification_required", "insufficient_funds", "internal_timeout", "invalid_card_number", "invalid_csc",
    "issuer_unavailable", "payment_method_limit_exceeded", "payment_method_restricted", "unsupported_mobile_operator",
)  # fmt: skip
"""Reasons of a cancellation that say: the person tried to pay, and the money did not move."""
_TABLES = (PeopleDay, MoneyDay, SourceDay, FunnelDay)
_MOVES = (
    "mrr_new_minor", "mrr_expansion_minor", "mrr_contraction_minor", "mrr_churned_minor", "mrr_reactivated_minor",
    "mrr_people_gained", "mrr_people_lost",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """Local days to compute: from the first moment of `first_day` until a moment that is not included."""

    zone: str
    first_day: date
    from_at: datetime
    until_at: datetime


async def find_first_moment(session: TenantSession) -> datetime | None:
    """Return when the first thing happened that a figure could tell of."""
    found: datetime | None = (await session.execute(FIRST_MOMENT, {"tenant_id": session.tenant_id})).scalar()
    return found


async def compute_facts(session: TenantSession, stretch: Stretch) -> dict[bool, Facts]:
    """Return the facts of some days, of real payments under False and of test payments under True.

    The cost grows with what happened on these days, not with what there is.
    """
    bound = {"tenant_id": session.tenant_id, **asdict(stretch)}
    without_day = {name: value for name, value in bound.items() if name != "first_day"}
    moved = (await session.execute(MOVEMENT, {**bound, "declines": list(DECLINES)})).all()
    paid = (await session.execute(REVENUE, {**without_day, "no_code": NO_CODE})).all()
    steps = (await session.execute(FUNNEL, without_day)).all()
    return {
        is_test: Facts(
            people=tuple(PeopleFact(r.day, r.cohort, *r.figures) for r in _of(moved, is_test) if r.currency is None),
            money=_join_money(_of(moved, is_test), _of(paid, is_test)),
            sources=tuple(
                SourceFact(
                    r.day, r.currency, r.source, r.promo_code_id, r.revenue, r.refunded, int(r.payments), r.first_payers
                )
                for r in _of(paid, is_test)
                if r.cohort is None
            ),
            funnel=tuple(
                FunnelFact(r.started_on, r.started, r.saw_plan, r.checked_out, r.paid, r.joined)
                for r in _of(steps, is_test)
            ),
        )
        for is_test in (False, True)
    }


def _of(rows: Iterable[Any], is_test: bool) -> list[Any]:  # noqa: FBT001 - which of the two halves
    return [row for row in rows if row.is_test == is_test]


def _join_money(moved: list[Any], paid: list[Any]) -> tuple[MoneyFact, ...]:
    joined: dict[tuple[date, date, str], dict[str, Any]] = defaultdict(dict)
    for row in moved:
        if row.currency is not None:
            joined[row.day, row.cohort, row.currency] |= dict(zip(_MOVES, row.figures, strict=True))
    for row in paid:
        if row.cohort is not None:
            joined[row.day, row.cohort, row.currency] |= {
                "revenue_minor": row.revenue, "refunded_minor": row.refunded, "payments": int(row.payments),
                "first_payers": row.first_payers,
            }  # fmt: skip
    return tuple(replace(MoneyFact(*key), **figures) for key, figures in joined.items())


async def store_facts(session: TenantSession, facts: Facts, *, is_test: bool) -> None:
    """Store the facts of days that were not stored before."""
    common = {"tenant_id": session.tenant_id, "is_test": is_test}
    for table, rows in ((PeopleDay, facts.people), (MoneyDay, facts.money), (SourceDay, facts.sources)):
        if rows:
            await session.execute(insert(table), [{**common, **asdict(row)} for row in rows])
    if facts.funnel:
        statement = insert(FunnelDay)
        added = {
            name: getattr(FunnelDay, name) + statement.excluded[name]
            for name in ("started", "saw_plan", "checked_out", "paid", "joined")
        }
        keys = ["tenant_id", "started_on", "is_test"]
        await session.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=added),
            [{**common, **asdict(row)} for row in facts.funnel],
        )


async def forget_facts(session: TenantSession) -> None:
    """Remove every stored day of the tenant."""
    for table in _TABLES:
        await session.execute(delete(table).where(table.tenant_id == session.tenant_id))


async def has_people(session: TenantSession, *, is_test: bool) -> bool:
    """Tell whether any day is stored of real or of test payments."""
    mine = (PeopleDay.tenant_id == session.tenant_id) & (PeopleDay.is_test == is_test)
    return bool(await session.scalar(select(exists().where(mine))))


async def has_only_test_money(session: TenantSession) -> bool:
    """Tell whether something was paid, and none of it with real money; orders that cost nothing tell nothing."""
    paid = (Payment.tenant_id == session.tenant_id) & (Payment.status == PaymentStatus.SUCCEEDED)
    paid &= Payment.amount_minor > 0
    tests, real = exists().where(paid & Payment.is_test), exists().where(paid & ~Payment.is_test)
    return bool(await session.scalar(select(tests & ~real)))


async def load_people(session: TenantSession, *, is_test: bool, by_cohort: bool = False) -> list[PeopleFact]:
    """Return the stored days of people; without cohorts, the first day stands for all of them."""
    cohort = PeopleDay.cohort if by_cohort else func.min(PeopleDay.cohort)
    names = ("began", "returned", "churned_voluntary", "churned_failed_payment", "churned_not_renewed")
    rows = await session.execute(
        select(PeopleDay.day, cohort, *(func.sum(getattr(PeopleDay, name)) for name in names))
        .where(PeopleDay.tenant_id == session.tenant_id, PeopleDay.is_test == is_test)
        .group_by(PeopleDay.day, *((PeopleDay.cohort,) if by_cohort else ()))
    )
    return [PeopleFact(*row) for row in rows]


async def load_money(session: TenantSession, *, is_test: bool, by_cohort: bool = False) -> list[MoneyFact]:
    """Return the stored days of money; without cohorts, the first day stands for all of them."""
    cohort = MoneyDay.cohort if by_cohort else func.min(MoneyDay.cohort)
    names = ("revenue_minor", "refunded_minor", "payments", "first_payers", *_MOVES)
    rows = await session.execute(
        select(MoneyDay.day, cohort, MoneyDay.currency, *(func.sum(getattr(MoneyDay, name)) for name in names))
        .where(MoneyDay.tenant_id == session.tenant_id, MoneyDay.is_test == is_test)
        .group_by(MoneyDay.day, MoneyDay.currency, *((MoneyDay.cohort,) if by_cohort else ()))
    )
    return [MoneyFact(row[0], row[1], row[2], *(int(value) for value in row[3:])) for row in rows]


async def load_sources(session: TenantSession, *, is_test: bool, first_day: date, last_day: date) -> list[SourceFact]:
    """Return what was paid within some stored days, by source and promo code."""
    names = ("revenue_minor", "refunded_minor", "payments", "first_payers")
    keys = (SourceDay.currency, SourceDay.source, SourceDay.promo_code_id)
    rows = await session.execute(
        select(func.max(SourceDay.day), *keys, *(func.sum(getattr(SourceDay, name)) for name in names))
        .where(
            SourceDay.tenant_id == session.tenant_id,
            SourceDay.is_test == is_test,
            SourceDay.day.between(first_day, last_day),
        )
        .group_by(*keys)
    )
    return [SourceFact(row[0], row[1], row[2], row[3], *(int(value) for value in row[4:])) for row in rows]


async def load_funnel(session: TenantSession, *, is_test: bool, first_day: date, last_day: date) -> list[FunnelFact]:
    """Return how far those got, until the last stored day, who started within some days."""
    rows = await session.execute(
        select(FunnelDay).where(
            FunnelDay.tenant_id == session.tenant_id,
            FunnelDay.is_test == is_test,
            FunnelDay.started_on.between(first_day, last_day),
        )
    )
    return [
        FunnelFact(row.started_on, row.started, row.saw_plan, row.checked_out, row.paid, row.joined)
        for row in rows.scalars()
    ]


async def load_code_names(session: TenantSession, ids: Iterable[UUID]) -> dict[UUID, CodeName]:
    """Return promo codes of the tenant by id."""
    query = select(PromoCode.id, PromoCode.code, PromoCode.user_id).where(
        PromoCode.tenant_id == session.tenant_id, PromoCode.id == any_(bindparam("ids", list(ids), ARRAY(Uuid())))
    )
    return {
        promo_code_id: CodeName(code, classify_personal(code) if user_id is not None else None)
        for promo_code_id, code, user_id in await session.execute(query)
    }
