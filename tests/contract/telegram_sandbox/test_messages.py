"""Writing, editing and pressing: limits, markup and what a user sees."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge, TelegramForbiddenError
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from tests.contract.telegram_sandbox.actors import Hook, Sandbox, until

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Buy", callback_data="buy")]])


@pytest.fixture
async def chat(sandbox: Sandbox):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await sandbox.write(user_id, bot)
    return bot, user_id


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("я<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler"'),
        ("1 < 2", "Unsupported start tag"),
    ],
)
async def test_broken_html_is_refused_with_telegrams_words(chat, html, complaint):
    bot, user_id = chat
    with pytest.raises(TelegramBadRequest, match="can't parse entities") as refusal:
        await bot.send_message(user_id, html, parse_mode="HTML")
    assert complaint in str(refusal.value)


async def test_entities_are_counted_in_utf16_units(chat):
    bot, user_id = chat
    sent = await bot.send_message(
        user_id, "😀 <b>Hi</b> &lt;x&gt; <a href='https://a.example/?b=1&amp;c=2'>там</a>", parse_mode="HTML"
    )
    assert sent.text == "😀 Hi <x> там"
    assert [(one.type, one.offset, one.length, one.url) for one in sent.entities] == [
        ("bold", 3, 2, None),
        ("text_link", 10, 3, "https://a.example/?b=1&c=2"),
    ]


async def test_the_chat_page_gets_safe_html(sandbox: Sandbox, chat):
    bot, user_id = chat
    await bot.send_message(user_id, '<a href="javascript:alert(1)">x</a> <i>&lt;script&gt;</i>', parse_mode="HTML")
    shown = await sandbox.control("GET", f"/users/{user_id}/chats/{bot.id}?after=1")
    assert [message["html"] for message in shown["messages"]] == ["x <i>&lt;script&gt;</i>"]


@pytest.mark.parametrize(
    ("text", "fits"), [("a" * 4096, True), ("😀" * 2048, True), ("a" * 4097, False), ("😀" * 2049, False)]
)
async def test_a_text_has_at_most_4096_utf16_units_after_parsing(chat, text, fits):
    bot, user_id = chat
    if fits:
        assert (await bot.send_message(user_id, f"<b>{text}</b>", parse_mode="HTML")).text == text
    else:
        with pytest.raises(TelegramBadRequest, match="message is too long"):
            await bot.send_message(user_id, text)


async def test_an_empty_text_and_a_long_caption_are_refused(chat):
    bot, user_id = chat
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await bot.send_message(user_id, " \n ")
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(user_id, "https://a.example/p.jpg", caption="a" * 1025)
    sent = await bot.send_photo(user_id, BufferedInputFile(b"\xff\xd8\xff\xe0picture", "p.jpg"), caption="a" * 1024)
    assert sent.photo
    assert sent.caption == "a" * 1024


async def test_an_uploaded_document_keeps_its_name_and_kind_and_neither_an_empty_nor_a_huge_one_is_taken(chat):
    bot, user_id = chat
    sent = await bot.send_document(user_id, BufferedInputFile(b"{}", "data.json"), caption="<b>all</b>")
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == (
        "data.json", "application/json", 2,
    )  # fmt: skip
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(user_id, BufferedInputFile(b"", "data.json"))
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(user_id, BufferedInputFile(bytes(50 * 1024 * 1024 + 1), "data.bin"))


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "javascript:alert(1)"}, "Wrong HTTP URL"),
        ({"text": "x", "callback_data": "a", "url": "https://a.example"}, "more than one action"),
        ({"text": "x", "call_back": "a"}, 'field "call_back"'),
    ],
)
async def test_buttons_that_telegram_refuses_are_refused(sandbox: Sandbox, chat, button, complaint):
    bot, user_id = chat
    status, answer = await sandbox.call(
        bot.token, "sendMessage", chat_id=user_id, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert status == 400
    assert complaint in answer["description"]


async def test_a_message_edited_to_itself_is_not_modified(sandbox: Sandbox, chat):
    bot, user_id = chat
    sent = await bot.send_message(user_id, "one", reply_markup=KEYBOARD)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("one", chat_id=user_id, message_id=sent.message_id, reply_markup=KEYBOARD)
    edited = await bot.edit_message_text("two", chat_id=user_id, message_id=sent.message_id)
    assert (edited.text, edited.reply_markup) == ("two", None)
    await bot.delete_message(user_id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("three", chat_id=user_id, message_id=sent.message_id)
    shown = await sandbox.control("GET", f"/users/{user_id}/chats/{bot.id}")
    assert [(one["text"], one["deleted"]) for one in shown["messages"]] == [("/start", False), ("two", True)]


async def test_a_pressed_button_is_answered_once_and_in_time(sandbox: Sandbox, hook: Hook, chat):
    bot, user_id = chat
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    sent = await bot.send_message(user_id, "one", reply_markup=KEYBOARD)
    press = {"bot_id": bot.id, "message_id": sent.message_id, "data": "buy"}
    await sandbox.control("POST", f"/users/{user_id}/callbacks", **press | {"data": "other"}, status=409)
    first, second = [await sandbox.control("POST", f"/users/{user_id}/callbacks", **press) for _ in range(2)]
    await until(lambda: len(hook.of_kind("callback_query")) == 2)
    assert {query["data"] for query in hook.of_kind("callback_query")} == {"buy"}

    await bot.answer_callback_query(first["callback_query_id"], text="Thanks", show_alert=True)
    shown = await sandbox.control("GET", f"/users/{user_id}/callbacks/{first['callback_query_id']}")
    assert shown["answer"] == {"text": "Thanks", "show_alert": True, "url": ""}
    await sandbox.control("POST", "/clock", advance_seconds=151)
    for query_id in (first["callback_query_id"], second["callback_query_id"], "1"):
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await bot.answer_callback_query(query_id)


async def test_a_bot_writes_only_to_those_who_let_it(sandbox: Sandbox, hook: Hook, chat):
    bot, user_id = chat
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    stranger = await sandbox.user("Charlie")
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_message(stranger, "x")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(4_000_000_000, "x")
    await sandbox.control("POST", f"/users/{user_id}/block", bot_id=bot.id)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(user_id, "x")
    await sandbox.control("POST", f"/users/{user_id}/unblock", bot_id=bot.id)
    await bot.send_message(user_id, "x")
    await until(lambda: len(hook.of_kind("my_chat_member")) == 2)
    assert [one["new_chat_member"]["status"] for one in hook.of_kind("my_chat_member")] == ["kicked", "member"]
    await sandbox.control("POST", f"/users/{user_id}/deactivate")
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(user_id, "x")


async def test_a_page_waits_for_the_next_change(sandbox: Sandbox, chat):
    bot, user_id = chat
    path = f"/users/{user_id}/chats/{bot.id}"
    version = (await sandbox.control("GET", path))["version"]
    await bot.send_message(user_id, "news")
    changed = await sandbox.control("GET", f"{path}?wait=5&version={version}")
    assert changed["messages"][-1]["text"] == "news"
    assert changed["version"] > version
