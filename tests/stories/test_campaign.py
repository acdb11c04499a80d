"""Months with campaign links: who came by which is kept, its price holds, and all that they pay is counted to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lumenpay.audit.service import SYSTEM
from lumenpay.campaigns.figures import CampaignFigures, count_figures
from lumenpay.campaigns.service import archive_campaign
from lumenpay.kit.money import Money
from lumenpay.models.campaigns import Campaign
from lumenpay.models.users import User
from tests.integration.referrals.circle import Circle, take_real_money
from tests.integration.referrals.test_campaigns import made
from tests.stories.conftest import Opened
from tests.stories.diary import Diary
from tests.stories.people import bring, of, said
from tests.stories.story import CHOSEN, LET_IN, LINK_MADE, NOTICE, ORDERED, OUT, RECEIPT, REMINDER, RENEWED, Story
from tests.support.market import Market

CARD = "sendMessage buyer <b>Club, 30 days</b> Что"
CHEAPER = [ORDERED[0], "editMessageText buyer К оплате <b>495 ₽</b> за"]
TURNED_OFF = ["sendMessage buyer <b>Ваши подписки</b> • <", "editMessageText buyer Автопродление подписки «"]


async def come(story: Story, diary: Diary, source: str, *, price: str) -> None:
    """Follow a link that shows the plan, at whatever it costs this person."""
    await story.buyer.write(f"/start {source}")
    await diary.tells(*of(diary.names[story.buyer.id], CARD))
    assert f"Цена: {price}\n" in (await story.buyer.screen()).replace("\xa0", " ")


async def buy_shown(story: Story, button: str = "Один раз") -> None:
    """Buy the plan whose card the chat shows."""
    await story.buyer.press(button)
    await story.pay()
    await story.stall.poll()
    await story.market.work()


async def enter(story: Story, diary: Diary) -> None:
    await story.enter()
    await diary.tells(*of(diary.names[story.buyer.id], LET_IN))


async def figures(story: Story, *campaigns: Campaign) -> list[CampaignFigures]:
    async with story.market.tenant(story.stall.tenant_id) as session:
        found = await count_figures(session, campaigns, is_test=False)
    return [found[campaign.id] for campaign in campaigns]


def counted(starts: int, buyers: int, revenue: int, *, last_orders: int, last_revenue: int) -> CampaignFigures:
    return CampaignFigures(starts, buyers, [Money(revenue, "RUB")], last_orders, [Money(last_revenue, "RUB")])


async def sources(story: Story, diary: Diary) -> dict[str, Any]:
    people = await story.market.rows(story.stall.tenant_id, User)
    return {diary.names[one.telegram_id]: (one.source, one.last_source) for one in people}


async def test_each_ruble_of_three_people_is_counted_to_the_link_that_brought_them(
    market: Market, opened: Opened
) -> None:
    story, diary = await opened(is_recurring=True)
    stall = story.stall
    await take_real_money(stall)
    code = await stall.promo("SPRING", is_first_purchase_only=True, valid_until_at=market.now() + timedelta(days=30))
    spring = await made(Circle(market, stall), "vk_spring", plan_id=stall.plan_id, promo_code_id=code.id)
    blog = await made(Circle(market, stall), "blog")
    await come(story, diary, "vk_spring", price="495 ₽ (вместо 990 ₽)")
    await buy_shown(story, "с автопродлением")
    await diary.tells(*CHEAPER, LINK_MADE, *RECEIPT)
    await enter(story, diary)
    reader = await bring(story, diary, "reader")
    await reader.buyer.write("/start blog")
    await diary.tells(said("reader", "Здравствуйте, Анна! 👋 Здесь"))
    await reader.buyer.write("/buy")
    await reader.buyer.press("Club")
    await buy_shown(reader)
    await diary.tells(*of("reader", *CHOSEN, *ORDERED, LINK_MADE, *RECEIPT))
    await enter(reader, diary)
    # Ten days later the reader follows the other link: its price is for newcomers, and says nothing to anybody else.
    await diary.goes_on(story, ({"days": 10}, []))
    await come(reader, diary, "vk_spring", price="990 ₽")
    await buy_shown(reader)
    await diary.tells(*of("reader", *ORDERED, *RECEIPT))
    # A renewal is at the plan's own price and counts to who brought the person; nobody follows a link to it.
    await diary.goes_on(story, ({"days": 19, "hours": 1}, [NOTICE]), ({"hours": 23}, [RENEWED]))
    assert await figures(story, spring, blog) == [
        counted(1, 1, 49_500 + 99_000, last_orders=2, last_revenue=49_500 + 99_000),
        counted(1, 1, 2 * 99_000, last_orders=1, last_revenue=99_000),
    ]
    # The code's month is over and the campaign put away; its link still leads to the plan and counts.
    async with market.tenant(stall.tenant_id) as session:
        await archive_campaign(session, spring.id, is_archived=True, actor=SYSTEM, now=market.now())
    late = await bring(story, diary, "late")
    await diary.goes_on(story, ({"hours": 1}, []))
    await come(late, diary, "vk_spring", price="990 ₽")
    await buy_shown(late)
    await diary.tells(*of("late", *ORDERED, LINK_MADE, *RECEIPT))
    await enter(late, diary)
    await story.buyer.write("/status")
    await story.buyer.press("Отключить автопродление")
    await diary.tells(*TURNED_OFF)
    everybody = [REMINDER, *of("reader", REMINDER), *of("late", REMINDER)]
    await diary.goes_on(
        story,
        ({"days": 27, "hours": 1}, everybody),
        ({"days": 2}, everybody),
        ({"days": 1}, [*OUT, *of("reader", *OUT), *of("late", *OUT)]),
    )
    assert [await one.is_inside() for one in (story, reader, late)] == [False] * 3
    books = await diary.rest(story, days=3)
    assert sorted(books["charges"]) == ["495.00", *["990.00"] * 4]
    names = ("payments", "grants", "subscription_periods", "ledger_entries", "promo_code_uses", "subscription_charges")
    assert [books[name] for name in names] == [5, 5, 5, 10, 1, 1]
    assert books["states"] == {"expired": 3}
    assert await figures(story, spring, blog) == [
        counted(2, 2, 49_500 + 2 * 99_000, last_orders=3, last_revenue=49_500 + 2 * 99_000),
        counted(1, 1, 2 * 99_000, last_orders=1, last_revenue=99_000),
    ]
    assert await sources(story, diary) == {
        "buyer": ("vk_spring", "vk_spring"), "reader": ("blog", "vk_spring"), "late": ("vk_spring", "vk_spring"),
    }  # fmt: skip
