"""Pure rules of the chains: what a link covers, and where a chain breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

PLATFORM = "platform"
"""Name of the chain that belongs to no tenant; the others are named by their tenant's id."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it stands in the database, with the event that it covers."""

    chain: str
    position: int
    hash: bytes
    event_id: str
    parts: Sequence[str] | None
    """The event's columns as text, in the order in which they are covered; nothing when the event is gone."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first row of a chain that is not what it was."""

    chain: str
    position: int
    event_id: str
    fault: str


def digest(before: bytes, position: int, parts: Sequence[str]) -> bytes:
    """Return the hash of a link; the database's `audit_digest` says the same.

    No part can hold a line break of its own: JSON writes it as two characters, and the others are names and numbers.
    """
    return sha256("\n".join((before.hex(), str(position), *parts)).encode()).digest()


class ChainReader:
    """Takes the links of one chain in their order, and says what is wrong with the first that is."""

    def __init__(self, chain: str, known: Head | None = None) -> None:
        """Begin before the first link; `known` is a head that was seen before and must still be there."""
        self._chain, self._known = chain, known
        self._before, self.position = b"", 0

    def read(self, link: Link) -> Break | None:
        """Take the next link."""
        expected = self.position + 1
        if link.position != expected:
            return Break(self._chain, expected, "", f"the link is missing: the next one is {link.position}")
        if link.parts is None:
            return self._broken(link, "the event was deleted")
        if digest(self._before, link.position, link.parts) != link.hash:
            return self._broken(link, "the event or its link was changed")
        self._before, self.position = link.hash, link.position
        if self._known is not None and self._known.position == self.position and self._known.hash != link.hash.hex():
            return self._broken(link, "the chain was written anew: its hash is not the one that was seen before")
        return None

    def finish(self) -> Break | None:
        """Say whether the end was cut off, as far as an earlier head tells."""
        if self._known is None or self._known.position <= self.position:
            return None
        return Break(self._chain, self.position + 1, "", f"the chain was cut: it had {self._known.position} links")

    @property
    def head(self) -> Head:
        """The newest link read."""
        return Head(self.position, self._before.hex())

    def _broken(self, link: Link, fault: str) -> Break:
        return Break(self._chain, link.position, link.event_id, fault)
