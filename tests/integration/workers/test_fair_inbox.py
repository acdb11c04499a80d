"""What one person sends keeps nobody else waiting: floods, failing chats, outages (K3, F11)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from lumenpay.models.inbox import NORMAL_LANE
from tests.factories.tenants import MadeBot, join_request_update, message_update
from tests.support.recording_handler import AGAIN

FLOOD, QUIET = 70, 71


async def test_who_waits_behind_two_thousand_updates_of_others_has_a_share_of_the_first_turn_k3(
    drain, handler, deliver, factory
):
    bot = await factory.bot()
    await deliver(bot, *(message_update(number, chat_id=FLOOD) for number in range(1, 2001)))
    await deliver(bot, message_update(9001, chat_id=QUIET))
    await drain.run_due(NORMAL_LANE)
    assert 9001 in handler.seen
    assert handler.by_chat[FLOOD] == list(range(1, len(handler.by_chat[FLOOD]) + 1))


def pressed(number: int) -> bytes:
    update = json.loads(message_update(number, chat_id=FLOOD))
    return json.dumps({"update_id": number, "callback_query": {"id": "1", **update["message"]}}).encode()


def paid(number: int) -> bytes:
    update = json.loads(message_update(number, chat_id=FLOOD))
    del update["message"]["text"]
    update["message"]["successful_payment"] = {"currency": "XTR"}
    return json.dumps(update).encode()


async def test_of_a_flood_only_chatter_is_left_without_an_answer_k3(drain, handler, deliver, factory, statuses):
    bot = await factory.bot()
    chatter = [message_update(number, chat_id=FLOOD, text="hi") for number in range(1, 61)]
    matters = [
        *(message_update(number, chat_id=FLOOD) for number in range(61, 91)),
        *map(paid, range(91, 94)),
        join_request_update(94, person_id=FLOOD),
    ]
    handler.by_chat.clear()
    await deliver(bot, *chatter, *matters, lane=NORMAL_LANE)
    while await drain.run_due(NORMAL_LANE):
        pass
    assert handler.seen == [*range(1, 21), *range(61, 95)]
    assert set((await statuses()).values()) == {"handled"}


async def test_presses_of_buttons_are_never_left_out_k3(worker_context, deliver, factory):
    from tenants_worker.inbox_drain import InboxDrain

    seen: list[int] = []

    async def note(_context: object, _bot: object, raw: bytes) -> None:
        seen.append(json.loads(raw)["update_id"])

    bot = await factory.bot()
    await deliver(bot, *(pressed(number) for number in range(1, 61)))
    while await InboxDrain(worker_context, note).run_due(NORMAL_LANE):
        pass
    assert seen == list(range(1, 61))


async def test_a_failing_chat_rests_by_itself_and_the_others_go_on_at_once_f11(
    drain, handler, deliver, factory, statuses, sql
):
    bot = await factory.bot()
    handler.failures[1] = ValueError("boom")
    await deliver(bot, message_update(1, chat_id=FLOOD), message_update(2, chat_id=FLOOD))
    await drain.run_due(NORMAL_LANE)
    for number in (3, 4):
        assert await drain.run_due(NORMAL_LANE) == 0
        await deliver(bot, message_update(number, chat_id=QUIET))
        assert await drain.run_due(NORMAL_LANE) == 1
    assert await statuses() == {1: "new", 2: "new", 3: "handled", 4: "handled"}
    assert await sql.fetchval("SELECT attempts FROM telegram_updates WHERE update_id = 1") == 1


async def test_an_update_that_came_during_a_turn_with_a_failure_is_handled_at_once_f11(
    worker_context, deliver, factory, statuses
):
    from tenants_worker.inbox_drain import InboxDrain

    bot: MadeBot = await factory.bot()

    async def fail_once(_context: object, _bot: object, raw: bytes) -> None:
        if json.loads(raw)["update_id"] == 1:
            await deliver(bot, message_update(2, chat_id=QUIET))
            raise ValueError("boom")

    await deliver(bot, message_update(1, chat_id=FLOOD))
    drain = InboxDrain(worker_context, fail_once)
    await drain.run_due(NORMAL_LANE)
    assert await drain.run_due(NORMAL_LANE) == 1
    assert await statuses() == {1: "new", 2: "handled"}


def refusal(sqlstate: str) -> DBAPIError:
    origin = Exception("database says no")
    origin.sqlstate = sqlstate
    return DBAPIError("SELECT 1", {}, origin)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (refusal("57P01"), "new"),
        (refusal("55P03"), "new"),
        (OperationalError("SELECT 1", {}, Exception(), connection_invalidated=True), "new"),
        (ConnectionResetError(), "new"),
        (TimeoutError(), "new"),
        (refusal("22001"), "quarantined"),
        (KeyError("x"), "quarantined"),
    ],
)
async def test_a_database_that_is_away_sets_nothing_aside_and_a_defect_does(
    drain, handler, deliver, factory, statuses, sql, error, status
):
    bot = await factory.bot()
    handler.failures[1] = error
    await deliver(bot, message_update(1))
    for _ in range(6):
        await drain.run_due(NORMAL_LANE)
        await sql.execute(AGAIN)
    assert await statuses() == {1: status}
