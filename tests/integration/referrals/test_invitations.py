"""Coming by an invitation: once, new people only, by nobody's own link, in no circle; and a welcome for it."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.referrals import Referral, RewardKind
from lumenpay.models.users import User
from lumenpay.referrals.invitations import accept_invitation
from lumenpay.referrals.rules import write_payload
from tests.integration.referrals.circle import Circle

TERMS = {"reward_kind": RewardKind.PERCENT, "reward_value": 20}
WELCOME = {"welcome_kind": RewardKind.PERCENT, "welcome_value": 10}


async def test_the_first_inviter_stays_and_people_are_told_by_source(circle: Circle) -> None:
    await circle.set(**TERMS)
    _, anna = await circle.started()
    _, eve = await circle.started(first_name="Eve")
    phone, boris = await circle.started(first_name="Борис", by=anna)
    await phone.write(f"/start {write_payload(eve.id)}")
    [referral] = await circle.market.rows(circle.stall.tenant_id, Referral)
    assert (referral.invited_id, referral.inviter_id) == (boris.id, anna.id)
    boris = await circle.fresh(boris)
    assert (boris.source, boris.last_source) == ("ref", "ref")


async def test_nobody_is_invited_who_had_access_or_by_themselves(circle: Circle) -> None:
    await circle.set(**TERMS)
    phone, anna = await circle.started()
    await phone.write(f"/start {write_payload(anna.id)}")
    subscriber_phone, subscriber = await circle.started(first_name="Clara")
    await circle.stall.bought(subscriber)
    await subscriber_phone.write(f"/start {write_payload(anna.id)}")
    stranger = await circle.started(first_name="Dan")
    await stranger[0].write("/start ref_AAAAAAAAAAAAAAAAAAAAAA")
    await stranger[0].write("/start ref_nonsense")
    assert await circle.market.count(circle.stall.tenant_id, Referral) == 0


async def test_without_the_owners_word_there_is_no_programme(circle: Circle) -> None:
    phone, anna = await circle.started()
    await circle.invited(anna)
    assert await circle.market.count(circle.stall.tenant_id, Referral) == 0
    assert not [caption for caption in await phone.captions() if "Пригласить" in caption]
    await phone.write("/invite")
    assert "нет подарков" in await phone.screen()


async def test_no_circle_is_closed(circle: Circle) -> None:
    await circle.set(**TERMS)
    phone, anna = await circle.started()
    boris = await circle.invited(anna)
    clara = await circle.invited(boris, first_name="Clara")
    for last in (boris, clara):
        await phone.write(f"/start {write_payload(last.id)}")
        assert await circle.referral(anna) is None


@pytest.mark.parametrize("size", [2, 3])
async def test_who_invite_one_another_at_once_close_no_circle(circle: Circle, size: int) -> None:
    await circle.set(**TERMS)
    people = [(await circle.started(first_name=f"Guest {number}"))[1] for number in range(size)]

    async def come(person: User, inviter: User) -> None:
        async with circle.market.tenant(circle.stall.tenant_id) as session:
            own = await session.get_one(User, (circle.stall.tenant_id, person.id))
            await accept_invitation(session, user=own, payload=write_payload(inviter.id), now=circle.market.now())

    pairs = zip(people, people[1:] + people[:1], strict=True)
    await asyncio.gather(*(come(person, inviter) for person, inviter in pairs for _ in range(4)))
    assert await circle.market.count(circle.stall.tenant_id, Referral) == size - 1


async def test_the_welcome_is_in_the_prices_once_and_for_the_first_order_only(circle: Circle) -> None:
    await circle.set(**TERMS, **WELCOME)
    _, anna = await circle.started()
    phone, boris = await circle.started(first_name="Борис", by=anna)
    assert "скидка 10 % на первую оплату" in await phone.screen()
    await phone.write(f"/start {write_payload(anna.id)}")
    assert "скидка 10 % на первую оплату" in await phone.screen()
    await phone.press("Купить доступ")
    await phone.press("Club")
    assert "891" in await phone.screen()
    [code] = await circle.market.rows(circle.stall.tenant_id, PromoCode)
    assert (code.user_id, code.is_first_purchase_only) == (boris.id, True)
    paid = await circle.stall.bought(await circle.fresh(boris), promo_code=code.code)
    assert (paid.amount_minor, paid.source) == (89_100, "ref")


async def test_ones_own_link_and_counts_stand_in_the_menu(circle: Circle) -> None:
    await circle.set(**TERMS, **WELCOME)
    phone, anna = await circle.started()
    await circle.stall.bought(await circle.invited(anna))
    await circle.invited(anna, first_name="Clara")
    await phone.write("/start")
    await phone.press("Пригласить друга")
    screen = await phone.screen()
    assert f"?start={write_payload(anna.id)}" in screen
    assert "Пришли по ней: 2. Купили: 1." in screen
    assert "скидка 20 % на следующую оплату" in screen
