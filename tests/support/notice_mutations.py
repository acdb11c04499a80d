"""Seeded damage to payment notices: everything that updates suffer, and what only whole bodies can suffer."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from typing import Any

import orjson

from tests.support.mutations import Damager

EVENTS = (
    "payment.succeeded", "payment.canceled", "payment.waiting_for_capture", "refund.succeeded", "payout.succeeded",
    "payout.canceled", "deal.closed", "payment_method.active", "payment.teleported", "PAYMENT.SUCCEEDED", "x" * 64,
    "payment.succeeded\u0000", "payment.succeeded ", "🙂", "",
)  # fmt: skip
STRANGE_IDS = (
    "", " ", ".", "..", "../payments", "%2e%2e", "a/b", "a?limit=100", "a#b", "me", "\u0000", "я" * 20, "0" * 64,
    "0" * 65, "-" * 36, "null", "'; DROP TABLE payments; --", "{payment_id}", "A" * 36,
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip


class NoticeDamager:
    """Makes any number of damaged notices out of true ones; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._inside = Damager(seed)
        self._whole: tuple[Callable[[bytes, dict[str, Any]], bytes], ...] = (
            self._flip_bits, self._cut, self._repeat_a_field, self._nest, self._overflow, self._surrogate, self._encode,
            self._bulk, self._in_other_words,
        )  # fmt: skip

    def damage(self, corpus: list[dict[str, Any]]) -> bytes:
        """Return one damaged notice as raw bytes."""
        kind = self._random.random()
        notice = self._random.choice(corpus)
        if kind < 0.35:
            return self._inside.damage(corpus)
        if kind < 0.6:
            return orjson.dumps(self._lie(notice, corpus))
        return self._random.choice(self._whole)(orjson.dumps(notice), notice)

    def _lie(self, notice: dict[str, Any], corpus: list[dict[str, Any]]) -> dict[str, Any]:
        """Keep the form, change what is said: another event, id, sum, shop, order."""
        said = dict(notice["object"])
        other = self._random.choice(corpus)["object"]
        lies: tuple[dict[str, Any], ...] = (
            {"status": "succeeded", "paid": True}, {"amount": {"value": "0.01", "currency": "RUB"}},
            {"amount": {"value": "9" * 30, "currency": "BTC"}}, {"metadata": other.get("metadata")},
            {"recipient": other.get("recipient")}, {"test": not said.get("test")}, {"id": other["id"]},
            {"id": self._random.choice(STRANGE_IDS)}, {"id": other["id"][::-1]}, {"id": other["id"].upper()},
            {"id": said["id"][:-1] + self._random.choice("0123456789abcdef")}, {"payment_id": said["id"]},
        )  # fmt: skip
        for _ in range(self._random.choice((1, 1, 2, 3))):
            said |= self._random.choice(lies)
        event = self._random.choice(EVENTS) if self._random.random() < 0.5 else notice["event"]
        return {**notice, "event": event, "object": said}

    def _flip_bits(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        flipped = bytearray(raw)
        for _ in range(self._random.choice((1, 1, 2, 8, 64))):
            flipped[self._random.randrange(len(flipped))] ^= 1 << self._random.randrange(8)
        return bytes(flipped)

    def _cut(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        at = self._random.randrange(len(raw))
        return raw[:at] if self._random.random() < 0.7 else raw[at:]

    def _repeat_a_field(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        field = self._random.choice((b'"event"', b'"object"', b'"id"', b'"status"', b'"amount"'))
        value = self._random.choice((b'"payment.succeeded"', b"{}", b"null", b'"succeeded"', b"[" * 5 + b"]" * 5))
        again = field + b":" + value + b","
        return self._random.choice((raw.replace(b"{", b"{" + again, 1), raw.replace(b"{", b"{" + again), raw + raw))

    def _nest(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        depth = self._random.choice((50, 900, 1030, 20_000, 60_000))
        inside = self._random.choice(
            (b"[" * depth + b"]" * depth, b'{"object":' * (depth // 5) + b"1" + b"}" * (depth // 5))
        )
        return raw[:-1] + b',"more":' + inside + b"}"

    def _overflow(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        number = self._random.choice((b"9" * 400, b"-1e400", b"1e-400", b"NaN", b"Infinity", b"0x10", b"9" * 19, b"01"))
        field = self._random.choice((b'"amount":', b'"id":', b'"event":', b'"value":', b'"more":'))
        return (
            raw[:-1] + b"," + field + number + b"}"
            if self._random.random() < 0.5
            else raw.replace(field, field + number + b',"was":', 1)
        )

    def _surrogate(self, _raw: bytes, notice: dict[str, Any]) -> bytes:
        text = self._random.choice(("\ud83d", "\udfff", "\ud800\ud800", "\x00", "\ufffe", "\U0010ffff"))
        said = {**notice["object"], self._random.choice(("id", "status", "description", text)): text}
        changed = {**notice, "object": said}
        if self._random.random() < 0.3:
            changed["event"] += text
        return json.dumps(changed).encode()

    def _encode(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        text = raw.decode()
        return self._random.choice(
            (text.encode("utf-16"), text.encode("utf-32-le"), b"\xef\xbb\xbf" + raw, zlib.compress(raw), raw + b"\x00",
             b"\x00" * 9, raw.replace(b'"', b"'"), b"object=" + raw, raw.replace(b":", b"\xff:"), raw + b"}")
        )  # fmt: skip

    def _bulk(self, raw: bytes, _notice: dict[str, Any]) -> bytes:
        size = self._random.choice((10_000, 200_000, 262_144, 400_000))
        return self._random.choice(
            (b" " * size + raw, raw + b"\n" * size, raw[:-1] + b',"more":"' + b"x" * size + b'"}')
        )

    def _in_other_words(self, _raw: bytes, notice: dict[str, Any]) -> bytes:
        value = self._random.choice((None, True, 1, "", [], [notice], notice["object"], {"notice": notice}, "null"))
        part = self._random.choice(("event", "object", "type", "all"))
        return orjson.dumps(value if part == "all" else {**notice, part: value})
