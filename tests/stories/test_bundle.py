"""Plans that open several channels: all are entered, kept and left together, and a change touches the difference."""

from __future__ import annotations

from lumenpay.models.channels import Channel
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan
from tests.integration.refunds.counter import REVOKE, Counter
from tests.stories.conftest import Opened
from tests.stories.people import bring, of, said, shown
from tests.stories.story import CHOSEN, LET_IN, LINK_MADE, ORDERED, TAKEN_OUT, Story
from tests.support.chat import buttons_of
from tests.support.market import Market


async def open_rooms(story: Story) -> dict[str, int]:
    """Have three channels and three plans: News by itself, News and Talks, Talks and Library; return their chats."""
    stall, ids, chats = story.stall, {"News": story.stall.channel_id}, {"News": story.stall.chat_id}
    for title in ("Talks", "Library"):
        channel = await stall.add_channel()
        ids[title], chats[title] = channel.id, channel.chat_id
    for title, channel_id in ids.items():
        await stall.change(Channel, channel_id, title=title)
    await stall.change(Plan, stall.plan_id, title="Solo")
    for title, price_minor, rooms in (("Duo", 99_000, ("News", "Talks")), ("Trio", 198_000, ("Talks", "Library"))):
        plan = await stall.add_plan(*(ids[room] for room in rooms), price_minor=price_minor, allows_changes=True)
        await stall.change(Plan, plan.id, title=title)
    return chats


def bought(name: str, plan: str, *, links: int) -> list[str]:
    """Return what the bot does when somebody buys a plan that opens so many channels to them anew."""
    return [
        *of(name, CHOSEN[0], *ORDERED), shown(name, f"<b>{plan}</b> Что откроется:"), *[LINK_MADE] * links,
        shown(name, f"Оплачено ✓ «{plan}», 990 ₽."), said(name, f"✅ Готово! «{plan}», оплачено"),
    ]  # fmt: skip


async def buy(story: Story, plan: str) -> None:
    await story.buyer.write("/buy")
    await story.buyer.press(plan)
    await story.buyer.press("Оплатить")
    await pay(story)


async def pay(story: Story) -> None:
    await story.pay()
    await story.stall.poll()
    await story.market.work()


async def change_up(story: Story) -> tuple[str, list[str]]:
    """Change from Duo to Trio; return what it costs, by the second, and what the bot does."""
    await story.buyer.write("/status")
    await story.buyer.press("Сменить тариф")
    await story.buyer.press("Trio")
    assert "Откроется: Library\nЗакроется: News" in await story.buyer.screen()
    amount = (await story.buyer.captions())[0].removeprefix("Доплатить ").replace("\xa0", " ")
    await story.buyer.press("Доплатить")
    await pay(story)
    return amount, [
        said("buyer", "<b>Ваши подписки</b> • <b>"), shown("buyer", "На какой тариф сменить «Duo»?"),
        shown("buyer", "<b>«Duo» → «Trio»</b> Осталось"), ORDERED[0], shown("buyer", f"К оплате <b>{amount}</b> за"),
        TAKEN_OUT, LINK_MADE, shown("buyer", f"Оплачено ✓ «Trio», {amount}."),
        said("buyer", "🔀 Тариф сменён: «Duo» → «Trio»"),
    ]  # fmt: skip


async def enter_all(story: Story) -> None:
    """Follow every link of the newest message."""
    for button in buttons_of((await story.buyer.messages())[-1]):
        story.entry_url = str(button["url"])
        await story.knock(story.buyer.id)


async def test_months_in_three_rooms_by_plans_that_overlap(market: Market, opened: Opened) -> None:
    story, diary = await opened(allows_changes=True)
    chats = await open_rooms(story)
    friend = await bring(story, diary, "friend")

    async def rooms(of_whom: Story) -> list[str]:
        return [room for room, chat in chats.items() if await story.stall.is_inside(of_whom.buyer.id, chat)]

    await buy(story, "Duo")
    await diary.tells(*bought("buyer", "Duo", links=2))
    await enter_all(story)
    await diary.tells(LET_IN, LET_IN)
    await buy(friend, "Solo")
    await diary.tells(*bought("friend", "Solo", links=1))
    await enter_all(friend)
    await diary.tells(*of("friend", LET_IN))
    assert (await rooms(story), await rooms(friend)) == (["News", "Talks"], ["News"])
    # Day 20: a renewal makes no new link, and whoever is in one of the rooms gets the one that is missing.
    await diary.goes_on(story, ({"days": 20}, []))
    await buy(story, "Duo")
    await diary.tells(*bought("buyer", "Duo", links=0))
    await buy(friend, "Duo")
    await diary.tells(*bought("friend", "Duo", links=1))
    await enter_all(friend)
    await diary.tells(*of("friend", LET_IN))
    # Day 30: the end of the smaller plan closes nothing that the larger one holds open.
    solo = said("friend", "⏳ Подписка «Solo» скоро закончится")
    await diary.goes_on(
        story,
        ({"days": 7, "hours": 1}, [solo]),
        ({"days": 2}, [solo]),
        ({"days": 1}, [said("friend", "Подписка «Solo» закончилась")]),
    )
    assert (await rooms(story), await rooms(friend)) == (["News", "Talks"], ["News", "Talks"])
    # A change: out of News, a link to Library, and Talks as if nothing were.
    amount, happening = await change_up(story)
    await diary.tells(*happening)
    assert await rooms(story) == ["Talks"]
    await enter_all(story)
    await diary.tells(LET_IN)
    assert await rooms(story) == ["Talks", "Library"]
    # Ten days later the money for the change goes back, and with it the difference; what it had carried over returns.
    await diary.goes_on(story, ({"days": 10}, []))
    [change] = await market.rows(story.stall.tenant_id, Payment, Payment.credit_minor > 0)
    await Counter(market, story.stall).asked(change, access=REVOKE)
    returned = [
        said("buyer", f"Вернули вам <b>{amount}</b>"),
        TAKEN_OUT,
        said("buyer", "✅ Вам открыт доступ по тарифу"),
    ]
    await diary.goes_on(story, ({"seconds": 1}, returned))
    assert await rooms(story) == ["Talks"]
    await enter_all(story)
    await diary.tells(LET_IN)
    assert await rooms(story) == ["News", "Talks"]
    # Day 50 and day 60: each leaves both rooms at once.
    duo, over = "⏳ Подписка «Duo» скоро закончится", "Подписка «Duo» закончилась"
    await diary.goes_on(
        story,
        ({"days": 8}, [said("friend", duo)]),
        ({"days": 2}, [said("friend", over), *of("friend", TAKEN_OUT, TAKEN_OUT)]),
    )
    assert (await rooms(story), await rooms(friend)) == (["News", "Talks"], [])
    await diary.goes_on(
        story,
        ({"days": 8}, [said("buyer", duo)]),
        ({"days": 3}, [said("buyer", over), TAKEN_OUT, TAKEN_OUT]),
    )
    assert (await rooms(story), await rooms(friend)) == ([], [])
    books = await diary.rest(story, days=3)
    assert books["ledger"] == {("gateway", "RUB"): 396_000, ("revenue", "RUB"): -396_000}
    names = ("payments", "grants", "subscription_periods", "ledger_entries", "entry_links", "memberships", "refunds")
    assert [books[name] for name in names] == [6, 6, 6, 12, 5, 5, 1]
    assert books["states"] == {"expired": 4}
