"""answerCallbackQuery."""

from __future__ import annotations

from sandbox.telegram.errors import bad_request
from sandbox.telegram.markup import units
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.state.queries import ANSWER_SECONDS

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LONGEST_ANSWER = 200


@api_method("answerCallbackQuery")
def answer_callback_query(call: MethodCall) -> bool:
    """The user who pressed the button sees the answer. Each press is answered once, and in time."""
    if units(call.get("text", "")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query = call.world.callback_queries.get(call["callback_query_id"])
    if query is None or query.bot_id != call.bot.id or query.answer is not None:
        raise bad_request(TOO_OLD)
    if call.world.clock.timestamp() - query.date > ANSWER_SECONDS:
        raise bad_request(TOO_OLD)
    query.answer = {
        "text": call.get("text", ""),
        "show_alert": call.get("show_alert", False),
        "url": call.get("url", ""),
    }
    call.world.private_chat(query.bot_id, query.user_id).book.touch()
    return True
