"""How updates reach a webhook: secrets, kinds, order, retries."""

from __future__ import annotations

import asyncio

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiohttp import web

from tests.contract.telegram_sandbox.actors import Hook, Sandbox, until


async def test_the_secret_comes_in_the_header(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await bot.set_webhook(hook.url, secret_token="s3cret_A-z")
    await sandbox.write(user_id, bot, "/start ref_1")
    await until(lambda: hook.received)
    assert hook.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_A-z"
    message = hook.received[0]["message"]
    assert (message["text"], message["from"]["id"], message["chat"]["type"]) == ("/start ref_1", user_id, "private")
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"url": "http://a.example/hook"}, "An HTTPS URL must be provided"),
        ({"url": "https://a.example:8444/hook"}, "only on ports 80, 88, 443 or 8443"),
        ({"url": "https://"}, "invalid URL"),
        ({"url": "https://a.example", "secret_token": "a" * 257}, "secret token is too long"),
        ({"url": "https://a.example", "secret_token": "с"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_webhook_that_telegram_refuses_is_refused(sandbox: Sandbox, parameters, complaint):
    bot = await sandbox.bot()
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.set_webhook(**parameters)


async def test_integers_out_of_range_are_clamped(sandbox: Sandbox):
    bot = await sandbox.bot()
    await bot.set_webhook("https://a.example/hook", max_connections=5000)
    assert (await bot.get_webhook_info()).max_connections == 100


async def test_allowed_updates_omitted_keeps_and_empty_resets(sandbox: Sandbox):
    bot = await sandbox.bot()
    set_webhook = f"{sandbox.url}/bot{bot.token}/setWebhook"
    sandbox.world.bots[bot.id].buckets.take_webhook_change = lambda: 0
    for given, shown in (
        ({"allowed_updates": '["message","chat_member","no_such_kind"]'}, ["message", "chat_member"]),
        ({"max_connections": "7"}, ["message", "chat_member"]),
        ({"allowed_updates": "[]"}, None),
    ):
        async with sandbox.http.post(set_webhook, data={"url": "https://a.example"} | given) as response:
            assert response.status == 200
        assert (await bot.get_webhook_info()).allowed_updates == shown


async def test_chat_member_comes_only_when_named(sandbox: Sandbox, hook: Hook):
    silent, told = await sandbox.bot(), await sandbox.bot("beta_bot")
    channel_id, user_id = await sandbox.channel(silent), await sandbox.user()
    await sandbox.control("PUT", f"/channels/{channel_id}/admins/{told.id}")
    await told.set_webhook(hook.url, allowed_updates=["chat_member"], drop_pending_updates=True)
    await sandbox.control("POST", f"/channels/{channel_id}/members", user_id=user_id)
    await until(lambda: hook.of_kind("chat_member"))
    change = hook.of_kind("chat_member")[0]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("left", "member")
    assert [
        next(iter(update.model_dump(exclude_none=True, exclude={"update_id"}))) for update in await silent.get_updates()
    ] == ["my_chat_member"]


async def test_one_chat_is_delivered_in_order_and_another_does_not_wait(sandbox: Sandbox, hook: Hook):
    bot, slow, quick = await sandbox.bot(), await sandbox.user("Slow"), await sandbox.user("Quick")
    gate, running = asyncio.Event(), set[int]()

    async def hold(update):
        user_id = update["message"]["from"]["id"]
        assert user_id not in running
        running.add(user_id)
        if user_id == slow:
            await gate.wait()
        running.discard(user_id)

    hook.before_answer = hold
    await bot.set_webhook(hook.url)
    for number in range(3):
        await sandbox.write(slow, bot, f"slow {number}")
        await sandbox.write(quick, bot, f"quick {number}")
    await until(lambda: "quick 2" in hook.texts())
    assert [text for text in hook.texts() if text.startswith("slow")] == ["slow 0"]
    gate.set()
    await until(lambda: "slow 2" in hook.texts())
    assert [text for text in hook.texts() if text.startswith("slow")] == ["slow 0", "slow 1", "slow 2"]
    ids = [update["update_id"] for update in hook.received]
    assert sorted(ids) == list(range(min(ids), min(ids) + 6))


async def test_a_failure_is_retried_at_once_and_then_later_and_holds_its_queue(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    hook.answers = [web.Response(status=500), web.Response(status=503)]
    await bot.set_webhook(hook.url)
    await sandbox.write(user_id, bot, "first")
    await sandbox.write(user_id, bot, "second")
    await until(lambda: len(hook.received) == 2)
    assert hook.texts() == ["first", "first"]
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 2
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    await sandbox.control("POST", "/clock", advance_seconds=2)
    await until(lambda: len(hook.received) == 4)
    assert hook.texts() == ["first", "first", "first", "second"]
    deliveries = await sandbox.control("GET", f"/deliveries?bot_id={bot.id}")
    assert [(one["attempt"], one["status"]) for one in deliveries][:3] == [(1, 500), (2, 503), (3, 200)]


async def test_retry_after_is_honoured_from_the_first_failure(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    hook.answers = [web.Response(status=503, headers={"Retry-After": "3000"})]
    await bot.set_webhook(hook.url)
    await sandbox.write(user_id, bot)
    feed = sandbox.world.bots[bot.id].feed
    await until(lambda: feed.delivery.retries)
    assert len(hook.received) == 1
    await sandbox.control("POST", "/clock", advance_seconds=3000)
    await until(lambda: not feed.pending)
    assert len(hook.received) == 2


async def test_a_redirect_is_a_failure(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    hook.answers = [web.Response(status=302, headers={"Location": hook.url})]
    await bot.set_webhook(hook.url)
    await sandbox.write(user_id, bot)
    await until(lambda: len(hook.received) == 2)
    assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 302 Found"


async def test_a_callback_dies_after_150_seconds_and_a_message_after_a_day(sandbox: Sandbox):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.control("POST", f"/bots/{bot.id}/raw-updates", update={"callback_query": {"from": {"id": user_id}}})
    await sandbox.write(user_id, bot)
    for seconds, pending in ((0, 2), (151, 1), (24 * 3600, 0)):
        await sandbox.control("POST", "/clock", advance_seconds=seconds)
        assert (await bot.get_webhook_info()).pending_update_count == pending


async def test_an_answer_may_carry_a_method(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": user_id, "text": "from the answer"})]
    await bot.set_webhook(hook.url)
    await sandbox.write(user_id, bot)
    book = sandbox.world.private_chat(bot.id, user_id).book
    await until(lambda: len(book.messages) == 2)
    assert [message.text for message in book.messages.values()] == ["/start", "from the answer"]


async def test_updates_wait_for_polling_and_not_beside_a_webhook(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot, "one")
    await sandbox.write(user_id, bot, "two")
    first, second = await bot.get_updates()
    assert [update.message.text for update in await bot.get_updates(offset=second.update_id)] == ["two"]
    assert second.update_id == first.update_id + 1
    await bot.set_webhook(hook.url)
    await until(lambda: hook.texts() == ["two"])
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ({"kind": "duplicate"}, ["one", "one", "two"]),
        ({"kind": "never"}, ["two"]),
        ({"kind": "reorder", "seconds": 0.2}, ["two", "one"]),
    ],
)
async def test_a_planned_fault_strikes_a_delivery(sandbox: Sandbox, hook: Hook, effect, expected):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.control("POST", "/faults", match={"method": "message", "bot": bot.id, "count": 1}, effect=effect)
    await bot.set_webhook(hook.url)
    await sandbox.write(user_id, bot, "one")
    await sandbox.write(user_id, bot, "two")
    await until(lambda: len(hook.received) == len(expected) and not sandbox.world.bots[bot.id].feed.pending)
    assert hook.texts() == expected


async def test_any_json_can_be_injected(sandbox: Sandbox, hook: Hook):
    bot = await sandbox.bot()
    await bot.set_webhook(hook.url)
    for update in ({"from_the_future": {"x": [1]}}, {"update_id": 5, "message": "not an object"}, {"message": None}):
        await sandbox.control("POST", f"/bots/{bot.id}/raw-updates", update=update)
    await until(lambda: len(hook.received) == 3)
    assert {"update_id": 5, "message": "not an object"} in hook.received
