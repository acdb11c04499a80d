"""Reads the two facts of a raw update that storing it needs, without building objects where bytes tell enough."""

from __future__ import annotations

import re

import orjson

from lumenpay.models.inbox import CHECKOUT_LANE, FAST_LANE, NORMAL_LANE

MAX_UPDATE_ID = 2**62
# Telegram writes update_id first; any other order takes the slower way.
_FIRST_FIELD = re.compile(rb'\A\s*\{\s*"update_id"\s*:\s*(\d{1,18})\s*[,}]')
_LANES = {"pre_checkout_query": CHECKOUT_LANE, "chat_join_request": FAST_LANE}


def scan_update(body: bytes) -> tuple[int, int] | None:
    """Return update_id and lane of a raw update; nothing when it is not a JSON object with an update_id.

    A body that begins and ends like an update is stored as it is: whether the middle is well-formed is found out when
    it is handled, where a broken one is set aside.
    """
    first = _FIRST_FIELD.match(body)
    if first is not None and body.endswith((b"}", b"}\n")) and not _may_be_fast(body):
        return int(first[1]), NORMAL_LANE
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id < MAX_UPDATE_ID:
        return None
    # The words may stand in a person's message: only a field of the update itself counts.
    return update_id, next((lane for name, lane in _LANES.items() if name in update), NORMAL_LANE)


def _may_be_fast(body: bytes) -> bool:
    return b"chat_join_request" in body or b"pre_checkout_query" in body


def scan_notice(body: bytes) -> tuple[str, str] | None:
    """Return event and object id of a payment notice; nothing when it is none."""
    try:
        notice = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    content = notice.get("object") if isinstance(notice, dict) else None
    event = notice.get("event") if isinstance(notice, dict) else None
    object_id = content.get("id") if isinstance(content, dict) else None
    if not isinstance(event, str) or not isinstance(object_id, str):
        return None
    is_sane = all(0 < len(part) <= 64 and part.isascii() and part.isprintable() for part in (event, object_id))  # noqa: PLR2004 - column
    return (event, object_id) if is_sane else None
