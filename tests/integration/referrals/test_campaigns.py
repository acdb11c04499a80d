"""Campaign links: what they lead to, and who and what they brought, by the first and by the last touch."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.campaigns import service
from lumenpay.campaigns.errors import CampaignInvalidError, CampaignSourceTakenError
from lumenpay.campaigns.figures import CampaignFigures, count_figures
from lumenpay.campaigns.service import CampaignTerms
from lumenpay.kit.money import Money
from lumenpay.models.campaigns import Campaign
from tests.integration.referrals.circle import Circle
from tests.support.chat import open_phone


async def made(circle: Circle, source: str, **terms: Any) -> Campaign:
    async with circle.market.tenant(circle.stall.tenant_id) as session:
        return await service.create_campaign(
            session, bot_id=circle.stall.bot_id, source=source, terms=CampaignTerms(f"On {source}", **terms),
            actor=SYSTEM, now=circle.market.now(),
        )  # fmt: skip


async def figures(circle: Circle, campaign: Campaign) -> CampaignFigures:
    async with circle.market.tenant(circle.stall.tenant_id) as session:
        return (await count_figures(session, [campaign], is_test=False))[campaign.id]


async def test_first_and_last_touch_are_told_apart(circle: Circle) -> None:
    vk, youtube = await made(circle, "vk_ads"), await made(circle, "youtube-7")
    phone = await open_phone(circle.stall)
    await phone.write("/start vk_ads")
    await circle.stall.bought(await phone.user())
    await phone.write("/start youtube-7")
    await circle.stall.bought(await phone.user())
    other = await open_phone(circle.stall)
    await other.write("/start vk_ads")
    told, later = await figures(circle, vk), await figures(circle, youtube)
    assert (told.starts, told.buyers, told.revenue) == (2, 1, [Money(198_000, "RUB")])
    assert (told.last_touch_orders, told.last_touch_revenue) == (1, [Money(99_000, "RUB")])
    assert (later.starts, later.buyers, later.revenue) == (0, 0, [])
    assert (later.last_touch_orders, later.last_touch_revenue) == (1, [Money(99_000, "RUB")])


async def test_a_link_shows_its_plan_at_its_price_even_when_archived(circle: Circle) -> None:
    promo = await circle.stall.promo("SPRING")
    campaign = await made(circle, "spring", plan_id=circle.stall.plan_id, promo_code_id=promo.id)
    async with circle.market.tenant(circle.stall.tenant_id) as session:
        await service.archive_campaign(
            session, campaign.id, is_archived=True, actor=SYSTEM, now=circle.market.now()
        )  # fmt: skip
    phone = await open_phone(circle.stall)
    await phone.write("/start spring")
    assert "495" in await phone.screen()
    await made(circle, "code-only", promo_code_id=promo.id)
    await phone.write("/start code-only")
    assert "SPRING" in await phone.screen()
    await made(circle, "plain")
    await phone.write("/start plain")
    assert "Здравствуйте" in await phone.screen()


async def test_a_source_belongs_to_one_campaign(circle: Circle) -> None:
    await made(circle, "vk_ads")
    with pytest.raises(CampaignSourceTakenError):
        await made(circle, "vk_ads")
    with pytest.raises(CampaignInvalidError):
        await made(circle, "plan_x")
