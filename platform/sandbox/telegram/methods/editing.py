"""editMessageText, editMessageReplyMarkup and deleteMessage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.telegram.errors import bad_request, not_modelled
from sandbox.telegram.methods.posting import read_markup, read_message_text, take_room
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_channel, get_place_to_write

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.messages import Message, MessageBook, PrivateChat

DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@api_method("editMessageText")
def edit_message_text(call: MethodCall) -> dict[str, Any]:
    """Another text; the inline keyboard is the given one, or none."""
    text, entities = read_message_text(call)
    reply_markup = read_markup(call)
    book, message = _get_editable(call)
    if message.text is None or message.is_caption:
        raise bad_request("there is no text in the message to edit")
    if (message.text, message.entities, message.reply_markup) == (text, entities, reply_markup):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities = text, entities
    return _finish_edit(call, book, message, reply_markup)


@api_method("editMessageReplyMarkup")
def edit_message_reply_markup(call: MethodCall) -> dict[str, Any]:
    """Another inline keyboard, or none."""
    reply_markup = read_markup(call)
    book, message = _get_editable(call)
    if message.reply_markup == reply_markup:
        raise bad_request(NOT_MODIFIED)
    return _finish_edit(call, book, message, reply_markup)


@api_method("deleteMessage")
def delete_message(call: MethodCall) -> bool:
    """The message is gone for everyone."""
    book = _get_place(call).book
    message = book.messages.get(call["message_id"])
    if message is None or message.is_deleted:
        raise bad_request("message to delete not found")
    if call.now - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if call["chat_id"] not in call.world.users and not message.from_bot:
        _, own = get_channel(call)
        if not own.may("can_delete_messages"):
            raise bad_request("message can't be deleted")
    message.is_deleted = True
    book.touch()
    return True


def _get_place(call: MethodCall) -> PrivateChat | Channel:
    if call.get("chat_id") in call.world.users:
        return get_place_to_write(call)
    channel, _ = get_channel(call)
    return channel


def _get_editable(call: MethodCall) -> tuple[MessageBook, Message]:
    if call.get("inline_message_id"):
        raise not_modelled("inline messages")
    for name, missing in (("chat_id", "chat_id is empty"), ("message_id", "message identifier is not specified")):
        if call.get(name) is None:
            raise bad_request(missing)
    place = _get_place(call)
    take_room(call, place)
    book = place.book
    message = book.messages.get(call["message_id"])
    if message is None or message.is_deleted:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return book, message


def _finish_edit(
    call: MethodCall, book: MessageBook, message: Message, reply_markup: dict[str, Any] | None
) -> dict[str, Any]:
    if reply_markup is not None and "inline_keyboard" not in reply_markup:
        raise bad_request("inline keyboard expected")
    message.reply_markup = reply_markup
    message.edit_date = call.now
    book.touch()
    return message.as_json()
