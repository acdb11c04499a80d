"""The bot that is appointed to process join requests: it is asked, once, and has ten seconds."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot

from tests.contract.telegram_sandbox.actors import Sandbox


async def ask(sandbox: Sandbox) -> tuple[Bot, int, int, dict[str, Any]]:
    bot = await sandbox.bot()
    chat_id = await sandbox.channel(bot)
    await sandbox.control("PATCH", f"/channels/{chat_id}", guard_bot_id=bot.id)
    link = await bot.create_chat_invite_link(chat_id, creates_join_request=True)
    user_id = await sandbox.user()
    await sandbox.control("POST", f"/users/{user_id}/join", invite_link=link.invite_link)
    updates = await bot.get_updates(allowed_updates=["chat_join_request"])
    request = updates[-1].chat_join_request
    assert request is not None
    return bot, chat_id, user_id, {"chat_join_request_query_id": request.query_id}


async def member_and_requests(sandbox: Sandbox, chat_id: int, user_id: int) -> tuple[bool, int]:
    channel = await sandbox.control("GET", f"/channels/{chat_id}")
    is_inside = any(one["user_id"] == user_id and one["is_inside"] for one in channel["members"])
    return is_inside, len(channel["join_requests"])


@pytest.mark.parametrize(("result", "left"), [("approve", (True, 0)), ("decline", (False, 0)), ("queue", (False, 1))])
async def test_the_appointed_bot_decides_once(sandbox: Sandbox, result: str, left: tuple[bool, int]) -> None:
    bot, chat_id, user_id, query = await ask(sandbox)
    assert (await sandbox.call(bot.token, "answerChatJoinRequestQuery", **query, result=result))[0] == 200
    assert await member_and_requests(sandbox, chat_id, user_id) == left
    status, again = await sandbox.call(bot.token, "answerChatJoinRequestQuery", **query, result=result)
    assert (status, "query is too old" in again["description"]) == (400, True)


async def test_after_ten_seconds_the_request_waits_for_administrators(sandbox: Sandbox) -> None:
    bot, chat_id, user_id, query = await ask(sandbox)
    await sandbox.control("POST", "/clock", advance_seconds=11)
    status, _ = await sandbox.call(bot.token, "answerChatJoinRequestQuery", **query, result="approve")
    assert status == 400
    assert await bot.approve_chat_join_request(chat_id, user_id)
    assert (await member_and_requests(sandbox, chat_id, user_id))[0]


async def test_another_answer_than_the_three_is_refused(sandbox: Sandbox) -> None:
    bot, _, _, query = await ask(sandbox)
    assert (await sandbox.call(bot.token, "answerChatJoinRequestQuery", **query, result="maybe"))[0] == 400


async def test_another_bot_is_not_asked_and_cannot_answer(sandbox: Sandbox) -> None:
    _, chat_id, _, query = await ask(sandbox)
    other = await sandbox.bot("beta_bot")
    await sandbox.control("PUT", f"/channels/{chat_id}/admins/{other.id}")
    assert (await sandbox.call(other.token, "answerChatJoinRequestQuery", **query, result="approve"))[0] == 400
