"""The rule by which a tenant forgets people who are long gone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from control_plane.dependencies import TenantDep
from control_plane.schemas import Input, Moment, Output
from lumenpay.erasures import forgetting
from lumenpay.models.erasures import ForgettingRule, GoneMonths

router = APIRouter(prefix="/tenants/{tenant_id}/forgetting-rule", tags=["erasures"])


class ForgettingRuleIn(Input):
    """How many months people have to be gone; without any nobody is forgotten by itself."""

    months: GoneMonths | None


class ForgettingRuleOut(Output):
    """The rule as it stands; off until it is set.

    Nobody is forgotten before `starts_at`, and until then it can be switched off without anybody being. `began_at` is
    when people were first looked for.
    """

    months: int | None
    starts_at: Moment | None
    began_at: Moment | None


class GoneOut(Output):
    """How many people would be forgotten now; where they are not counted exactly, there are more."""

    people: int
    is_exact: bool


@router.get("")
async def get_rule(access: TenantDep) -> ForgettingRuleOut:
    """Return when people who are long gone are forgotten."""
    async with access.unit() as session:
        return _show(await forgetting.find_rule(session))


@router.put("")
async def set_rule(body: ForgettingRuleIn, access: TenantDep) -> ForgettingRuleOut:
    """Have people forgotten who are gone for so many months, or nobody. Needs a fresh proof.

    The first are a week after it was switched on, or after the months became fewer. Who was forgotten does not come
    back.
    """
    async with access.unit() as session:
        return _show(await forgetting.set_rule(session, months=body.months, actor=access.actor, now=access.now))


@router.get("/people")
async def count_gone(
    access: TenantDep,
    months: Annotated[GoneMonths, Query(description="How long they have to be gone.")] = GoneMonths.YEAR,
) -> GoneOut:
    """Count the people who would be forgotten now, whatever the rule is.

    Somebody is gone when nothing of theirs runs or is on its way, they are in no channel as far as is known, and the
    last that was heard of them is so many months old.
    """
    async with access.unit() as session:
        return GoneOut.model_validate(await forgetting.count_people(session, months=months, now=access.now))


def _show(rule: ForgettingRule | None) -> ForgettingRuleOut:
    if rule is None:
        return ForgettingRuleOut(months=None, starts_at=None, began_at=None)
    return ForgettingRuleOut.model_validate(rule)
