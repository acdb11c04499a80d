"""Putting a bot's message into a chat, within Telegram's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.telegram import markup
from sandbox.telegram.errors import bad_request, too_many_requests
from sandbox.telegram.methods.keyboards import check_reply_markup
from sandbox.telegram.methods.targets import get_place_to_write
from sandbox.telegram.state.channels import Channel
from sandbox.telegram.state.messages import Message

if TYPE_CHECKING:
    from sandbox.telegram.methods.registry import MethodCall
    from sandbox.telegram.state.messages import PrivateChat

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024


def read_message_text(call: MethodCall) -> tuple[str, list[dict[str, Any]]]:
    """The text of a message and its entities.

    Raises:
        ApiError: Empty, too long, or its markup is broken.
    """
    text, entities = markup.read_text(call.get("text", ""), call.get("parse_mode"), call.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if markup.units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(call: MethodCall) -> tuple[str | None, list[dict[str, Any]]]:
    """The caption of a medium and its entities; None without one.

    Raises:
        ApiError: Too long, or its markup is broken.
    """
    if not call.get("caption"):
        return None, []
    text, entities = markup.read_text(call["caption"], call.get("parse_mode"), call.get("caption_entities"))
    if markup.units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text or None, entities


def post(
    call: MethodCall,
    *,
    text: str | None = None,
    entities: list[dict[str, Any]] | None = None,
    content: dict[str, Any] | None = None,
    is_caption: bool = False,
    reply_markup: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The message stands in the chat that `chat_id` names; its Message object.

    Raises:
        ApiError: The bot may not write there, or not so fast.
    """
    place = get_place_to_write(call)
    content = dict(content or {})
    if call.get("reply_parameters"):
        content |= _read_reply(call, place.book.messages)
    take_room(call, place)
    counter = place if isinstance(place, Channel) else call.bot
    counter.last_message_id += 1
    message = Message(
        id=counter.last_message_id,
        seq=place.book.next_seq(),
        chat=place.as_chat() if isinstance(place, Channel) else call.world.users[place.user_id].as_chat(),
        sender=None if isinstance(place, Channel) and place.kind == "channel" else call.bot.user.as_json(),
        from_bot=True,
        date=call.now,
        text=text,
        entities=entities or [],
        reply_markup=reply_markup,
        content=content,
        is_caption=is_caption,
    )
    place.book.add(message)
    return message.as_json()


def take_room(call: MethodCall, place: PrivateChat | Channel) -> None:
    """The bot has used up room for one message in the chat.

    Raises:
        ApiError: There is none now.
    """
    chat_id, kind = (place.id, place.kind) if isinstance(place, Channel) else (place.user_id, "private")
    wait = call.bot.buckets.take_message(chat_id, kind=kind)
    if wait:
        raise too_many_requests(wait)


def read_markup(call: MethodCall, *, is_invoice: bool = False) -> dict[str, Any] | None:
    """The keyboard of a call.

    Raises:
        ApiError: Telegram would not take it.
    """
    return check_reply_markup(call.get("reply_markup"), is_invoice=is_invoice)


def _read_reply(call: MethodCall, messages: dict[int, Message]) -> dict[str, Any]:
    reply = call["reply_parameters"]
    answered = messages.get(reply.get("message_id"))
    if answered is None or answered.is_deleted:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    shown = answered.as_json()
    shown.pop("reply_to_message", None)
    return {"reply_to_message": shown}
