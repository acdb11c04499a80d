"""Months of inviting friends: one reward for each first purchase, and none that outlives the money it is for."""

from __future__ import annotations

from lumenpay.models.payments import Payment
from lumenpay.models.referrals import Referral, ReferralState, RewardKind
from lumenpay.models.users import User
from lumenpay.referrals.rules import write_payload
from tests.integration.referrals.circle import Circle, take_real_money
from tests.integration.refunds.counter import Counter
from tests.stories.conftest import Opened
from tests.stories.diary import Diary
from tests.stories.people import bring, of, said
from tests.stories.story import CHOSEN, LET_IN, LINK_MADE, ORDERED, OUT, PURCHASE, RECEIPT, REMINDER, TAKEN_OUT, Story
from tests.support.market import Market

GREETING = "Здравствуйте, {}! 👋 Вас пригласили сюда"
FOR_LESS = [CHOSEN[1], ORDERED[0], "editMessageText buyer К оплате <b>891 ₽</b> за"]
GIVEN = "sendMessage buyer 🎁 Друг по вашему приглаш"
GONE = "sendMessage buyer Другу, который пришёл по"
GIVEN_BACK = ["sendMessage buyer Вернули вам <b>891 ₽</b>", TAKEN_OUT]


async def invite(story: Story, diary: Diary, name: str, first_name: str) -> Story:
    """Have somebody new follow the buyer's own link."""
    friend = await bring(story, diary, name, first_name=first_name)
    await friend.buyer.write(await link_of(story))
    await diary.tells(said(name, GREETING.format(first_name)))
    return friend


async def link_of(story: Story) -> str:
    return f"/start {write_payload((await story.buyer.user()).id)}"


async def buy_with_code(story: Story, diary: Diary, *happening: str) -> None:
    """Buy with the code that the person has in hand, and go in."""
    name, dialog = diary.names[story.buyer.id], (await story.buyer.user()).dialog
    await story.buy()
    await diary.tells(said(name, f"🎁 Промокод <b>{(dialog or {})['promo_code']}</b>"), *happening)
    await story.enter()
    await diary.tells(*of(name, LET_IN))


async def give_all_back(friend: Story) -> None:
    """Have the owner give the money back in the gateway's cabinet; no notice of it ever comes."""
    stall, user = friend.stall, await friend.buyer.user()
    [payment] = await stall.market.rows(stall.tenant_id, Payment, Payment.user_id == user.id)
    await Counter(stall.market, stall).in_cabinet(payment)


async def referrals(story: Story, diary: Diary) -> dict[str, tuple[str, str]]:
    """Return what became of each invitation, and why."""
    market, tenant_id = story.market, story.stall.tenant_id
    names = {one.id: diary.names[one.telegram_id] for one in await market.rows(tenant_id, User)}
    return {names[one.invited_id]: (one.state, one.reason) for one in await market.rows(tenant_id, Referral)}


async def test_each_friend_brings_one_reward_and_it_goes_with_their_money_d15(market: Market, opened: Opened) -> None:
    story, diary = await opened()
    await take_real_money(story.stall)
    await Circle(market, story.stall).set(
        reward_kind=RewardKind.DAYS, reward_value=7, welcome_kind=RewardKind.PERCENT, welcome_value=10
    )
    await story.buyer.write("/start")
    await story.buy()
    await story.enter()
    await diary.news()
    boris = await invite(story, diary, "boris", "Борис")
    await buy_with_code(boris, diary, *of("boris", *FOR_LESS, LINK_MADE, *RECEIPT), GIVEN)
    # Neither the link once more nor another purchase brings anything to anybody.
    await boris.buyer.write(await link_of(story))
    await diary.tells(said("boris", "Здравствуйте, Борис! 👋 Здесь"))
    await diary.goes_on(story, ({"days": 20}, []))
    await boris.buy()
    await diary.tells(*of("boris", *PURCHASE, *RECEIPT))
    # Another friend hesitates for days; nothing comes of it till then.
    clara = await invite(story, diary, "clara", "Клара")
    await diary.goes_on(story, ({"days": 13}, []))
    await buy_with_code(clara, diary, *of("clara", *FOR_LESS, LINK_MADE, *RECEIPT), GIVEN)
    await diary.goes_on(story, ({"days": 2}, []))
    # Day 35: thirty days and a week for each friend are one week less again.
    await give_all_back(clara)
    await diary.goes_on(
        story,
        ({"minutes": 61}, [*of("clara", *GIVEN_BACK), GONE]),
        ({"days": 1}, [REMINDER]),
        ({"hours": 21}, [REMINDER]),
    )
    assert [await one.is_inside() for one in (story, boris, clara)] == [True, True, False]
    await diary.goes_on(story, ({"hours": 2}, OUT))
    # Where nothing runs that they could be added to, the days wait for the next purchase.
    dina = await invite(story, diary, "dina", "Дина")
    await buy_with_code(dina, diary, *of("dina", *FOR_LESS, LINK_MADE, *RECEIPT), GIVEN)
    await buy_with_code(story, diary, CHOSEN[1], *ORDERED, *RECEIPT)
    # Days that somebody has bought with are theirs.
    await give_all_back(dina)
    await diary.goes_on(
        story,
        ({"minutes": 61}, of("dina", *GIVEN_BACK)),
        ({"days": 20}, of("boris", REMINDER)),
        ({"days": 2}, of("boris", REMINDER)),
        ({"days": 1}, of("boris", *OUT)),
        ({"days": 11, "hours": 12}, [REMINDER]),  # day 72
        ({"days": 2}, [REMINDER]),
    )
    assert [await one.is_inside() for one in (story, boris, clara, dina)] == [True, False, False, False]
    await diary.goes_on(story, ({"hours": 12}, OUT))
    books = await diary.rest(story, days=3)
    assert sorted(books["charges"]) == [*["891.00"] * 3, *["990.00"] * 3]
    assert books["ledger"] == {("gateway", "RUB"): 386_100, ("revenue", "RUB"): -386_100}
    names = ("payments", "grants", "subscription_periods", "promo_codes", "promo_code_uses", "refunds", "entry_links")
    assert [books[name] for name in names] == [8, 8, 8, 4, 4, 2, 4]
    assert (books["states"], await referrals(story, diary)) == ({"expired": 4}, {
        "boris": (ReferralState.REWARDED, ""), "clara": (ReferralState.TAKEN_BACK, ""),
        "dina": (ReferralState.TAKEN_BACK, "used"),
    })  # fmt: skip
