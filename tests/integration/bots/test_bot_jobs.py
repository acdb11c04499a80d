"""Jobs of bots and channels against the Telegram sandbox: webhook, health, rights, the end (E7, E10, E11, E12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.service import delete_bot
from lumenpay.fiscal_receipts.settings import NONE_SENT, change_choices
from lumenpay.jobs.catalogue import CheckBotHealth, CheckChannelRights, ClearWebhook, JobPayload, RegisterWebhook
from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot
from lumenpay.models.channels import Channel
from lumenpay.models.ids import JobId, TenantId
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.telegram.facts import ALLOWED_UPDATES
from sandbox.telegram.state.channels import Channel as Chat
from sandbox.telegram.state.members import DEFAULT_BOT_RIGHTS, Member
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.registry import HANDLERS
from tests.factories.tenants import Factory, MadeBot


@pytest.fixture
def known(telegram_app: tuple[str, Any]) -> Any:
    """A bot that Telegram knows."""
    return telegram_app[1].add_bot(name="Shop", username="shop_bot", owner_user_id=None)


@pytest.fixture
async def bot(known: Any, factory: Factory) -> MadeBot:
    """The same bot as its tenant connected it."""
    return await factory.bot(token=known.token)


async def _run(worker: WorkerContext, tenant_id: TenantId, payload: JobPayload) -> None:
    await HANDLERS[type(payload)](JobContext(worker, tenant_id, JobId(new_uuid7()), 1), payload)


async def _read(worker: WorkerContext, model: Any, tenant_id: TenantId, row_id: UUID) -> Any:
    async with worker.database.tenant(tenant_id) as session:
        return await session.get_one(model, (tenant_id, row_id))


async def test_a_connected_bot_gets_its_webhook_secret_updates_and_commands(
    worker_context: WorkerContext, bot: MadeBot, known: Any
) -> None:
    await _run(worker_context, bot.tenant_id, RegisterWebhook(bot.id))
    settings = known.feed.settings
    assert settings.url == f"{worker_context.settings.public_url}/tg/{bot.webhook_key}"
    assert settings.secret_token == bot.webhook_secret
    assert set(settings.allowed_updates) == set(ALLOWED_UPDATES) >= {"chat_member", "chat_join_request"}
    assert known.commands
    row = await _read(worker_context, Bot, bot.tenant_id, bot.id)
    assert (row.webhook_set_at, row.health_code) == (worker_context.clock.now(), "")


async def test_the_menu_tells_where_receipts_go_only_while_the_shop_sends_any(
    worker_context: WorkerContext, bot: MadeBot, known: Any
) -> None:
    for is_on in (True, False):
        choices = replace(NONE_SENT, is_on=is_on)
        async with worker_context.database.tenant(bot.tenant_id) as session:
            await change_choices(session, bot.id, choices=choices, actor=SYSTEM, now=worker_context.clock.now())
            query = select(Job).where(Job.kind == "bots.register_webhook", Job.status == JobStatus.READY)
            # One that waits does for both changes.
            assert len((await session.execute(query)).scalars().all()) == 1
        await _run(worker_context, bot.tenant_id, RegisterWebhook(bot.id))
        menus = [[command["command"] for command in menu] for menu in known.commands.values()]
        assert menus
        assert [("receipt" in menu) for menu in menus] == [is_on] * len(menus)


@pytest.mark.parametrize(
    "change", [{"url": "https://thief.example/hook"}, {"url": ""}, {"allowed_updates": ["message"]}]
)
async def test_a_webhook_that_drifted_is_mended_but_not_fought_over_e11_e12(
    worker_context: WorkerContext, bot: MadeBot, known: Any, clock: Any, change: dict[str, Any]
) -> None:
    await _run(worker_context, bot.tenant_id, RegisterWebhook(bot.id))
    right = (known.feed.settings.url, set(known.feed.settings.allowed_updates))

    async def steal() -> None:
        url = change.get("url", right[0])
        allowed = change.get("allowed_updates", sorted(right[1]))
        client = worker_context.telegram.bot(Secret(known.token))
        if url:
            await client.set_webhook(url, allowed_updates=allowed)
        else:
            await client.delete_webhook()

    clock.advance(minutes=11)
    await steal()
    await _run(worker_context, bot.tenant_id, CheckBotHealth(bot.id))
    assert (known.feed.settings.url, set(known.feed.settings.allowed_updates)) == right
    assert (await _read(worker_context, Bot, bot.tenant_id, bot.id)).health_code == ""
    # Whoever takes it again at once keeps it for a while, and the owner sees that.
    clock.advance(minutes=1)
    await steal()
    await _run(worker_context, bot.tenant_id, CheckBotHealth(bot.id))
    assert (known.feed.settings.url, set(known.feed.settings.allowed_updates)) != right
    row = await _read(worker_context, Bot, bot.tenant_id, bot.id)
    assert row.health_code in ("webhook_stolen", "webhook_cleared", "updates_missing")


async def test_a_healthy_bot_is_left_alone(worker_context: WorkerContext, bot: MadeBot, known: Any, clock: Any) -> None:
    await _run(worker_context, bot.tenant_id, RegisterWebhook(bot.id))
    set_at = clock.now()
    clock.advance(hours=2)
    await _run(worker_context, bot.tenant_id, CheckBotHealth(bot.id))
    assert (await _read(worker_context, Bot, bot.tenant_id, bot.id)).webhook_set_at == set_at


@pytest.mark.parametrize("job", [RegisterWebhook, CheckBotHealth])
async def test_a_revoked_token_pauses_that_bot_only(
    worker_context: WorkerContext, bot: MadeBot, known: Any, factory: Factory, telegram_app: Any, job: Any
) -> None:
    other = await factory.bot(token=telegram_app[1].add_bot(name="B", username="b_bot", owner_user_id=None).token)
    telegram_app[1].revoke_token(known)
    for one in (bot, other):
        await _run(worker_context, one.tenant_id, job(one.id))
    rows = [await _read(worker_context, Bot, one.tenant_id, one.id) for one in (bot, other)]
    assert [row.status for row in rows] == ["token_revoked", "active"]
    assert rows[0].health_code == "token_revoked"


@pytest.mark.parametrize("is_revoked", [False, True])
async def test_a_deleted_bot_leaves_no_webhook_and_no_secret(
    worker_context: WorkerContext, bot: MadeBot, known: Any, telegram_app: Any, superuser_url: str, is_revoked: bool
) -> None:
    await _run(worker_context, bot.tenant_id, RegisterWebhook(bot.id))
    if is_revoked:
        telegram_app[1].revoke_token(known)
    async with worker_context.database.tenant(bot.tenant_id) as session:
        await delete_bot(session, bot.id, actor=SYSTEM, now=worker_context.clock.now())
    for _ in range(2):
        await _run(worker_context, bot.tenant_id, ClearWebhook(bot.id))
    assert is_revoked or known.feed.settings.url == ""
    connection = await asyncpg.connect(superuser_url)
    row = await connection.fetchrow("SELECT * FROM bots WHERE id = $1", bot.id)
    await connection.close()
    names = ("token_sealed", "webhook_sealed", "shop_sealed", "webhook_key_hash", "notice_key_hash", "telegram_id")
    assert [row[name] for name in names] == [None] * len(names)


@pytest.mark.parametrize(
    ("member", "status"),
    [
        (("administrator", DEFAULT_BOT_RIGHTS), "active"),
        (("administrator", DEFAULT_BOT_RIGHTS - {"can_restrict_members"}), "rights_missing"),
        (("administrator", DEFAULT_BOT_RIGHTS - {"can_invite_users"}), "rights_missing"),
        (("kicked", frozenset()), "bot_removed"),
    ],
)
async def test_the_rights_of_a_channel_are_as_telegram_says(
    worker_context: WorkerContext,
    bot: MadeBot,
    known: Any,
    factory: Factory,
    telegram_app: Any,
    member: Any,
    status: str,
) -> None:
    world = telegram_app[1]
    owner, chat_id = world.add_user(first_name="Owner"), -1_001_900_000_001
    members = {owner.id: Member(owner.id, "creator"), known.id: Member(known.id, *member)}
    world.channels[chat_id] = Chat(
        id=chat_id, title="Club", kind="channel", owner_id=owner.id, username=None, members=members, known=set(members)
    )
    channel_id = await factory.channel(bot, chat_id=chat_id)
    await _run(worker_context, bot.tenant_id, CheckChannelRights(channel_id))
    row = await _read(worker_context, Channel, bot.tenant_id, channel_id)
    assert (row.status, row.rights_checked_at) == (status, worker_context.clock.now())
