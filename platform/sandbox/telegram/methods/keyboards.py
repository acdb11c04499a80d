"""Rules for keyboards that the schema cannot express."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.errors import bad_request

MOST_BUTTONS = 100
LONGEST_CALLBACK_DATA_BYTES = 64
ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip


def check_reply_markup(markup: dict[str, Any] | None, *, is_invoice: bool = False) -> dict[str, Any] | None:
    """The markup itself, when Telegram would take it; None for an empty inline keyboard.

    Raises:
        ApiError: A button is without text or action, has two, or its data or address is not allowed.
    """
    if markup is None or "inline_keyboard" not in markup:
        return markup
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for index, button in enumerate(buttons):
        _check_button(button)
        if button.get("pay") and (not is_invoice or index != 0):
            raise bad_request("BUTTON_POS_INVALID")
    return markup if buttons else None


def _check_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: it has more than one action: {', '.join(actions)}")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    address = button.get("url")
    if address is not None and not _is_address(address):
        raise bad_request(f"inline keyboard button URL '{address}' is invalid: Wrong HTTP URL")


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        is_port_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_whole = bool(parts.hostname) and is_port_right and " " not in address
    return is_whole and parts.scheme in {"http", "https", "tg", "ton"}
