"""The guardian of channels: owners are told at once and once, what cannot be handed over is not sold (E9, E10)."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from lumenpay.jobs.catalogue import CheckChannelRights
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.plans import PlanChannel
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from lumenpay.plans.errors import ChannelNotReadyError
from tests.support.chat import open_phone
from tests.support.market import Market
from tests.support.owners import Owners, owners
from tests.support.stall import Stall

__all__ = ["owners"]


def admins(stall: Stall, chat_id: int | None = None) -> str:
    return f"/channels/{chat_id or stall.chat_id}/admins/{stall.telegram_bot_id}"


async def look(stall: Stall, channel_id: UUID | None = None) -> None:
    """Somebody presses "Check now", or Telegram tells of a change."""
    await stall.market.run(stall.tenant_id, CheckChannelRights(channel_id or stall.channel_id))
    await stall.market.work()


async def test_every_owner_is_told_once_of_the_loss_with_what_to_do_and_once_of_the_return_e9_e10(
    market: Market, stall: Stall, owners: Owners
) -> None:
    phone = await open_phone(stall)
    await phone.write("/start")
    alice, bill = await owners.add(Role.OWNER, telegram_id=phone.id), await owners.add(Role.OWNER, locale="en")
    await owners.add(Role.ANALYST)
    await market.telegram("PUT", admins(stall), can_restrict_members=False)
    await asyncio.gather(*(market.run(stall.tenant_id, CheckChannelRights(stall.channel_id)) for _ in range(4)))
    for _ in range(2):
        await look(stall)
    letters = owners.letters()
    assert sorted(to for to, _, _ in letters) == sorted([alice.email, bill.email])
    said = {to: (subject, text) for to, subject, text in letters}
    assert said[str(alice.email)][0] == "Бот не может работать в «Club»"
    assert "«Блокировка участников»" in said[str(alice.email)][1]
    assert "приглашать" not in said[str(alice.email)][1]
    assert "“Ban Users”" in said[str(bill.email)][1]
    assert f"/t/{stall.tenant_id}/channels" in said[str(bill.email)][1]
    told = [text for text in (m["text"] for m in await phone.messages()) if "не может работать" in text]
    assert len(told) == 1
    await market.telegram("PUT", admins(stall))
    for _ in range(2):
        await look(stall)
    assert [subject for _, subject, _ in owners.letters()].count("Бот снова работает в «Club»") == 1
    assert len(owners.letters()) == 4
    assert "снова работает" in await phone.screen()


async def test_a_loss_that_is_over_before_it_could_be_told_is_not_told(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER)
    await market.telegram("DELETE", admins(stall))
    await market.run(stall.tenant_id, CheckChannelRights(stall.channel_id))
    await market.telegram("PUT", admins(stall))
    await look(stall)
    assert [subject for _, subject, _ in owners.letters()] == ["Бот снова работает в «Club»"]


async def test_of_several_channels_the_lost_one_closes_its_plans_only_and_they_open_again_by_themselves_e9(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER)
    second = await stall.add_channel()
    both, other = await stall.add_plan(stall.channel_id, second.id), await stall.add_plan(second.id)
    phone = await open_phone(stall)
    await phone.write("/start")
    user: User = await phone.user()
    await market.telegram("DELETE", admins(stall))
    await look(stall)
    for plan_id in (stall.plan_id, both.id):
        with pytest.raises(ChannelNotReadyError):
            await stall.order(user, plan_id=plan_id)
    assert (await stall.order(user, plan_id=other.id)).id
    await phone.write(f"/start plan_{stall.plan_id}")
    await phone.press("Оплатить")
    assert "бот временно не может впускать" in await phone.screen()
    assert "Деньги не списаны" in await phone.screen()
    assert [subject for _, subject, _ in owners.letters()] == ["Бот не может работать в «Club»"]
    await market.telegram("PUT", admins(stall))
    await market.skip(minutes=11)
    await stall.check_rights()
    for plan_id in (stall.plan_id, both.id):
        assert (await stall.order(user, plan_id=plan_id)).id
    assert await market.count(stall.tenant_id, PlanChannel, PlanChannel.plan_id == both.id) == 2


async def test_rights_that_telegram_misses_at_a_call_are_named_to_the_owner_once_they_are_known_e10(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER)
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await market.telegram("PUT", admins(stall), can_invite_users=False)
    await stall.pay(payment)
    await stall.poll()
    assert (await market.get(stall.tenant_id, Channel, stall.channel_id)).status == ChannelStatus.RIGHTS_MISSING
    for _ in range(3):
        await market.skip(seconds=40)
        await market.work()
    [(_, subject, text)] = owners.letters()
    assert subject == "Бот не может работать в «Club»"
    assert "«Добавление участников»" in text
    assert "выводить" not in text
