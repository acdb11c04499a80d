"""Who had access before the bot is known at /start: by a claim link, or by the username on a list."""

from __future__ import annotations

from datetime import timedelta

from lumenpay.audit.service import SYSTEM
from lumenpay.imports.giving import carry_out_some
from lumenpay.imports.service import ImportFile, check_file, start_import
from lumenpay.models.imports import ImportRow
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.tenants import Tenant
from lumenpay.models.users import User
from tests.support.chat import Phone, open_phone
from tests.support.stall import Stall

KNOWN = "Узнал вас: доступ по тарифу «Club, 30 days» открыт до "


async def bring_in(stall: Stall, column: str, person: object) -> ImportRow:
    market = stall.market
    until = (market.now() + timedelta(days=9)).isoformat()
    file = ImportFile("x.csv", f"{column},ends_at\n{person},{until}\n".encode(), stall.plan_id, 0, "key")
    async with market.tenant(stall.tenant_id) as session:
        found = await check_file(session, file, actor=SYSTEM, now=market.now())
        await start_import(session, found.id, actor=SYSTEM, now=market.now())
        await carry_out_some(session, found.id, limit=5, now=market.now())
    [row] = await market.rows(stall.tenant_id, ImportRow)
    assert isinstance(row, ImportRow)
    return row


async def allow(stall: Stall, people: int) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        (await session.get_one(Tenant, stall.tenant_id)).max_subscribers = people


async def test_a_claim_link_opens_the_plan_and_is_good_for_one_person(phone: Phone, stall: Stall) -> None:
    token = (await bring_in(stall, "username", "nobody_here")).claim_token
    await phone.write("/start claim_nonsense")
    assert "Эта ссылка не работает" in await phone.screen()
    await phone.write(f"/start claim_{token}")
    assert KNOWN in await phone.screen()
    await stall.market.work()
    assert "Вам открыт доступ" in await phone.screen()
    assert await stall.market.count(stall.tenant_id, Subscription) == 1
    user = await phone.user()
    assert (user.source, user.last_source) == ("claim", "claim")


async def test_a_username_of_the_list_is_enough_and_the_next_start_is_a_welcome(stall: Stall) -> None:
    vera, other = await open_phone(stall, username="Vera_K"), await open_phone(stall, username="vera_kk")
    await bring_in(stall, "username", "@vera_K")
    await other.write("/start")
    assert KNOWN not in await other.screen()
    await vera.write("/start")
    assert KNOWN in await vera.screen()
    await vera.write("/start")
    assert KNOWN not in await vera.screen()
    [subscription] = await stall.market.rows(stall.tenant_id, Subscription)
    assert subscription.user_id == (await vera.user()).id


async def test_who_comes_while_there_is_no_room_is_recognised_and_let_in_later(stall: Stall) -> None:
    market, vera = stall.market, await open_phone(stall, username="Vera_K")
    token = (await bring_in(stall, "username", "@vera_K")).claim_token
    await allow(stall, 0)
    for start in (f"/start claim_{token}", "/start"):
        await vera.write(start)
        assert "Узнал вас: вы в списке тарифа «Club, 30 days»" in await vera.screen()
    assert await market.count(stall.tenant_id, Subscription) == 0
    await allow(stall, 1)
    await vera.write("/start")
    assert KNOWN in await vera.screen()
    assert await market.count(stall.tenant_id, Subscription) == 1


async def invitation(stall: Stall) -> str:
    bot = (await open_phone(stall)).bot
    return await stall.market.worker.telegram.create_entry_link(
        bot.token, chat_id=stall.chat_id, name="for all", needs_approval=True, expires_at=None
    )


async def knock(phone: Phone, link: str) -> None:
    joined = await phone.stall.market.telegram("POST", f"/users/{phone.id}/join", invite_link=link)
    assert joined["outcome"] == "requested"
    requests = [update for update in await phone.updates() if "chat_join_request" in update]
    for update in requests * 2:
        # Twice, as after a worker that died before it could say that it was done.
        await phone.feed(update)
    await phone.let_bot_work()


async def test_a_username_of_the_list_is_known_at_the_door_without_a_start(stall: Stall) -> None:
    vera, other = await open_phone(stall, username="Vera_K"), await open_phone(stall, username="vera_kk")
    nameless = await open_phone(stall)
    await bring_in(stall, "username", "@vera_K")
    link = await invitation(stall)
    for stranger in (other, nameless):
        await knock(stranger, link)
        assert not await stall.is_inside(stranger.id)
    await knock(vera, link)
    assert await stall.is_inside(vera.id)
    [message] = await vera.messages()
    assert KNOWN in message["text"]
    [subscription] = await stall.market.rows(stall.tenant_id, Subscription)
    user = await vera.user()
    assert (subscription.user_id, user.met_at, user.source) == (user.id, None, "import")
    assert await stall.market.count(stall.tenant_id, User) == 1
    await stall.market.work()
    await vera.write("/start")
    assert await stall.market.count(stall.tenant_id, Subscription) == 1
    assert (await vera.user()).met_at is not None


async def test_whoever_knocks_while_there_is_no_room_is_recognised_and_not_asked_to_buy(stall: Stall) -> None:
    vera = await open_phone(stall, username="vera_k")
    await bring_in(stall, "username", "@vera_k")
    await allow(stall, 0)
    await knock(vera, await invitation(stall))
    assert not await stall.is_inside(vera.id)
    told = {message["text"] for message in await vera.messages()}
    assert [text[:30] for text in told] == ["Узнал вас: вы в списке тарифа "]
    await allow(stall, 1)
    await knock(vera, await invitation(stall))
    assert await stall.is_inside(vera.id)


async def test_a_username_whose_time_on_the_list_is_over_is_declined_at_the_door(stall: Stall) -> None:
    vera = await open_phone(stall, username="vera_k")
    await bring_in(stall, "username", "@vera_k")
    await stall.market.skip(days=10)
    await knock(vera, await invitation(stall))
    assert not await stall.is_inside(vera.id)
    assert KNOWN not in await vera.screen()
    assert not await stall.market.count(stall.tenant_id, Subscription)


async def test_who_never_wrote_to_the_bot_leaves_no_dead_job_and_gets_the_link_at_the_first_start(
    phone: Phone, stall: Stall
) -> None:
    await bring_in(stall, "telegram_id", phone.id)
    await stall.market.work()
    assert [job.attempts for job in await stall.market.jobs(stall.tenant_id, "access.deliver")] == [1]
    user = await phone.user()
    assert (user.blocked_bot_at is not None, user.met_at) == (True, None)
    await phone.write("/start")
    await stall.market.work()
    user = await phone.user()
    assert (user.blocked_bot_at, user.met_at is not None) == (None, True)
    assert "Вам открыт доступ" in await phone.screen()
