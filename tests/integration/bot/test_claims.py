"""Who had access before the bot is known at /start: by a claim link, or by the username on a list."""

from __future__ import annotations

from datetime import timedelta

from lumenpay.audit.service import SYSTEM
from lumenpay.imports.giving import carry_out_some
from lumenpay.imports.service import ImportFile, check_file, start_import
from lumenpay.models.imports import ImportRow
from lumenpay.models.subscriptions import Subscription
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
