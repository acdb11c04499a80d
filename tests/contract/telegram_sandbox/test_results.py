"""What the sandbox answers and delivers is what the official specification describes, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.telegram.methods.catalogue import HANDLERS
from sandbox.telegram.validation import load_spec
from tests.contract.telegram_sandbox.actors import Hook, Sandbox, until

KINDS = ["message", "callback_query", "my_chat_member", "chat_member", "chat_join_request"]


def complaints(type_name: str, content: Any) -> list[str]:
    spec = load_spec()
    schema = {"$ref": f"#/$defs/{type_name}", "$defs": spec["$defs"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(content)]


async def result(sandbox: Sandbox, token: str, method: str, **parameters: Any) -> Any:
    status, answer = await sandbox.call(token, method, **parameters)
    assert status == 200, answer
    return answer["result"]


async def test_results_have_the_types_of_the_specification(sandbox: Sandbox):
    bot, user_id = await sandbox.bot(), await sandbox.user(last_name="A", username="alice", is_premium=True)
    channel_id = await sandbox.channel(bot, username="paid_channel")
    group_id = await sandbox.channel(bot, type="supergroup")
    await sandbox.write(user_id, bot)
    link = await result(sandbox, bot.token, "createChatInviteLink", chat_id=channel_id, name="x", member_limit=2)
    await sandbox.join(user_id, link["invite_link"])
    document = {
        "chat_id": user_id,
        "document": "https://a.example/file.pdf",
        "caption": "<b>x</b>",
        "parse_mode": "HTML",
    }
    owner_id = sandbox.world.channels[channel_id].owner_id
    for type_name, method, parameters in (
        ("User", "getMe", {}),
        ("Message", "sendMessage", {"chat_id": user_id, "text": "https://a.example /help"}),
        ("Message", "sendMessage", {"chat_id": "@paid_channel", "text": "post"}),
        ("Message", "sendDocument", document),
        ("Message", "sendVideo", {"chat_id": user_id, "video": "https://a.example/v.mp4"}),
        ("Message", "sendPhoto", {"chat_id": group_id, "photo": "https://a.example/p.jpg"}),
        ("ChatFullInfo", "getChat", {"chat_id": channel_id}),
        ("ChatFullInfo", "getChat", {"chat_id": user_id}),
        ("ChatMember", "getChatMember", {"chat_id": channel_id, "user_id": owner_id}),
        ("ChatMember", "getChatMember", {"chat_id": channel_id, "user_id": bot.id}),
        ("ChatMember", "getChatMember", {"chat_id": group_id, "user_id": bot.id}),
        ("ChatMember", "getChatMember", {"chat_id": channel_id, "user_id": user_id}),
        ("ChatMember", "getChatMember", {"chat_id": group_id, "user_id": user_id}),
        ("ChatInviteLink", "editChatInviteLink", {"chat_id": channel_id, "invite_link": link["invite_link"]}),
        ("ChatInviteLink", "revokeChatInviteLink", {"chat_id": channel_id, "invite_link": link["invite_link"]}),
        ("WebhookInfo", "getWebhookInfo", {}),
    ):
        content = await result(sandbox, bot.token, method, **parameters)
        assert complaints(type_name, content) == [], method
    await result(sandbox, bot.token, "banChatMember", chat_id=channel_id, user_id=user_id)
    banned = await result(sandbox, bot.token, "getChatMember", chat_id=channel_id, user_id=user_id)
    assert (banned["status"], complaints("ChatMemberBanned", banned)) == ("kicked", [])


async def test_updates_have_the_types_of_the_specification(sandbox: Sandbox, hook: Hook):
    bot, user_id = await sandbox.bot(), await sandbox.user()
    await bot.set_webhook(hook.url, allowed_updates=KINDS)
    channel_id = await sandbox.channel(bot)
    await sandbox.write(user_id, bot)
    sent = await result(
        sandbox, bot.token, "sendMessage", chat_id=user_id, text="x",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]},
    )  # fmt: skip
    press = {"bot_id": bot.id, "message_id": sent["message_id"], "data": "x"}
    await sandbox.control("POST", f"/users/{user_id}/callbacks", **press)
    link = await result(sandbox, bot.token, "createChatInviteLink", chat_id=channel_id, creates_join_request=True)
    await sandbox.join(user_id, link["invite_link"])
    await result(sandbox, bot.token, "approveChatJoinRequest", chat_id=channel_id, user_id=user_id)
    await until(lambda: all(hook.of_kind(kind) for kind in KINDS))
    for update in hook.received:
        assert complaints("Update", update) == []


@pytest.mark.parametrize("method", sorted(HANDLERS))
def test_every_modelled_method_is_official(method):
    assert method in load_spec()["methods"]
