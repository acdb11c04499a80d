"""Webhooks that the platform has switched off: nothing is told, what was on its way is dead, and can be told later."""

from __future__ import annotations

from lumenpay.audit.service import SYSTEM
from lumenpay.features.service import switch_own
from lumenpay.models.features import Feature
from lumenpay.models.webhooks import WebhookDelivery
from tests.integration.webhooks.conftest import Program, listen
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def switch(stall: Stall, *, is_on: bool) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await switch_own(
            session, Feature.WEBHOOKS, is_on=is_on, reason="too many", actor=SYSTEM, now=stall.market.now()
        )


async def test_nothing_is_told_while_webhooks_are_off_and_new_things_are_once_they_are_on(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    await listen(desk, "payment.succeeded")
    await switch(stall, is_on=False)
    await stall.bought(await stall.buyer())
    await market.work()
    assert (program.types(), await market.count(stall.tenant_id, WebhookDelivery)) == ([], 0)
    await switch(stall, is_on=True)
    await stall.bought(await stall.buyer())
    await market.work()
    assert program.types() == ["payment.succeeded"]


async def test_what_was_on_its_way_is_dead_and_can_be_told_later(
    market: Market, stall: Stall, desk: Desk, program: Program
) -> None:
    shown = await listen(desk)
    made = await desk.post(f"/webhooks/{shown['webhook']['id']}/test")
    await switch(stall, is_on=False)
    await market.work()
    [delivery] = await market.rows(stall.tenant_id, WebhookDelivery)
    assert (program.types(), delivery.status, delivery.failure) == ([], "dead", "feature_off")
    await switch(stall, is_on=True)
    await desk.post(f"/webhook-deliveries/{made['id']}/replay")
    await market.work()
    assert program.types() == ["webhook.test"]
