"""Seeded damage to updates: wrong types, missing fields, odd numbers and texts, swapped parts, broken bytes."""

from __future__ import annotations

import copy
import random
from typing import Any

import orjson

NUMBERS = (0, -1, 1, 2**31, 2**52, 2**53 + 1, 2**63 - 1, -(2**63), 10**12, -1_001_000_000_123, 1.5, -0.0)
TEXTS = (
    "", " ", "\x00", "a\x00b", "\u202e", "🙂" * 3000, "я" * 5000, "<b>", "</b>&lt;", "{name}", "/start", "/buy@nobody",
    "/start plan_1", "/start promo_" + "Z" * 80, "/start \x00", "%s%n", "'; DROP TABLE users; --", "private", "channel",
    "kicked", "creator", "null", "plan:", "pay:" + "0" * 32, "buy", "links", "\ufeff", "\u0600\u200f", "https://t.me/+x",
)  # fmt: skip
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"id": 1}, [{"type": "bold", "offset": -1, "length": 9}])


class Damager:
    """Makes any number of damaged updates out of good ones; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def damage(self, corpus: list[dict[str, Any]]) -> bytes:
        """Return one damaged update as raw bytes."""
        update = copy.deepcopy(self._random.choice(corpus))
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 3, 6))):
            self._mutate(update, corpus)
        raw = orjson.dumps(update, option=orjson.OPT_NON_STR_KEYS)
        return self._break_bytes(raw) if self._random.random() < 0.08 else raw

    def _mutate(self, update: dict[str, Any], corpus: list[dict[str, Any]]) -> None:
        places = list(_places(update))
        holder, key = self._random.choice(places)
        action = self._random.randrange(8)
        if action == 0 and isinstance(holder, dict):
            del holder[key]
        elif action == 1:
            other, name = self._random.choice(list(_places(self._random.choice(corpus))))
            holder[key] = copy.deepcopy(other[name])
        elif action == 2:
            holder[key] = self._random.choice(OTHERS)
        elif action == 3:
            holder[key] = [holder[key]] * self._random.choice((1, 3, 200))
        elif action == 4 and isinstance(holder, dict):
            holder[self._random.choice(TEXTS) or "x"] = self._random.choice(TEXTS)
        elif isinstance(holder[key], int | float) or action == 5:
            holder[key] = self._random.choice(NUMBERS)
        else:
            holder[key] = self._random.choice(TEXTS)

    def _break_bytes(self, raw: bytes) -> bytes:
        at = self._random.randrange(len(raw))
        kind = self._random.randrange(4)
        if kind == 0:
            return raw[:at]
        if kind == 1:
            return raw[:at] + self._random.randbytes(3) + raw[at + 3 :]
        if kind == 2:
            return raw[:at] + b"\\ud83d" + raw[at:]
        return raw[:at] + b"9" * 40 + raw[at:]


def _places(value: Any) -> Any:
    """Yield (holder, key) of everything inside."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
