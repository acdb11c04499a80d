"""Faults of a gateway that a test switches on: which requests or deliveries they meet and what they do to them."""

import random
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, ClassVar


class FaultError(ValueError):
    """The description of a fault makes no sense."""


@dataclass(slots=True)
class Fault:
    """One switched-on fault. `remaining` is None when it goes on for ever."""

    fault_id: int
    match: dict[str, Any]
    effect: dict[str, Any]
    dice: random.Random
    remaining: int | None
    hits: int = 0

    @property
    def kind(self) -> str:
        """Return the name of the effect."""
        return str(self.effect["kind"])

    def body(self) -> dict[str, Any]:
        """Return the fault as the control API shows it."""
        return {
            "id": self.fault_id,
            "match": self.match,
            "effect": self.effect,
            "remaining": self.remaining,
            "hits": self.hits,
        }

    def strikes(self, facts: dict[str, str]) -> bool:
        """Decide whether the fault happens now; a strike uses up one of its `count`."""
        if self.remaining == 0:
            return False
        for name, pattern in self.match.items():
            if name not in {"probability", "count"} and not fnmatchcase(facts.get(name, ""), str(pattern)):
                return False
        if self.dice.random() >= float(self.match.get("probability", 1)):
            return False
        if self.remaining is not None:
            self.remaining -= 1
        self.hits += 1
        return True


class FaultBook:
    """The faults that are switched on, oldest first."""

    REQUEST_EFFECTS: ClassVar[frozenset[str]]
    """What can befall a request."""
    DELIVERY_EFFECTS: ClassVar[frozenset[str]] = frozenset({"duplicate", "reorder", "never"})
    """What can befall something that the server sends by itself."""
    OWNER: ClassVar[str]
    """The field of `match` that says whose requests and deliveries are meant."""

    def __init__(self) -> None:
        self.faults: dict[int, Fault] = {}
        self._ids = count(1)

    def add(self, *, match: dict[str, Any], effect: dict[str, Any], seed: int | None = None) -> Fault:
        """Switch a fault on. With the same seed the same requests are struck.

        Raises:
            FaultError: An unknown effect or an unknown field of `match`.
        """
        kind = effect.get("kind")
        if kind not in self.REQUEST_EFFECTS | self.DELIVERY_EFFECTS:
            message = f"unknown effect: {kind}"
            raise FaultError(message)
        if unknown := match.keys() - {"method", "path", "event", "probability", "count", self.OWNER}:
            message = f"unknown match fields: {', '.join(sorted(unknown))}"
            raise FaultError(message)
        fault_id = next(self._ids)
        dice = random.Random(fault_id if seed is None else seed)  # noqa: S311 - repeatable on purpose
        fault = Fault(fault_id, match, effect, dice, match.get("count"))
        self.faults[fault_id] = fault
        return fault

    def remove(self, fault_id: int | None = None) -> None:
        """Switch one fault off, or all of them."""
        if fault_id is None:
            self.faults.clear()
        else:
            self.faults.pop(fault_id, None)

    def strike_request(self, *, method: str, path: str, owner: str) -> list[Fault]:
        """Return the faults that this request meets."""
        return self._strike(self.REQUEST_EFFECTS, {"method": method, "path": path, self.OWNER: owner})

    def strike_delivery(self, *, event: str, owner: str) -> list[Fault]:
        """Return the faults that this delivery meets."""
        return self._strike(self.DELIVERY_EFFECTS, {"event": event, self.OWNER: owner})

    def _strike(self, effects: frozenset[str], facts: dict[str, str]) -> list[Fault]:
        return [fault for fault in self.faults.values() if fault.kind in effects and fault.strikes(facts)]
