"""Raw updates as aiogram's types; what cannot be stored or means nothing to us is sorted out here."""

from __future__ import annotations

import re
from typing import Any

import orjson
from aiogram import Bot
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from lumenpay.kit.money import Money
from tenants_worker.inbox_drain import UnreadableUpdateError

_NEEDS_CARE = re.compile(rb"\\u0000|[0-9]{16}|[0-9][eE]")
_LARGEST = 1 << 63


def read_update(raw: bytes, bot: Bot) -> Update | None:
    """Return the update; None for a kind that this version of the Bot API does not know.

    Raises:
        UnreadableUpdateError: Not an update, or with a number that no id can be, or a sum that is none.
    """
    try:
        values: Any = orjson.loads(raw)
        if _NEEDS_CARE.search(raw):
            values = _make_storable(values)
        update = Update.model_validate(values, context={"bot": bot})
        _check_sums(update)
    except ValidationError as error:
        # Where and what, but not the value: it is somebody's message.
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise UnreadableUpdateError(f"{'.'.join(map(str, first['loc']))}: {first['type']}"[:200]) from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise UnreadableUpdateError(f"{type(error).__name__}: {str(error)[:200]}") from error
    try:
        # aiogram warns and skips; an unknown kind is nothing to warn about.
        _ = update.event_type
    except UpdateTypeLookupError:
        return None
    return update


def _check_sums(update: Update) -> None:
    # What a handler would only find when it has begun to settle.
    paid = update.message.successful_payment if update.message else None
    for told in (update.pre_checkout_query, paid):
        if told is not None:
            Money(told.total_amount, told.currency)


def _make_storable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    # PostgreSQL holds neither NUL characters nor integers of more than 64 bits.
    if isinstance(value, dict):
        return {_make_storable(name): _make_storable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_make_storable(item) for item in value]
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, int | float) and abs(value) >= _LARGEST:
        raise ValueError("a number of more than 64 bits")
    return value
