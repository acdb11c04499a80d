"""Owners hear of what is wrong with their bot: once a fault, by mail and by a bot, and once when it is over (2.2)."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.health_words import WORDS
from lumenpay.bots.rules import TOKEN_REVOKED, WEBHOOK_FAILING, WEBHOOK_REFUSED, decide_webhook_fault
from lumenpay.bots.secrets import open_token
from lumenpay.bots.service import delete_bot, rotate_token
from lumenpay.jobs.catalogue import CheckBotHealth, RegisterWebhook
from lumenpay.kit.crypto import Secret
from lumenpay.models.admins import Admin
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.jobs import JobStatus
from lumenpay.models.tenants import Role
from lumenpay.telegram.facts import BotProfile
from tests.support.chat import Phone, open_phone
from tests.support.market import Market, market
from tests.support.owners import Owners, owners
from tests.support.stall import Stall, open_stall

__all__ = ["market", "owners"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


async def connected(stall: Stall) -> Secret:
    """The bot's webhook is set, some time ago; return its token."""
    await stall.market.run(stall.tenant_id, RegisterWebhook(stall.bot_id))
    await stall.market.skip(minutes=11)
    return open_token(stall.market.ring, await bot_of(stall))


async def bot_of(stall: Stall) -> Bot:
    found: Bot = await stall.market.get(stall.tenant_id, Bot, stall.bot_id)
    return found


async def check(stall: Stall, *, times: int = 1) -> None:
    """Health runs, ten minutes apart, as the tick has them done."""
    for number in range(times):
        if number:
            await stall.market.skip(minutes=10)
        await stall.market.run(stall.tenant_id, CheckBotHealth(stall.bot_id))
        await stall.market.work()


async def steal(stall: Stall, token: Secret, url: str = "https://thief.example/hook") -> None:
    bot = stall.market.worker.telegram.bot(token)
    if url:
        await bot.set_webhook(url)
    else:
        await bot.delete_webhook()


async def lose_webhook(stall: Stall, token: Secret) -> None:
    """Another program takes the webhook twice within minutes, so that it is not taken back at once."""
    await steal(stall, token)
    await check(stall)
    await stall.market.skip(minutes=1)
    await steal(stall, token)
    await check(stall)


def subjects(owners: Owners, who: Admin) -> list[str]:
    return [subject for to, subject, _ in owners.letters() if to == who.email]


async def said_by_bot(phone: Phone) -> list[str]:
    return [one["text"].split("\n")[0] for one in await phone.messages() if one["text"].startswith("@")]


async def test_every_owner_hears_once_of_a_stolen_webhook_and_once_of_its_return_e12(
    market: Market, stall: Stall, owners: Owners
) -> None:
    phone = await open_phone(stall)
    await phone.write("/start")
    # Asked once more, the sandbox forgets what it has shown: nothing waits for a webhook.
    await phone.updates()
    alice, bill = await owners.add(Role.OWNER, telegram_id=phone.id), await owners.add(Role.OWNER, locale="en")
    bob = await owners.add(Role.ANALYST)
    token = await connected(stall)
    await lose_webhook(stall, token)
    name = f"@{(await bot_of(stall)).username}"
    lost = [f"{name}: сообщения уходят в другую программу"]
    assert subjects(owners, alice) == await said_by_bot(phone) == lost
    assert subjects(owners, bill) == [f"{name}: messages go to another program"]
    assert subjects(owners, bob) == []
    text = next(text for to, _, text in owners.letters() if to == bill.email)
    assert "issue a new token with BotFather" in text
    assert f"/t/{stall.tenant_id}/bots" in text
    # More health runs, and workers that look at one moment, say nothing more.
    await asyncio.gather(*(market.run(stall.tenant_id, CheckBotHealth(stall.bot_id)) for _ in range(4)))
    await market.work()
    assert len(owners.letters()) == 2
    # Taken back: it has to last before it is said to be well.
    await market.skip(minutes=10)
    await check(stall)
    assert (await bot_of(stall)).health_code == ""
    assert len(owners.letters()) == 2
    await market.skip(minutes=10)
    await check(stall, times=4)
    assert subjects(owners, alice) == await said_by_bot(phone) == [*lost, f"{name} снова работает"]
    assert subjects(owners, bill)[1:] == [f"{name} works again"]
    # The next theft is a new fault.
    await market.skip(minutes=10)
    await lose_webhook(stall, token)
    assert subjects(owners, bill)[2:] == [f"{name}: messages go to another program"]


async def test_a_webhook_that_is_fought_over_for_hours_is_one_fault_e12(
    market: Market, stall: Stall, owners: Owners
) -> None:
    alice = await owners.add(Role.OWNER)
    token = await connected(stall)
    await lose_webhook(stall, token)
    codes = set()
    for number in range(12):
        await market.skip(minutes=11)
        await check(stall)
        codes.add((await bot_of(stall)).health_code)
        await market.skip(minutes=1)
        await steal(stall, token, "" if number % 2 else "https://thief.example/hook")
        await check(stall)
        codes.add((await bot_of(stall)).health_code)
    assert codes == {"", "webhook_stolen", "webhook_cleared"}
    assert len(subjects(owners, alice)) == 1


async def test_a_revoked_token_is_told_by_mail_and_by_another_bot_and_its_replacement_at_once_e7(
    market: Market, stall: Stall, owners: Owners
) -> None:
    other = await open_stall(market, tenant_id=stall.tenant_id)
    phone = await open_phone(other)
    await phone.write("/start")
    alice = await owners.add(Role.OWNER, telegram_id=phone.id)
    await connected(stall)
    known = market.world.bots[stall.telegram_bot_id]
    market.world.revoke_token(known)
    await check(stall, times=3)
    bot = await bot_of(stall)
    assert bot.status == BotStatus.TOKEN_REVOKED
    lost = [f"@{bot.username}: Telegram больше не принимает токен"]
    assert subjects(owners, alice) == await said_by_bot(phone) == lost
    async with market.tenant(stall.tenant_id) as session:
        await rotate_token(
            session, stall.bot_id, ring=market.ring, token=Secret(known.token),
            profile=BotProfile(known.id, bot.username, "Club"), actor=SYSTEM, now=market.now(),
        )  # fmt: skip
    await market.work()
    assert subjects(owners, alice) == await said_by_bot(phone) == [*lost, f"@{bot.username} снова работает"]


async def test_failed_deliveries_are_told_of_once_they_have_lasted(
    market: Market, stall: Stall, owners: Owners
) -> None:
    alice = await owners.add(Role.OWNER)
    await connected(stall)
    feed = market.world.bots[stall.telegram_bot_id].feed

    def fail() -> None:
        feed.errors.date, feed.errors.message = int(market.now().timestamp()), "Connection refused"

    # Our address is nobody's in this test: what is written to the bot waits.
    person = await market.telegram("POST", "/users", first_name="Anna")
    path = f"/users/{person['id']}/messages"
    await market.telegram("POST", path, bot_id=stall.telegram_bot_id, text="/start")
    fail()
    await check(stall)
    assert (await bot_of(stall)).health_code == "webhook_failing"
    # Over before anybody had to hear of it.
    for update in list(feed.pending.values()):
        feed.finish(update)
    await market.skip(minutes=11)
    await check(stall)
    assert (await bot_of(stall)).health_code == ""
    await market.skip(minutes=10)
    await market.work()
    assert owners.letters() == []
    await market.telegram("POST", path, bot_id=stall.telegram_bot_id, text="/start")
    for _ in range(4):
        await market.skip(minutes=10)
        fail()
        await check(stall)
    assert subjects(owners, alice) == [f"@{(await bot_of(stall)).username}: Telegram не может доставить сообщения"]


async def test_nothing_is_told_of_a_bot_that_was_deleted_meanwhile_nor_to_who_owns_no_more(
    market: Market, stall: Stall, owners: Owners
) -> None:
    await owners.add(Role.OWNER)
    await connected(stall)
    market.world.revoke_token(market.world.bots[stall.telegram_bot_id])
    await market.run(stall.tenant_id, CheckBotHealth(stall.bot_id))
    async with market.tenant(stall.tenant_id) as session:
        await delete_bot(session, stall.bot_id, actor=SYSTEM, now=market.now())
    await market.work()
    assert owners.letters() == []
    assert not await market.jobs(stall.tenant_id, "bots.tell", status=JobStatus.DEAD)


async def test_the_owners_of_another_tenant_hear_nothing(market: Market, stall: Stall, owners: Owners) -> None:
    foreign = await open_stall(market)
    charlie = await Owners(foreign, owners.folder).add(Role.OWNER)
    alice = await owners.add(Role.OWNER)
    await lose_webhook(stall, await connected(stall))
    assert (len(subjects(owners, alice)), subjects(owners, charlie)) == (1, [])


def test_every_fault_has_its_words_in_both_languages() -> None:
    faults = {
        decide_webhook_fault(url=url, expected_url="ours", allowed_updates=(), needed_updates=("message",))
        for url in ("", "theirs", "ours")
    }
    faults |= {TOKEN_REVOKED, WEBHOOK_REFUSED, WEBHOOK_FAILING}
    assert WORDS["ru"].keys() == WORDS["en"].keys() == faults
