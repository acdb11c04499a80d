"""Stored updates are handled once and in the order of their chat, whatever happens to the others and to the worker."""

from __future__ import annotations

import asyncio
import json

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.service import rotate_token
from lumenpay.errors import UnavailableError
from lumenpay.kit.crypto import Secret
from lumenpay.models.inbox import FAST_LANE, NORMAL_LANE
from lumenpay.telegram.errors import TelegramTokenRevokedError
from lumenpay.telegram.facts import BotProfile
from tenants_worker.inbox_drain import InboxDrain
from tests.factories.tenants import join_request_update, message_update
from tests.support.recording_handler import AGAIN
from tests.support.waiting import until


async def test_repeated_and_shuffled_deliveries_have_one_effect_in_order_e1(drain, handler, deliver, factory):
    bot = await factory.bot()
    for order in ((3, 1, 2), (2, 3), (1, 1, 3)):
        await deliver(bot, *(message_update(number) for number in order))
    assert await drain.run_due(NORMAL_LANE) == 3
    await deliver(bot, *(message_update(number) for number in (1, 2, 3)))
    assert await drain.run_due(NORMAL_LANE) == 0
    assert handler.seen == [1, 2, 3]


async def test_a_chat_keeps_its_order_while_others_go_on(drain, handler, deliver, factory):
    bot, hold = await factory.bot(), asyncio.Event()
    handler.holds[1] = hold
    await deliver(bot, *(message_update(number, chat_id=70 + number % 2) for number in range(1, 21)))
    turn = asyncio.ensure_future(drain.run_due(NORMAL_LANE))
    await until(lambda: len(handler.by_chat[70]) == 10)
    assert handler.by_chat[71] == []
    hold.set()
    await turn
    assert handler.by_chat[71] == list(range(1, 20, 2))


async def test_two_workers_never_handle_one_chat_at_once(worker_context, deliver, factory):
    from tenants_worker.inbox_drain import InboxDrain

    inside: set[int] = set()
    seen: list[int] = []

    async def handle(_context, bot, raw):
        assert bot.telegram_id not in inside
        inside.add(bot.telegram_id)
        await asyncio.sleep(0)
        seen.append(json.loads(raw)["update_id"])
        inside.discard(bot.telegram_id)

    made = [await factory.bot() for _ in range(3)]
    for offset, bot in enumerate(made):
        await deliver(bot, *(message_update(1000 * offset + number) for number in range(150)))
    drains = [InboxDrain(worker_context, handle) for _ in range(3)]

    async def work(drain):
        while await drain.run_due(NORMAL_LANE):
            pass

    await asyncio.gather(*(work(drain) for drain in drains))
    assert sorted(seen) == sorted(1000 * offset + number for offset in range(3) for number in range(150))


async def test_the_fast_lane_passes_a_backlog(drain, handler, deliver, factory):
    bot = await factory.bot()
    await deliver(bot, *(message_update(number) for number in range(1, 151)), join_request_update(151))
    assert await drain.run_due(FAST_LANE) == 1
    assert handler.seen == [151]


async def test_a_bot_with_a_backlog_does_not_keep_another_bot_waiting(drain, handler, deliver, factory):
    flooded, quiet = await factory.bot(), await factory.bot()
    await deliver(flooded, *(message_update(number) for number in range(1, 251)))
    await deliver(quiet, message_update(9001))
    await drain.run_due(NORMAL_LANE)
    assert 9001 in handler.seen
    assert len(handler.seen) == 101


async def test_an_unreadable_update_is_set_aside_and_its_chat_goes_on(drain, handler, deliver, factory, statuses):
    from tenants_worker.inbox_drain import UnreadableUpdateError

    bot = await factory.bot()
    handler.failures[1] = UnreadableUpdateError("what is \x00 this")
    await deliver(bot, message_update(1), message_update(2))
    await drain.run_due(NORMAL_LANE)
    assert await statuses() == {1: "quarantined", 2: "handled"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id":5,"message":}',
        b'{"update_id":5,"message":{"chat":{"id":"x"},"from":{"id":"y"}}}',
        b'{"update_id":5,"chat_member":{"chat":{"id":1},"from":{"id":"y"}}}',
        b'{"update_id":5,"x":' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'{"update_id":5,"message":"\xff"}',
        b'{"update_id":5,"message":{"chat":{"id":99999999999999999999}}}',
    ],
)
async def test_a_malformed_update_holds_up_nobody(worker_context, deliver, factory, statuses, body):
    from tenants_worker.bot.dispatcher import feed_update
    from tenants_worker.inbox_drain import InboxDrain

    bot = await factory.bot()
    await deliver(bot, body)
    await InboxDrain(worker_context, feed_update).run_due(NORMAL_LANE)
    assert await statuses() == {5: "quarantined"}


async def test_a_failing_update_keeps_its_chat_in_order_and_is_set_aside_after_five_tries_d23(
    drain, handler, deliver, factory, statuses, sql
):
    bot = await factory.bot()
    handler.failures[1] = ValueError("boom")
    await deliver(bot, message_update(1), message_update(2), message_update(3, chat_id=88))
    for _ in range(4):
        await drain.run_due(NORMAL_LANE)
        assert await drain.run_due(NORMAL_LANE) == 0  # it is not tried again at once
        assert await statuses() == {1: "new", 2: "new", 3: "handled"}
        await sql.execute(AGAIN)
    while await drain.run_due(NORMAL_LANE):
        pass
    assert await statuses() == {1: "quarantined", 2: "handled", 3: "handled"}


async def test_an_outage_of_a_quarter_of_an_hour_sets_nothing_aside(
    drain, handler, deliver, factory, statuses, sql, clock
):
    bot = await factory.bot()
    handler.failures[1] = UnavailableError("telegram is away")
    await deliver(bot, message_update(1))
    for _ in range(8):
        await drain.run_due(NORMAL_LANE)
        await sql.execute(AGAIN)
    assert await statuses() == {1: "new"}
    del handler.failures[1]
    await drain.run_due(NORMAL_LANE)
    assert await statuses() == {1: "handled"}


async def test_a_revoked_token_pauses_that_bot_and_loses_no_update(drain, handler, deliver, factory, statuses, sql):
    bot, other = await factory.bot(), await factory.bot()
    handler.failures[1] = TelegramTokenRevokedError()
    await deliver(bot, message_update(1))
    await deliver(other, message_update(2))
    await drain.run_due(NORMAL_LANE)
    await sql.execute(AGAIN)
    assert await drain.run_due(NORMAL_LANE) == 0
    assert await statuses() == {1: "new", 2: "handled"}
    assert await sql.fetchval("SELECT status FROM bots WHERE id = $1", bot.id) == "token_revoked"


async def test_updates_of_a_worker_that_lost_its_lease_are_not_marked(drain, handler, deliver, factory, statuses, sql):
    bot, hold = await factory.bot(), asyncio.Event()
    handler.holds[1] = hold
    await deliver(bot, message_update(1))
    turn = asyncio.ensure_future(drain.run_due(NORMAL_LANE))
    await until(lambda: sql.fetchval("SELECT lease_id IS NOT NULL FROM bot_inboxes"))
    await sql.execute("UPDATE bot_inboxes SET lease_id = gen_random_uuid()")
    hold.set()
    await turn
    assert handler.seen == [1]
    assert await statuses() == {1: "new"}


async def test_an_interrupted_turn_keeps_what_was_done_and_gives_the_bot_back(
    drain, handler, deliver, factory, statuses
):
    bot = await factory.bot()
    handler.holds[2] = asyncio.Event()
    await deliver(bot, message_update(1), message_update(2))
    turn = asyncio.ensure_future(drain.run_due(NORMAL_LANE))
    await until(lambda: handler.seen == [1])
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)

    async def is_given_back() -> bool:
        handler.holds.clear()
        await drain.run_due(NORMAL_LANE)
        return handler.seen == [1, 2]

    await until(is_given_back, seconds=3)
    assert await statuses() == {1: "handled", 2: "handled"}


async def test_an_update_stored_during_a_turn_is_found_after_it(drain, handler, deliver, factory):
    bot, hold = await factory.bot(), asyncio.Event()
    handler.holds[1] = hold
    await deliver(bot, message_update(1))
    turn = asyncio.ensure_future(drain.run_due(NORMAL_LANE))
    await until(lambda: bool(drain._runtimes))
    await deliver(bot, message_update(2))
    hold.set()
    await turn
    await drain.run_due(NORMAL_LANE)
    assert handler.seen == [1, 2]
    assert await drain.run_due(NORMAL_LANE) == 0


async def test_the_moment_of_the_last_update_is_written_at_most_once_a_minute(drain, deliver, factory, clock, sql):
    bot, moments = await factory.bot(), []
    for number in range(1, 4):
        await deliver(bot, message_update(number))
        await drain.run_due(NORMAL_LANE)
        moments.append(await sql.fetchval("SELECT last_update_at FROM bots"))
        clock.advance(seconds=40)
    assert moments[0] == moments[1] < moments[2]


async def test_a_refusal_of_a_token_that_was_replaced_in_the_middle_stops_nothing(
    worker_context, deliver, factory, statuses, sql
):
    bot = await factory.bot()

    async def refused_once(context, runtime, _raw):
        if runtime.token.reveal() == bot.token:
            async with context.unit_in(bot.tenant_id) as session:
                await rotate_token(
                    session, bot.id, ring=context.ring, token=Secret(f"{runtime.telegram_id}:{'n' * 35}"),
                    profile=BotProfile(runtime.telegram_id, "club_bot", "Club"), actor=SYSTEM,
                    now=context.clock.now(),
                )  # fmt: skip
            raise TelegramTokenRevokedError

    drain = InboxDrain(worker_context, refused_once)
    await deliver(bot, message_update(1))
    await drain.run_due(NORMAL_LANE)
    assert await sql.fetchval("SELECT status FROM bots WHERE id = $1", bot.id) == "active"
    await sql.execute(AGAIN)
    await drain.run_due(NORMAL_LANE)
    assert await statuses() == {1: "handled"}
