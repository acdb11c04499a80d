"""An audience that names plans: who has one, had one, or never bought any; asked again when the order is made."""

from __future__ import annotations

import pytest

from lumenpay.models.plans import Audience, Plan
from lumenpay.models.users import User
from lumenpay.plans.errors import PlanRefusedError
from lumenpay.plans.offers import list_offers
from lumenpay.plans.sale_rules import PlanRefusal
from tests.support.market import Market
from tests.support.stall import Stall


@pytest.mark.parametrize(
    ("audience", "before", "having", "after"),
    [
        (Audience.NEW, True, False, False),
        (Audience.EXISTING, False, True, False),
        (Audience.LAPSED, False, False, True),
    ],
)
async def test_only_the_named_plans_count(
    market: Market, stall: Stall, audience: Audience, before: bool, having: bool, after: bool
) -> None:
    named = await stall.add_plan(stall.channel_id, price_minor=10_000)
    special = await stall.add_plan(stall.channel_id, audience=audience)
    await stall.change(Plan, special.id, audience_plan_ids=[named.id])
    anna = await stall.buyer()
    # Another plan makes nobody a customer of the named one.
    await stall.bought(anna)
    seen = [await _is_offered(stall, anna, special)]
    await stall.bought(anna, plan_id=named.id)
    seen.append(await _is_offered(stall, anna, special))
    await market.skip(days=31)
    await stall.sweep()
    seen.append(await _is_offered(stall, anna, special))
    assert seen == [before, having, after]


async def _is_offered(stall: Stall, user: User, plan: Plan) -> bool:
    async with stall.market.tenant(stall.tenant_id) as session:
        listed = {offer.plan.id for offer in await list_offers(session, user, now=stall.market.now())}
    if plan.id in listed:
        return True
    with pytest.raises(PlanRefusedError) as refused:
        await stall.order(user, plan_id=plan.id)
    assert refused.value.refusal is PlanRefusal.NOT_FOR_YOU
    return False
