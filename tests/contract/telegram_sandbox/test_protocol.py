"""What every call has in common: tokens, parameters, errors, limits and planned faults."""

from __future__ import annotations

from io import BytesIO

import aiohttp
import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from tests.contract.telegram_sandbox.actors import Sandbox

UNKNOWN_TOKEN = "7000000999:AAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/botabc/getMe", 401, "Unauthorized: invalid token specified"),
        (f"/bot{UNKNOWN_TOKEN}/getMe", 401, "Unauthorized"),
        ("/elsewhere", 404, "Not Found"),
        ("/bot{token}/getMeNot", 404, "Not Found"),
        ("/bot{token}/sendDice?chat_id=1", 501, "Not Implemented: the sandbox does not model sendDice"),
    ],
)
async def test_unknown_tokens_and_paths_are_told_apart(sandbox: Sandbox, path, status, description):
    bot = await sandbox.bot()
    async with sandbox.http.get(sandbox.url + path.format(token=bot.token)) as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": description}


async def test_method_names_ignore_case_and_parameters_come_by_any_road(sandbox: Sandbox):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    url = f"{sandbox.url}/bot{bot.token}/SENDMESSAGE"
    fields = {
        "chat_id": str(user_id),
        "text": "x",
        "disable_notification": "true",
        "link_preview_options": '{"is_disabled":true}',
    }
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    for keywords in (
        {"params": fields},
        {"data": fields},
        {"data": multipart},
        {"json": {"chat_id": user_id, "text": "x"}},
    ):
        async with sandbox.http.post(url, **keywords) as response:
            assert response.status == 200, await response.text()


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({}, "chat_id is empty"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": 5}, 'parameter "text" must be a string'),
        ({"chat_id": 1, "text": "x", "txt": "y"}, 'parameter "txt" is unknown to sendMessage'),
        ({"chat_id": 1, "text": "x", "reply_markup": "{"}, "object expected as reply markup"),
        ({"chat_id": 1, "text": "x", "entities": [{"type": "bold"}]}, 'can\'t find field "offset"'),
        ({"chat_id": 1, "text": "x", "disable_notification": "maybe"}, "must be a boolean"),
    ],
)
async def test_parameters_are_held_against_the_specification(sandbox: Sandbox, parameters, complaint):
    bot = await sandbox.bot()
    status, answer = await sandbox.call(bot.token, "sendMessage", **parameters)
    assert (status, answer["error_code"]) == (400, 400)
    assert complaint in answer["description"]


async def test_a_revoked_token_is_unauthorized_and_the_new_one_works(sandbox: Sandbox):
    bot = await sandbox.bot()
    renewed = await sandbox.control("POST", f"/bots/{bot.id}/revoke-token")
    with pytest.raises(TelegramUnauthorizedError):
        await bot.get_me()
    status, answer = await sandbox.call(renewed["token"], "getMe")
    assert (status, answer["result"]["id"]) == (200, bot.id)


async def test_commands_are_kept_by_language(sandbox: Sandbox):
    bot = await sandbox.bot()
    await bot.set_my_commands([BotCommand(command="buy", description="Купить")], language_code="ru")
    assert [one.command for one in await bot.get_my_commands(language_code="ru")] == ["buy"]
    assert await bot.get_my_commands() == []
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Buy!", description="x")])


async def test_too_many_messages_are_answered_with_429_in_body_and_header(sandbox: Sandbox):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    await sandbox.control("PATCH", "/config", limits={"chat_rate": 0.1, "chat_burst": 2})
    await bot.send_message(user_id, "1")
    await bot.send_message(user_id, "2")
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(user_id, "3")
    assert refusal.value.retry_after == 10
    async with sandbox.http.get(
        f"{sandbox.url}/bot{bot.token}/sendMessage", params={"chat_id": user_id, "text": "4"}
    ) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "10")
        assert (await response.json())["description"] == "Too Many Requests: retry after 10"
    other = await sandbox.user("Bob")
    await sandbox.write(other, bot)
    await bot.send_message(other, "another chat is not limited")


async def test_edits_use_up_the_same_room_as_messages(sandbox: Sandbox):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    await sandbox.control("PATCH", "/config", limits={"chat_rate": 0.01, "chat_burst": 3})
    message = await bot.send_message(user_id, "1")
    keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", callback_data="x")]])
    await bot.edit_message_text("2", chat_id=user_id, message_id=message.message_id)
    await bot.edit_message_reply_markup(chat_id=user_id, message_id=message.message_id, reply_markup=keys)
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.edit_message_text("3", chat_id=user_id, message_id=message.message_id)
    assert 60 < refusal.value.retry_after <= 100
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(user_id, "4")


async def test_a_group_takes_twenty_messages_a_minute_and_a_channel_as_many_as_the_bot_may_send(sandbox: Sandbox):
    bot = await sandbox.bot()
    group, channel = await sandbox.channel(bot, type="supergroup"), await sandbox.channel(bot)
    for number in range(20):
        await bot.send_message(group, str(number))
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(group, "one too many")
    assert 1 <= refusal.value.retry_after <= 3
    await bot.send_message(channel, "not concerned")


async def test_a_webhook_set_twice_within_a_second_is_too_many(sandbox: Sandbox):
    bot = await sandbox.bot()
    await bot.set_webhook("https://a.example/hook")
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.set_webhook("https://a.example/hook")
    assert refusal.value.retry_after == 1


@pytest.mark.parametrize(
    ("effect", "error", "is_done"),
    [
        ({"kind": "rate", "retry_after": 7}, TelegramRetryAfter, False),
        ({"kind": "status", "status": 400, "description": "Bad Request: X"}, TelegramBadRequest, False),
        ({"kind": "html", "status": 502}, ClientDecodeError, False),
        ({"kind": "drop_before"}, TelegramNetworkError, False),
        ({"kind": "drop_after"}, TelegramNetworkError, True),
    ],
)
async def test_a_planned_fault_strikes_as_often_as_planned(sandbox: Sandbox, effect, error, is_done):
    bot, other, user_id = await sandbox.bot(), await sandbox.bot("beta_bot"), await sandbox.user()
    for one in (bot, other):
        await sandbox.write(user_id, one)
    match = {"method": "send*", "bot": bot.id, "count": 1}
    await sandbox.control("POST", "/faults", match=match, effect=effect)
    await other.send_message(user_id, "another bot is not struck")
    await bot.get_me()
    with pytest.raises(error):
        await bot.send_message(user_id, "x")
    await bot.send_message(user_id, "y")
    shown = await sandbox.control("GET", f"/users/{user_id}/chats/{bot.id}?after=1")
    assert [one["text"] for one in shown["messages"]] == (["x", "y"] if is_done else ["y"])
    assert [rule["fired"] for rule in await sandbox.control("GET", "/faults")] == [1]


async def test_an_unknown_fault_is_refused(sandbox: Sandbox):
    answer = await sandbox.control("POST", "/faults", match={"methd": "x"}, effect={"kind": "rate"}, status=400)
    assert "methd" in answer["error"]


async def test_calls_are_recorded_with_parameters_and_answers(sandbox: Sandbox):
    bot = await sandbox.bot()
    await bot.get_me()
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(4_000_000_000, "x")
    calls = await sandbox.control("GET", f"/calls?bot_id={bot.id}")
    assert [(one["method"], one["status"]) for one in calls] == [("getMe", 200), ("sendMessage", 400)]
    assert calls[1]["parameters"]["text"] == "x"
    later = await sandbox.control("GET", f"/calls?method=sendmessage&after={calls[0]['seq']}")
    assert [one["seq"] for one in later] == [calls[1]["seq"]]
    assert (await sandbox.control("GET", "/counts"))["calls"] == {"getMe": {"200": 1}, "sendMessage": {"400": 1}}


async def test_reset_leaves_nobody(sandbox: Sandbox):
    bot = await sandbox.bot()
    await sandbox.control("POST", "/reset")
    with pytest.raises(TelegramUnauthorizedError):
        await bot.get_me()
    assert await sandbox.control("GET", "/bots") == []


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.mark.parametrize(
    ("method", "field", "content", "complaint"),
    [
        ("sendPhoto", "photo", PNG, None),
        ("sendVideo", "video", b"\0\0\0\x18ftypmp42", None),
        ("sendDocument", "document", b"%PDF-1.7", None),
        ("sendPhoto", "photo", b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", PNG + b"\0" * 10 * 1024 * 1024, "too big for a photo"),
        ("sendDocument", "document", b"", "file must be non-empty"),
        ("sendPhoto", "picture", PNG, 'parameter "picture" is unknown to sendPhoto'),
        ("sendPhoto", "caption", PNG, 'parameter "caption" must be a string'),
    ],
)
async def test_a_file_comes_in_the_field_of_its_kind(sandbox: Sandbox, method, field, content, complaint):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    form = aiohttp.FormData({"chat_id": str(user_id)})
    form.add_field(field, BytesIO(content), filename="a.bin", content_type="application/octet-stream")
    async with sandbox.http.post(f"{sandbox.url}/bot{bot.token}/{method}", data=form) as response:
        answer = await response.json()
    assert answer["ok"] is (complaint is None)
    assert (complaint or "") in answer.get("description", "")


async def test_what_is_larger_than_bots_may_send_is_refused_in_telegram_s_own_shape(sandbox: Sandbox):
    bot = await sandbox.bot()
    form = aiohttp.FormData({"chat_id": "1"})
    form.add_field("document", BytesIO(b"\0" * (50 * 1024 * 1024 + 1)), filename="a.bin")
    async with sandbox.http.post(f"{sandbox.url}/bot{bot.token}/sendDocument", data=form) as response:
        answer = await response.json()
    assert answer == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
