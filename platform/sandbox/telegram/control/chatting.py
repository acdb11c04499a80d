"""What a person does in the chat with a bot: write, press, read, block."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from sandbox.telegram.control.body import (
    WORLD,
    field,
    get_bot,
    get_person,
    get_user,
    path_id,
    query_number,
    read_body,
    respond,
)
from sandbox.telegram.control.people import show_user
from sandbox.telegram.errors import ControlError
from sandbox.telegram.markup import find_automatic
from sandbox.telegram.state.messages import Message
from sandbox.telegram.state.queries import CallbackQuery
from sandbox.telegram.updates.events import tell_block

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.telegram.state.messages import PrivateChat
    from sandbox.telegram.state.users import Bot, User
    from sandbox.telegram.state.world import World

LONGEST_WAIT_SECONDS = 60


async def send_message(request: web.Request) -> web.Response:
    """The person's message stands in the chat and the bot is told."""
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    bot = get_bot(world, field(body, "bot_id", int))
    text = field(body, "text", str)
    if not text.strip():
        raise ControlError(400, "text must not be empty")
    message, update_id = write_as_user(world, bot, user, text=text)
    return respond({"update_id": update_id, "message": message.as_view()}, 201)


def write_as_user(
    world: World, bot: Bot, user: User, *, text: str | None = None, content: dict[str, Any] | None = None
) -> tuple[Message, int | None]:
    """A message from the person stands in the chat and the bot is told.

    Raises:
        ControlError: The person has blocked the bot.
    """
    chat = world.private_chat(bot.id, user.id)
    if chat.is_blocked:
        raise ControlError(409, "the user has blocked this bot")
    chat.is_started = True
    bot.last_message_id += 1
    message = Message(
        id=bot.last_message_id,
        seq=chat.book.next_seq(),
        chat=user.as_chat(),
        sender=user.as_json(),
        from_bot=False,
        date=world.clock.unix(),
        text=text,
        entities=find_automatic(text or "", []),
        content=content or {},
    )
    chat.book.add(message)
    return message, bot.feed.push("message", message.as_json())


async def press_button(request: web.Request) -> web.Response:
    """The person has pressed an inline button and the bot is told."""
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    bot = get_bot(world, field(body, "bot_id", int))
    data = field(body, "data", str)
    message = world.private_chat(bot.id, user.id).book.messages.get(field(body, "message_id", int))
    if message is None or message.is_deleted:
        raise ControlError(404, "no such message in this chat")
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == data for row in rows for button in row):
        raise ControlError(409, "the message has no such button")
    query = CallbackQuery(
        str(secrets.randbelow(10**18) + 10**18), bot.id, user.id, message.id, data, world.clock.timestamp()
    )
    world.remember_callback(query)
    update_id = bot.feed.push(
        "callback_query",
        {
            "id": query.id,
            "from": user.as_json(),
            "message": message.as_json(),
            "chat_instance": str(user.id * 31 + bot.id),
            "data": data,
        },
    )
    return respond({"callback_query_id": query.id, "update_id": update_id}, 201)


async def show_callback(request: web.Request) -> web.Response:
    """A press and the bot's answer to it."""
    query = request.app[WORLD].callback_queries.get(request.match_info["query_id"])
    if query is None or query.user_id != path_id(request):
        raise ControlError(404, "no such callback query of this user")
    return respond(query.as_view())


async def block_bot(request: web.Request) -> web.Response:
    """The bot cannot write to the person any more."""
    return await _set_blocked(request, is_blocked=True)


async def unblock_bot(request: web.Request) -> web.Response:
    """The bot can write to the person again."""
    return await _set_blocked(request, is_blocked=False)


async def _set_blocked(request: web.Request, *, is_blocked: bool) -> web.Response:
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    chat = world.private_chat(get_bot(world, field(body, "bot_id", int)).id, user.id)
    if chat.is_blocked != is_blocked:
        chat.is_blocked = is_blocked
        chat.book.touch()
        tell_block(world, bot_id=chat.bot_id, user=user, is_blocked=is_blocked)
    return respond({"is_blocked": chat.is_blocked})


async def list_chats(request: web.Request) -> web.Response:
    """The bots with which a person has a chat."""
    world = request.app[WORLD]
    user = get_user(world, path_id(request))
    chats = [chat for chat in world.private_chats.values() if chat.user_id == user.id]
    return respond(
        [
            {"bot": show_user(world.users[chat.bot_id]), "is_blocked": chat.is_blocked, "version": chat.book.version}
            for chat in chats
        ]
    )


async def show_chat(request: web.Request) -> web.Response:
    """The messages of a chat. With `wait` and `version`: once the chat is newer than that, or the time is over."""
    world = request.app[WORLD]
    user, bot = get_user(world, path_id(request)), get_bot(world, path_id(request, "bot_id"))
    chat = world.private_chat(bot.id, user.id)
    after, version = query_number(request, "after", 0), query_number(request, "version", -1)
    deadline = time.monotonic() + min(query_number(request, "wait", 0), LONGEST_WAIT_SECONDS)
    while chat.book.version <= version and (left := deadline - time.monotonic()) > 0:
        await chat.book.waiters.wait(left)
    return respond(_show_chat(chat, after))


def _show_chat(chat: PrivateChat, after: float) -> dict[str, Any]:
    messages = [message.as_view() for message in chat.book.messages.values() if message.seq > after]
    return {"messages": messages, "version": chat.book.version, "is_blocked": chat.is_blocked}
