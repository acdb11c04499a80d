"""Kinds of updates: which are wanted by default, in which queue they wait and how long they live."""

from __future__ import annotations

from functools import cache
from typing import Any

from sandbox.telegram.validation import load_spec

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DAY_SECONDS, SHORT_SECONDS = 24 * 3600, 150
LIFETIMES = {
    "callback_query": SHORT_SECONDS,
    "pre_checkout_query": SHORT_SECONDS,
    "shipping_query": SHORT_SECONDS,
    "inline_query": 30,
    "chosen_inline_result": 600,
}
# The official server keeps these apart from messages and from one another, in order per user or per chat.
QUEUE_CLASSES = {
    "callback_query": ("from", 3),
    "shipping_query": ("from", 4),
    "pre_checkout_query": ("from", 4),
    "subscription": ("user", 0),
    "my_chat_member": ("chat", 5),
    "chat_member": ("from", 6),
    "chat_join_request": ("from", 6),
}


@cache
def all_kinds() -> frozenset[str]:
    """Every kind of update that the specification knows."""
    return frozenset(load_spec()["$defs"]["Update"]["properties"]) - {"update_id"}


def is_wanted(kind: str, allowed: list[str] | None) -> bool:
    """Whether a bot with this `allowed_updates` gets this kind; None stands for the default."""
    return kind not in NOT_BY_DEFAULT if not allowed else kind in allowed


def queue_of(kind: str, content: object) -> int:
    """The number of the queue in which an update waits. Updates of one queue are delivered one at a time, in order."""
    field, shift = QUEUE_CLASSES.get(kind, ("chat", 0))
    holder: Any = content if isinstance(content, dict) else {}
    if kind == "chat_member":
        # The queue is that of the member who is talked about, not of the administrator who acted.
        changed = holder.get("new_chat_member")
        holder = {"from": changed.get("user")} if isinstance(changed, dict) else holder
    owner = holder.get(field)
    number = owner.get("id") if isinstance(owner, dict) else 0
    return (number if isinstance(number, int) else 0) + (shift << 33)


def lifetime_seconds(kind: str) -> int:
    """How long an update is worth delivering."""
    return LIFETIMES.get(kind, DAY_SECONDS)
