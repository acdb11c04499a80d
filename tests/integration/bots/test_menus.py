"""The menu of commands of bots that are connected already: another one is set anew, once, at each bot's own moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lumenpay.bots.menus import decide_menu
from lumenpay.jobs.catalogue import CheckBotHealth, JobPayload, RegisterWebhook
from lumenpay.kit.ids import new_uuid7
from lumenpay.messages.commands import COMMANDS
from lumenpay.models.bots import Bot
from lumenpay.models.ids import JobId
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.registry import HANDLERS
from tests.factories.tenants import Factory, MadeBot

NAMES = ["settings", "timezone", "mydata"]
RUN = timedelta(minutes=10)


@pytest.fixture
def world(telegram_app: tuple[str, Any]) -> Any:
    return telegram_app[1]


@pytest.fixture
def known(world: Any) -> Any:
    return world.add_bot(name="Shop", username="shop_bot", owner_user_id=None)


@pytest.fixture
async def bot(known: Any, factory: Factory) -> MadeBot:
    """A bot that was connected before anybody kept which menu it has."""
    return await factory.bot(token=known.token)


async def run(worker: WorkerContext, bot: MadeBot, payload: JobPayload) -> None:
    await HANDLERS[type(payload)](JobContext(worker, bot.tenant_id, JobId(new_uuid7()), 1), payload)


async def row_of(worker: WorkerContext, bot: MadeBot) -> Bot:
    async with worker.database.tenant(bot.tenant_id) as session:
        return await session.get_one(Bot, (bot.tenant_id, bot.id))


async def connect(worker: WorkerContext, bot: MadeBot, *, digest: str | None = None) -> None:
    """Have the bot registered, with the menu of another time."""
    await run(worker, bot, RegisterWebhook(bot.id))
    async with worker.database.tenant(bot.tenant_id) as session:
        (await session.get_one(Bot, (bot.tenant_id, bot.id))).menu_digest = digest


def set_calls(world: Any, known: Any) -> int:
    return sum(1 for _ in world.recorder.calls(bot_id=known.id, method="setMyCommands", after=0))


def refuse_once(world: Any, known: Any, **effect: Any) -> int:
    """Have Telegram, which shows no menu of the bot any more, refuse the next one; return how many came before."""
    known.commands.clear()
    world.faults.add({"match": {"method": "setmycommands", "count": 1}, "effect": effect})
    return set_calls(world, known)


async def until_due(worker: WorkerContext, bot: MadeBot, clock: Any) -> None:
    await run(worker, bot, CheckBotHealth(bot.id))
    due_at = (await row_of(worker, bot)).menu_due_at
    assert due_at is not None
    clock.advance(seconds=(due_at - clock.now()).total_seconds())


def test_the_menu_names_the_zone_in_both_languages() -> None:
    assert all([name for name, _ in menu if name in NAMES] == NAMES for menu in COMMANDS.values())


@pytest.mark.parametrize("digest", [None, "0123456789abcdef"])
async def test_a_menu_of_another_time_is_set_anew_once_at_the_bots_own_moment(
    worker_context: WorkerContext, bot: MadeBot, known: Any, world: Any, clock: Any, digest: str | None
) -> None:
    await connect(worker_context, bot, digest=digest)
    known.commands.clear()
    known.profile["menu_button"] = {"type": "web_app", "text": "Shop", "web_app": {"url": "https://shop.test"}}
    await until_due(worker_context, bot, clock)
    clock.advance(seconds=-1)
    await run(worker_context, bot, CheckBotHealth(bot.id))
    assert known.commands == {}
    clock.advance(seconds=1)
    await run(worker_context, bot, CheckBotHealth(bot.id))
    assert {"timezone", "mydata"} <= {command["command"] for menu in known.commands.values() for command in menu}
    assert known.profile["menu_button"] == {"type": "commands"}
    before = set_calls(world, known)
    for _ in range(3):
        clock.advance(hours=25)
        await run(worker_context, bot, CheckBotHealth(bot.id))
    assert set_calls(world, known) == before
    assert (await row_of(worker_context, bot)).menu_due_at is None


async def test_the_bots_of_a_fleet_have_their_moments_spread_over_a_day(clock: Any) -> None:
    now = clock.now()
    fleet = [Bot(id=new_uuid7()) for _ in range(200)]
    assert not any(decide_menu(one, "another", now=now) for one in fleet)
    moments = [one.menu_due_at - now for one in fleet if one.menu_due_at is not None]
    assert timedelta() < min(moments) < timedelta(hours=2)
    assert timedelta(hours=22) < max(moments) <= timedelta(days=1)
    # In no run more than a few.
    runs = [sum(number * RUN <= moment < (number + 1) * RUN for moment in moments) for number in range(144)]
    assert (sum(runs), max(runs) <= 12) == (200, True)


async def test_a_bot_that_telegram_holds_back_is_left_until_the_next_look(
    worker_context: WorkerContext, bot: MadeBot, known: Any, world: Any, clock: Any
) -> None:
    await connect(worker_context, bot)
    await until_due(worker_context, bot, clock)
    before = refuse_once(world, known, kind="rate", retry_after=3600)
    await run(worker_context, bot, CheckBotHealth(bot.id))
    assert (known.commands, set_calls(world, known) - before) == ({}, 1)


async def test_a_menu_that_telegram_refuses_is_tried_again_the_next_day_only(
    worker_context: WorkerContext, bot: MadeBot, known: Any, world: Any, clock: Any
) -> None:
    await connect(worker_context, bot)
    await until_due(worker_context, bot, clock)
    before = refuse_once(world, known, kind="status", status=400, description="Bad Request: no")
    for _ in range(5):
        await run(worker_context, bot, CheckBotHealth(bot.id))
        clock.advance(hours=4)
    assert (known.commands, set_calls(world, known) - before) == ({}, 1)
    clock.advance(hours=4)
    await run(worker_context, bot, CheckBotHealth(bot.id))
    assert known.commands


async def test_a_bot_whose_token_is_dead_is_not_tried(
    worker_context: WorkerContext, bot: MadeBot, known: Any, world: Any, clock: Any
) -> None:
    await connect(worker_context, bot)
    await until_due(worker_context, bot, clock)
    before = set_calls(world, known)
    world.revoke_token(known)
    for _ in range(3):
        await run(worker_context, bot, CheckBotHealth(bot.id))
        clock.advance(hours=1)
    assert (await row_of(worker_context, bot)).status == "token_revoked"
    assert set_calls(world, known) == before


async def test_a_bot_that_has_the_menu_already_is_asked_nothing_and_called_off_when_it_is_set_meanwhile(
    worker_context: WorkerContext, bot: MadeBot, known: Any, world: Any, clock: Any
) -> None:
    await connect(worker_context, bot)
    await run(worker_context, bot, CheckBotHealth(bot.id))
    assert (await row_of(worker_context, bot)).menu_due_at is not None
    # Somebody resumes the bot, or changes what its receipts say.
    await run(worker_context, bot, RegisterWebhook(bot.id))
    assert (await row_of(worker_context, bot)).menu_due_at is None
    before = set_calls(world, known)
    clock.advance(hours=25)
    await run(worker_context, bot, CheckBotHealth(bot.id))
    assert set_calls(world, known) == before
