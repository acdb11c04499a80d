"""Months with promo codes: each takes off what it says, for whom and how often it says, and no renewal is cheaper."""

from __future__ import annotations

from datetime import timedelta

from lumenpay.models.ids import BotId, UserId
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.promo_codes.personal import PersonalTerms, make_personal_code
from tests.stories.conftest import Opened
from tests.stories.diary import Diary
from tests.stories.people import bring, of, said
from tests.stories.story import CHOSEN, LET_IN, LINK_MADE, NOTICE, ORDERED, OUT, RECEIPT, REMINDER, RENEWED, Story
from tests.support.market import Market

REFUSED = "Этот промокод не подошёл: он"
GIVEN_UP = ["editMessageText buyer Эта ссылка на оплату «Cl", "sendMessage buyer Оплата «Club, 30 days» н"]
TURNED_OFF = ["sendMessage buyer <b>Ваши подписки</b> • <", "editMessageText buyer Автопродление подписки «"]
OPENED_FREE = ["editMessageText buyer Открываю доступ по тариф", LINK_MADE, RECEIPT[1]]
ONCE, RENEWING, FREE = "Один раз", "с автопродлением", "Получить бесплатно"


async def use(story: Story, diary: Diary, code: str, button: str, *, price: str) -> list[str]:
    """Come with a code and press a button of the plan's card; return what the bot does then."""
    name = diary.names[story.buyer.id]
    await story.buyer.write(f"/start promo_{code}")
    await story.buyer.press("Club")
    await diary.tells(said(name, f"🎁 Промокод <b>{code}</b> применён"), *of(name, CHOSEN[1]))
    assert f"Цена: {price}" in (await story.buyer.screen()).replace("\xa0", " ")
    await story.buyer.press(button)
    await story.market.work()
    return of(name, ORDERED[0], f"editMessageText buyer К оплате <b>{price}</b> за")


async def pay_ordered(story: Story) -> None:
    await story.pay()
    await story.stall.poll()
    await story.market.work()


async def turn_off(story: Story) -> None:
    await story.buyer.write("/status")
    await story.buyer.press("Отключить автопродление")


async def is_refused(story: Story, diary: Diary, code: str, why: str) -> None:
    await story.buyer.write(f"/start promo_{code}")
    await diary.tells(said(diary.names[story.buyer.id], REFUSED))
    assert f"не подошёл: {why}." in await story.buyer.screen()


async def uses(story: Story, *codes: PromoCode) -> list[int]:
    return [(await story.market.get(story.stall.tenant_id, PromoCode, code.id)).uses_count for code in codes]


async def test_five_months_in_which_every_code_keeps_to_its_terms_d17(market: Market, opened: Opened) -> None:
    story, diary = await opened(is_recurring=True)
    stall = story.stall
    half = await stall.promo("HALF", is_first_purchase_only=True)
    last = await stall.promo(
        "LAST", max_uses=1, discount_kind=DiscountKind.AMOUNT, discount_value=30_000, currency="RUB"
    )
    week = await stall.promo(
        "WEEK", max_uses_per_user=1, discount_kind=DiscountKind.EXTRA_DAYS, discount_value=7,
        valid_until_at=market.now() + timedelta(days=40),
    )  # fmt: skip
    boris, clara = await bring(story, diary, "boris"), await bring(story, diary, "clara")
    ordered = await use(story, diary, "HALF", RENEWING, price="495 ₽")
    await pay_ordered(story)
    await diary.tells(*ordered, LINK_MADE, *RECEIPT)
    await story.enter()
    await diary.tells(LET_IN)
    await is_refused(story, diary, "HALF", "он только для первой покупки")
    # Boris holds the last use while he may still pay; then it is somebody else's.
    await diary.tells(*await use(boris, diary, "LAST", ONCE, price="690 ₽"))
    await is_refused(clara, diary, "LAST", "он уже закончился")
    await diary.goes_on(story, ({"hours": 2}, of("boris", *GIVEN_UP)))
    assert await uses(story, last) == [0]
    ordered = await use(clara, diary, "LAST", ONCE, price="690 ₽")
    await pay_ordered(clara)
    await diary.tells(*ordered, *of("clara", LINK_MADE, *RECEIPT))
    await clara.enter()
    await diary.tells(*of("clara", LET_IN))
    await is_refused(boris, diary, "LAST", "он уже закончился")
    # Half the price was for the first month only.
    await diary.goes_on(
        story,
        ({"days": 27}, of("clara", REMINDER)),
        ({"days": 2}, [NOTICE, *of("clara", REMINDER)]),
        ({"hours": 23}, [RENEWED, *of("clara", REMINDER)]),
    )
    assert (await diary.books())["charges"] == ["990.00", "690.00", "495.00"]
    # Free days once, on top of what is left and of what is bought.
    ordered = await use(story, diary, "WEEK", ONCE, price="990 ₽")
    await pay_ordered(story)
    await diary.tells(*ordered, *RECEIPT)
    await is_refused(story, diary, "WEEK", "вы его уже использовали")
    await diary.goes_on(story, ({"days": 12}, of("clara", *OUT)))
    await is_refused(boris, diary, "WEEK", "срок его действия истёк")
    # One person's own code is nobody else's.
    user = await boris.buyer.user()
    async with market.tenant(stall.tenant_id) as session:
        own = await make_personal_code(
            session, bot_id=BotId(stall.bot_id), user_id=UserId(user.id),
            terms=PersonalTerms(DiscountKind.PERCENT, 100), now=market.now(),
        )  # fmt: skip
    await is_refused(clara, diary, own.code, "такого кода нет")
    await use(boris, diary, own.code, FREE, price="0 ₽")
    await diary.tells(*of("boris", *OPENED_FREE))
    await boris.enter()
    await diary.tells(*of("boris", LET_IN))
    await is_refused(boris, diary, own.code, "он уже закончился")
    # Two months and a week after the first: announced and charged for the end that the free days have moved.
    await diary.goes_on(
        story,
        ({"days": 31}, of("boris", *OUT)),
        ({"days": 22, "hours": 12}, []),
        ({"days": 1}, [NOTICE]),
        ({"hours": 11.5}, [RENEWED]),
    )
    await turn_off(story)
    await diary.tells(*TURNED_OFF)
    await diary.goes_on(story, ({"days": 27, "hours": 2}, [REMINDER]), ({"days": 2}, [REMINDER]))
    assert [await one.is_inside() for one in (story, boris, clara)] == [True, False, False]
    await diary.goes_on(story, ({"days": 1}, OUT))
    books = await diary.rest(story, days=3)
    assert books["charges"] == ["990.00", "990.00", "990.00", "690.00", "495.00"]
    names = ("payments", "grants", "subscription_periods", "ledger_entries", "promo_codes", "promo_code_uses")
    assert [books[name] for name in names] == [7, 6, 6, 10, 4, 5]
    assert (books["states"], await uses(story, half, last, week, own)) == ({"expired": 3}, [1, 1, 1, 1])
